package dev.counterfoil.benchmarks.rows;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** A PostgreSQL of this run, durable as one that keeps money. */
final class Server implements AutoCloseable {
    /** The builder means tests, which can do without. */
    private static final List<String> DURABLE = List.of("fsync", "full_page_writes", "synchronous_commit");

    private final EmbeddedPostgres server;

    Server(Path directory) throws IOException, SQLException {
        // Where the programs are unpacked.
        System.setProperty("ot.epg.working-dir", directory.toAbsolutePath().toString());
        // It logs every line that initdb prints.
        System.setProperty("org.slf4j.simpleLogger.log.io.zonky", "warn");
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder().setServerConfig("unix_socket_directories", "");
        DURABLE.forEach(setting -> builder.setServerConfig(setting, "on"));
        server = builder.start();
        try (Connection connection = connect("public")) {
            for (String setting : DURABLE) {
                if (!one(connection, "SHOW " + setting).equals("on")) {
                    throw new IllegalStateException(setting + " is off");
                }
            }
        }
    }

    Connection connect(String schema) throws SQLException {
        return DriverManager.getConnection(server.getJdbcUrl("postgres", "postgres") + "&currentSchema=" + schema);
    }

    static String one(Connection connection, String sql) throws SQLException {
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
