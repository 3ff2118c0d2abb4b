package dev.counterfoil.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** One PostgreSQL for all tests of a run, with the durability that users have; it ends with the JVM. */
final class PostgresServer {
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final EmbeddedPostgres server;

    private PostgresServer() {
        try {
            server = EmbeddedPostgres.builder()
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("full_page_writes", "on")
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String settings = query("SELECT string_agg(setting, ',' ORDER BY name) FROM pg_settings"
                + " WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit')");
        if (!settings.equals("on,on,on")) {
            throw new IllegalStateException("the server is not durable: " + settings);
        }
    }

    private static final class Holder {
        private static final PostgresServer ONLY = new PostgresServer();
    }

    static PostgresServer get() {
        return Holder.ONLY;
    }

    /** A new, empty database; its name. */
    String newDatabase() {
        String name = "books_" + DATABASES.incrementAndGet();
        run("CREATE DATABASE " + name);
        return name;
    }

    /** A pool of connections to a database; the caller closes it. */
    HikariDataSource pool(String database, int size) {
        return pool(database, size, Map.of());
    }

    /** The same with properties of the driver. */
    HikariDataSource pool(String database, int size, Map<String, String> properties) {
        HikariConfig config = new HikariConfig();
        properties.forEach(config::addDataSourceProperty);
        config.setJdbcUrl(server.getJdbcUrl("postgres", database));
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(0);
        return new HikariDataSource(config);
    }

    /** Plain connections to a database. */
    DataSource plain(String database) {
        return server.getDatabase("postgres", database);
    }

    private void run(String sql) {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private String query(String sql) {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
