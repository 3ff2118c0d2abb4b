package dev.counterfoil.benchmarks.servers;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

/** A PostgreSQL of this run, durable as one that keeps money: that is checked. */
public final class PostgresServer implements AutoCloseable {
    /** The builder means tests, which can do without. */
    private static final List<String> DURABLE = List.of("fsync", "full_page_writes", "synchronous_commit");

    private static final int LOG_FILES = 32;

    private final EmbeddedPostgres server;

    /**
     * Starts one on the disk that is here.
     *
     * @param directory where the server's programs are unpacked
     */
    public PostgresServer(Path directory) throws IOException, SQLException {
        this(directory, Duration.ZERO);
    }

    /**
     * Starts one whose disk seems to take longer: the server itself waits before each flush of its log, holding those up who
     * need the same flush, and takes along who comes meanwhile.
     *
     * @param directory where the server's programs are unpacked
     * @param longer how much longer a flush takes, zero to a tenth of a second
     */
    public PostgresServer(Path directory, Duration longer) throws IOException, SQLException {
        System.setProperty("ot.epg.working-dir", directory.toAbsolutePath().toString());
        // It logs every line that initdb prints.
        System.setProperty("org.slf4j.simpleLogger.log.io.zonky", "warn");
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder().setServerConfig("unix_socket_directories", "");
        DURABLE.forEach(setting -> builder.setServerConfig(setting, "on"));
        String micros = Long.toString(longer.toNanos() / 1_000);
        builder.setServerConfig("commit_delay", micros).setServerConfig("commit_siblings", "0");
        server = builder.start();
        try (Connection connection = connect("public")) {
            for (String setting : DURABLE) {
                if (!one(connection, "SHOW " + setting).equals("on")) {
                    throw new IllegalStateException(setting + " is off");
                }
            }
            if (!one(connection, "SELECT setting FROM pg_settings WHERE name = 'commit_delay'")
                    .equals(micros)) {
                throw new IllegalStateException("commit_delay is not " + micros);
            }
        }
    }

    /**
     * Writes half a gigabyte of log. A server that has run for a while writes over the old files of its log; a new one makes
     * each anew, 16 MB of zeros with their fsync, in the commit that needs it.
     */
    public void useLog() throws SQLException {
        try (Connection connection = connect("public");
                Statement statement = connection.createStatement()) {
            for (int file = 0; file < LOG_FILES; file++) {
                statement.execute("SELECT pg_logical_emit_message(false, 'filling', repeat('x', 16000000))");
            }
            statement.execute("CHECKPOINT");
            String ahead = one(
                    connection,
                    "SELECT count(*) FROM pg_ls_waldir() WHERE name > pg_walfile_name(pg_current_wal_insert_lsn())");
            if (Integer.parseInt(ahead) < LOG_FILES / 2) {
                throw new IllegalStateException("only " + ahead + " files of the log can be written over");
            }
        }
    }

    /** A new, empty database. */
    public void create(String database) throws SQLException {
        administer("CREATE DATABASE " + database);
    }

    /** Ends a database with all that is in it. */
    public void drop(String database) throws SQLException {
        administer("DROP DATABASE " + database + " WITH (FORCE)");
    }

    private void administer(String sql) throws SQLException {
        try (Connection connection = connect("public");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Where a schema of a database is, for drivers. */
    public String url(String database, String schema) {
        return server.getJdbcUrl("postgres", database) + "&currentSchema=" + schema;
    }

    /** A connection whose names are looked for in one schema. */
    public Connection connect(String schema) throws SQLException {
        return DriverManager.getConnection(url("postgres", schema));
    }

    /** The first column of the first row. */
    public static String one(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
