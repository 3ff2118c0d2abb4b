package dev.counterfoil.jdbc;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Logger;

/** Takes the place of the SQLite driver until it is closed, and remembers the connections that it made. */
public final class RecordingDriver implements Driver, AutoCloseable {
    private final List<Driver> replaced;
    private final Driver sqlite = new org.sqlite.JDBC();
    private final List<Connection> connections = new CopyOnWriteArrayList<>();

    RecordingDriver() throws SQLException {
        replaced = Collections.list(DriverManager.getDrivers()).stream()
                .filter(org.sqlite.JDBC.class::isInstance)
                .toList();
        for (Driver driver : replaced) {
            DriverManager.deregisterDriver(driver);
        }
        DriverManager.registerDriver(this);
    }

    List<Connection> connections() {
        return connections;
    }

    @Override
    public Connection connect(String url, Properties info) throws SQLException {
        Connection connection = sqlite.connect(url, info);
        if (connection != null) {
            connections.add(connection);
        }
        return connection;
    }

    @Override
    public void close() throws SQLException {
        DriverManager.deregisterDriver(this);
        for (Driver driver : replaced) {
            DriverManager.registerDriver(driver);
        }
    }

    @Override
    public boolean acceptsURL(String url) throws SQLException {
        return sqlite.acceptsURL(url);
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) throws SQLException {
        return sqlite.getPropertyInfo(url, info);
    }

    @Override
    public int getMajorVersion() {
        return sqlite.getMajorVersion();
    }

    @Override
    public int getMinorVersion() {
        return sqlite.getMinorVersion();
    }

    @Override
    public boolean jdbcCompliant() {
        return sqlite.jdbcCompliant();
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getGlobal();
    }
}
