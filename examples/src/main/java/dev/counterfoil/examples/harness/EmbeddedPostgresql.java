package dev.counterfoil.examples.harness;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

/** A PostgreSQL of this run, from Maven artifacts, as durable as one that keeps money; one at a time in a JVM. */
public final class EmbeddedPostgresql {
    /** The builder means tests, which can do without. */
    private static final List<String> DURABLE = List.of("fsync", "full_page_writes", "synchronous_commit");

    private EmbeddedPostgresql() {}

    /**
     * Starts it; at the end it is stopped, and its programs and files are deleted.
     *
     * @throws IllegalStateException if it does not start, or is not durable
     */
    public static Login start(CleanUp cleanUp) {
        Path directory = cleanUp.newDirectory();
        // Where the programs are unpacked; with the builder's own setting the default directory is still made.
        System.setProperty("ot.epg.working-dir", directory.toString());
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(directory.resolve("data"))
                // Its sockets would lie outside of the directory.
                .setServerConfig("unix_socket_directories", "")
                .setPGStartupWait(Duration.ofMinutes(1))
                // The clean-up does both, in the right order.
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false);
        DURABLE.forEach(setting -> builder.setServerConfig(setting, "on"));
        try {
            EmbeddedPostgres server = builder.start();
            cleanUp.atEnd(server::close);
            Login login = new Login(server.getJdbcUrl("postgres", "postgres"), "", "");
            checkDurable(login);
            return login;
        } catch (IOException | SQLException | RuntimeException e) {
            throw new IllegalStateException(
                    "the embedded PostgreSQL did not start (" + e.getMessage()
                            + "); hand in a server that runs, with -Ddemo.url=jdbc:postgresql://...",
                    e);
        }
    }

    private static void checkDurable(Login login) throws SQLException {
        try (Connection connection = login.connect();
                Statement statement = connection.createStatement()) {
            for (String setting : DURABLE) {
                try (ResultSet row = statement.executeQuery("SHOW " + setting)) {
                    row.next();
                    if (!row.getString(1).equals("on")) {
                        throw new IllegalStateException(setting + " is " + row.getString(1));
                    }
                }
            }
        }
    }
}
