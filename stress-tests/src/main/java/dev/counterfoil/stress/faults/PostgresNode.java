package dev.counterfoil.stress.faults;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** A PostgreSQL server that is configured, started, killed and started again. */
final class PostgresNode {
    private static final long PATIENCE_SECONDS = 120;

    /** As one that keeps money. */
    private static final List<String> SETTINGS = List.of(
            "fsync = on",
            "full_page_writes = on",
            "synchronous_commit = on",
            "unix_socket_directories = ''",
            "listen_addresses = '127.0.0.1'",
            "max_connections = 200");

    private final Path home;
    private final Path programs;
    private final int port;
    private final Map<String, String> environment = new TreeMap<>();

    private PostgresNode(Path home, Path programs) throws IOException {
        this.home = home;
        this.programs = programs;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
    }

    /** Makes one with an empty database, which does not run yet. */
    static PostgresNode create(Path home) throws IOException {
        return create(home, 16);
    }

    /** The same, with a log in pieces of so many mebibytes. */
    static PostgresNode create(Path home, int logPiece) throws IOException {
        // It logs every line that initdb prints.
        System.setProperty("org.slf4j.simpleLogger.log.io.zonky", "warn");
        Path data = Files.createDirectories(home).resolve("data");
        EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setServerConfig("unix_socket_directories", "")
                // Whatever is set here becomes an option of initdb.
                .setLocaleConfig("wal-segsize", Integer.toString(logPiece))
                .setPGStartupWait(Duration.ofSeconds(PATIENCE_SECONDS))
                .start()
                .close();
        String started = Files.readString(data.resolve("postmaster.opts"));
        PostgresNode node = new PostgresNode(
                home, Path.of(started.substring(0, started.indexOf(" \""))).resolveSibling("pg_ctl"));
        node.configure(SETTINGS);
        return node;
    }

    /** Makes one beside this, with the same programs, and no data. */
    PostgresNode beside(Path otherHome) throws IOException {
        Files.createDirectories(otherHome);
        return new PostgresNode(otherHome, programs);
    }

    Path data() {
        return home.resolve("data");
    }

    int port() {
        return port;
    }

    String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?user=postgres";
    }

    /** Adds lines to its configuration, which count from the next start on. */
    void configure(List<String> lines) throws IOException {
        Files.write(data().resolve("postgresql.conf"), lines, StandardOpenOption.APPEND);
    }

    /** Sets a variable of the environment that it runs in. */
    void environment(String name, String value) {
        environment.put(name, value);
    }

    /** Starts it, after a kill too. Returns when it takes connections. */
    void start() throws IOException, InterruptedException {
        // Where nobody collects the dead, their numbers seem to be in use still.
        Files.deleteIfExists(data().resolve("postmaster.pid"));
        List<String> command = new ArrayList<>();
        if (LinuxUtils.isUnshareAvailable()) {
            // As root: in a namespace where it is somebody else, since the server refuses to be root.
            command.addAll(List.of("unshare", "-U"));
        }
        command.add("env");
        environment.forEach((name, value) -> command.add(name + "=" + value));
        command.addAll(List.of(programs.toString(), "start", "-w", "-t", Long.toString(PATIENCE_SECONDS)));
        command.addAll(
                List.of("-D", data().toString(), "-l", home.resolve("log").toString(), "-o", "-p " + port));
        Processes.run(command, home.resolve("commands.log"));
    }

    /** As kill -9 of all its processes at once. Returns when none is left. */
    void kill() throws IOException, InterruptedException {
        long pid = Long.parseLong(
                Files.readAllLines(data().resolve("postmaster.pid")).get(0).strip());
        // It starts no more processes from here on, so that the list is complete.
        Processes.signal("STOP", pid);
        ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
        List<ProcessHandle> all = new ArrayList<>(postmaster.children().toList());
        all.add(postmaster);
        Processes.kill(all);
    }

    /** Kills it if it runs. */
    void end() throws IOException, InterruptedException {
        if (runs()) {
            kill();
        }
    }

    boolean runs() throws IOException {
        Path file = data().resolve("postmaster.pid");
        if (!Files.exists(file)) {
            return false;
        }
        long pid = Long.parseLong(Files.readAllLines(file).get(0).strip());
        return ProcessHandle.of(pid).filter(Processes::runs).isPresent();
    }

    /** The first column of the first row. */
    String one(String sql) throws SQLException {
        return one("postgres", sql);
    }

    String one(String database, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url(database));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }

    void run(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url("postgres"));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Waits until a query, asked anew on a connection of its own each time, gives {@code t}. */
    void await(String sql) throws SQLException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!one(sql).equals("t")) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("never true: " + sql);
            }
            Thread.sleep(10);
        }
    }
}
