package dev.counterfoil.benchmarks.suites;

import dev.counterfoil.benchmarks.servers.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/** A database of its own for each case, with a schema for each contender. */
final class PostgresGround implements Ground {
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final PostgresServer server;
    private final String database = "case_" + DATABASES.incrementAndGet();
    private int schemas;

    PostgresGround(PostgresServer server) throws SQLException {
        this.server = server;
        server.create(database);
    }

    @Override
    public String place(String contender) throws SQLException {
        String schema = "s" + ++schemas;
        try (Connection connection = DriverManager.getConnection(server.url(database, "public"));
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA " + schema);
        }
        return server.url(database, schema);
    }

    @Override
    public void close() throws SQLException {
        server.drop(database);
    }
}
