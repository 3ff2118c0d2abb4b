package dev.counterfoil.stress.faults;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A PostgreSQL, durable as one that keeps money or, as a control, one that acknowledges commits before they are: that
 * is checked.
 */
final class PostgresVictim implements Victim {
    private static final List<String> DURABLE = List.of("fsync", "full_page_writes", "synchronous_commit");

    private final EmbeddedPostgres server;
    private final Path home = Files.createTempDirectory("stress-postgres-");
    private final Path data = home.resolve("data");
    private final Path log = home.resolve("log");

    /** One as users should have it. */
    static PostgresVictim durable() throws IOException, SQLException {
        return new PostgresVictim("on");
    }

    /** One that loses the commits of its last moments when it is killed. */
    static PostgresVictim forgetful() throws IOException, SQLException {
        return new PostgresVictim("off");
    }

    private PostgresVictim(String synchronousCommit) throws IOException, SQLException {
        // It logs every line that initdb prints.
        System.setProperty("org.slf4j.simpleLogger.log.io.zonky", "warn");
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setPGStartupWait(Duration.ofSeconds(60))
                // A killed server leaves a socket behind, which may look as if it were in use.
                .setServerConfig("unix_socket_directories", "");
        DURABLE.forEach(setting -> builder.setServerConfig(setting, "on"));
        builder.setServerConfig("synchronous_commit", synchronousCommit);
        server = builder.start();
        for (String setting : DURABLE) {
            String expected = setting.equals("synchronous_commit") ? synchronousCommit : "on";
            if (!one("SHOW " + setting).equals(expected)) {
                throw new IllegalStateException(setting + " is not " + expected);
            }
        }
    }

    /** The first column of the first row. */
    private String one(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url("postgres"));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    @Override
    public String create(String database) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url("postgres"));
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + database);
        }
        return url(database);
    }

    private String url(String database) {
        return server.getJdbcUrl("postgres", database);
    }

    @Override
    public String url(String url, String client) {
        return url + "&ApplicationName=" + client;
    }

    @Override
    public boolean inTransaction(String client) throws SQLException {
        return one("SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction' AND application_name = '"
                        + client + "'")
                .matches("[1-9].*");
    }

    @Override
    public void kill() throws IOException, InterruptedException {
        long pid = Long.parseLong(
                Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip());
        // It starts no more processes from here on, so that the list is complete.
        Processes.signal("STOP", pid);
        ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
        List<ProcessHandle> all = new ArrayList<>(postmaster.children().toList());
        all.add(postmaster);
        Processes.kill(all);
    }

    @Override
    public void restart() throws IOException, InterruptedException {
        // Where nobody collects the dead, their numbers seem to be in use still.
        Files.delete(data.resolve("postmaster.pid"));
        String started = Files.readString(data.resolve("postmaster.opts"));
        Path programs = Path.of(started.substring(0, started.indexOf(" \""))).resolveSibling("pg_ctl");
        List<String> command = new ArrayList<>();
        if (LinuxUtils.isUnshareAvailable()) {
            // As root: in a namespace where it is somebody else, since the server refuses to be root.
            command.addAll(List.of("unshare", "-U"));
        }
        Files.deleteIfExists(log);
        command.addAll(List.of(programs.toString(), "restart", "-w", "-D", data.toString(), "-l", log.toString()));
        Processes.run(command, home.resolve("commands.log"));
        if (!Files.readString(log).contains("automatic recovery in progress")) {
            throw new IllegalStateException("it was not killed: " + Files.readString(log));
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        Scratch.delete(home);
    }
}
