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
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** A PostgreSQL with the durability that users have: one for all tests of a run, which ends with the JVM, or one of its own. */
final class PostgresServer implements AutoCloseable {
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

    /** A server of its own, for a test that changes what holds for the whole server; the caller closes it. */
    static PostgresServer another() {
        return new PostgresServer();
    }

    /** A new, empty database; its name. */
    String newDatabase() {
        String name = "books_" + DATABASES.incrementAndGet();
        run("CREATE DATABASE " + name);
        return name;
    }

    /** A pool of connections to a database; the caller closes it. */
    HikariDataSource pool(String database, int size) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(server.getJdbcUrl("postgres", database));
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(0);
        return new HikariDataSource(config);
    }

    /** Plain connections to a database. */
    DataSource plain(String database) {
        return server.getDatabase("postgres", database);
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
