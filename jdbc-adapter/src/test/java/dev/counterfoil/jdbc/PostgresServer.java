package dev.counterfoil.jdbc;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import io.zonky.test.db.postgres.embedded.PgBinaryResolver;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/**
 * A PostgreSQL with the durability that users have: one of each version for all tests of a run, which ends with the JVM, or one
 * of your own.
 */
final class PostgresServer implements TestServer, AutoCloseable {
    /** The versions that are verified: which minor ones, stands in the build. */
    enum Version {
        /** The oldest that still gets mended by its makers. */
        OLDEST(15),
        /** On the class path, for every platform that there are binaries for. */
        DEFAULT(17),
        NEWEST(18);

        private final int major;

        Version(int major) {
            this.major = major;
        }

        /** Skips the test where this version cannot run. */
        private void assumeThere() {
            boolean platform = System.getProperty("os.name").equals("Linux")
                    && System.getProperty("os.arch").equals("amd64")
                    && !Files.exists(Path.of("/etc/alpine-release"));
            assumeTrue(
                    this == DEFAULT || platform,
                    "the build fetches PostgreSQL " + major + " for linux-amd64 (glibc) only; not verified here");
        }

        private PgBinaryResolver binaries() {
            if (this == DEFAULT) {
                return DefaultPostgresBinaryResolver.INSTANCE;
            }
            String file = "/postgres-" + (this == OLDEST ? "oldest" : "newest") + "/postgres-linux-x86_64.txz";
            return (system, hardware) -> {
                InputStream binaries = PostgresServer.class.getResourceAsStream(file);
                if (binaries == null) {
                    throw new IllegalStateException(file + " is not on the class path: build with Maven once");
                }
                return binaries;
            };
        }
    }

    private static final Map<Version, PostgresServer> SHARED = new EnumMap<>(Version.class);
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final EmbeddedPostgres server;
    private final Path data;

    private PostgresServer(Version version) {
        try {
            data = Files.createTempDirectory("counterfoil-pg");
            server = EmbeddedPostgres.builder()
                    .setPgBinaryResolver(version.binaries())
                    .setDataDirectory(data)
                    .setPGStartupWait(Duration.ofSeconds(60))
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("full_page_writes", "on")
                    .setServerConfig("lc_messages", "C")
                    // A killed server leaves a socket behind, which may look as if it were in use.
                    .setServerConfig("unix_socket_directories", "")
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        check("the durability of users", "fsync=on, full_page_writes=on, synchronous_commit=on", """
                SELECT string_agg(name || '=' || setting, ', ' ORDER BY name) FROM pg_settings
                WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit')""");
        check(
                "the major version",
                Integer.toString(version.major),
                "SELECT current_setting('server_version_num')::integer / 10000");
    }

    private void check(String what, String expected, String sql) {
        try (PlainSql postgres = sql("postgres")) {
            String found = postgres.one(sql);
            if (!found.equals(expected)) {
                throw new IllegalStateException(what + " is " + found + " and not " + expected);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static PostgresServer get() {
        return get(Version.DEFAULT);
    }

    static synchronized PostgresServer get(Version version) {
        version.assumeThere();
        return SHARED.computeIfAbsent(version, PostgresServer::new);
    }

    /** One that nobody else uses; the caller closes it. */
    static PostgresServer start() {
        return new PostgresServer(Version.DEFAULT);
    }

    @Override
    public String newDatabase() {
        String name = "books_" + DATABASES.incrementAndGet();
        try (PlainSql postgres = sql("postgres")) {
            postgres.run("CREATE DATABASE " + name);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return name;
    }

    @Override
    public HikariDataSource pool(String database, int size) {
        return pool(database, size, Map.of());
    }

    /** The same with properties of the driver. */
    HikariDataSource pool(String database, int size, Map<String, String> properties) {
        HikariConfig config = new HikariConfig();
        properties.forEach(config::addDataSourceProperty);
        config.setJdbcUrl(url(database));
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(0);
        return new HikariDataSource(config);
    }

    /** Plain connections to a database. */
    DataSource plain(String database) {
        return server.getDatabase("postgres", database);
    }

    /** The port on this machine. */
    int port() {
        return server.getPort();
    }

    @Override
    public String url(String database) {
        return server.getJdbcUrl("postgres", database);
    }

    @Override
    public PlainSql sql(String database) {
        return new PlainSql(url(database));
    }

    @Override
    public void awaitNoClients(String database) throws SQLException {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        try (PlainSql postgres = sql("postgres")) {
            while (postgres.count("SELECT count(*) FROM pg_stat_activity WHERE datname = ?", database) > 0) {
                if (System.nanoTime() > end) {
                    throw new AssertionError("still connected: "
                            + postgres.rows("SELECT state, query FROM pg_stat_activity WHERE datname = ?", database));
                }
                Thread.onSpinWait();
            }
        }
    }

    /** Where its files are. */
    Path data() {
        return data;
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
