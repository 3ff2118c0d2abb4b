package dev.counterfoil.stress.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One server of a {@link GaleraCluster}, with a data directory of its own, durable as one that keeps money. */
final class GaleraNode {
    private static final long PATIENCE_SECONDS = 120;

    private final Path home;
    private final int port;
    private final List<String> command;
    private @Nullable Process server;

    /**
     * A node that does not run yet.
     *
     * @param home its directory
     * @param port its first of four ports: for clients, for the group, for the whole state, for what is missing of it
     * @param members the addresses of all nodes' groups
     */
    GaleraNode(Path home, int port, String members) {
        this.home = home;
        this.port = port;
        command = List.of(
                GaleraPrograms.SERVER.toString(),
                "--no-defaults",
                "--user=mysql",
                "--datadir=" + home.resolve("data"),
                "--socket=" + home.resolve("socket"),
                "--pid-file=" + home.resolve("pid"),
                "--port=" + port,
                "--bind-address=127.0.0.1",
                "--skip-name-resolve",
                "--innodb-flush-log-at-trx-commit=1",
                "--innodb-buffer-pool-size=32M",
                "--innodb-log-file-size=32M",
                "--innodb-autoinc-lock-mode=2",
                "--binlog-format=ROW",
                "--wsrep-on=ON",
                "--wsrep-provider=" + GaleraPrograms.provider(),
                "--wsrep-cluster-address=gcomm://" + members,
                "--wsrep-node-name=" + home.getFileName(),
                "--wsrep-node-address=127.0.0.1:" + (port + 1),
                "--wsrep-sst-method=rsync",
                "--wsrep-sst-receive-address=127.0.0.1:" + (port + 2),
                "--wsrep-provider-options=base_port=" + (port + 1) + ";gmcast.listen_addr=tcp://127.0.0.1:" + (port + 1)
                        + ";ist.recv_addr=127.0.0.1:" + (port + 3) + ";gcache.size=64M");
    }

    /** Host and port, for a URL. */
    String address() {
        return "127.0.0.1:" + port;
    }

    /** Its URL. */
    String url(String database) {
        return "jdbc:mariadb://" + address() + "/" + database + "?user=root";
    }

    /** Makes its tables, as a new server has them. */
    void install() throws IOException, InterruptedException {
        Processes.run(
                List.of(
                        "mariadb-install-db",
                        "--no-defaults",
                        "--user=mysql",
                        "--datadir=" + home.resolve("data"),
                        "--skip-test-db",
                        "--auth-root-authentication-method=normal"),
                log());
    }

    private Path log() {
        return home.resolve("log");
    }

    /** Starts it; it is not there yet. */
    void start(boolean asTheFirst) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(command);
        if (asTheFirst) {
            all.add("--wsrep-new-cluster");
        } else if (server != null) {
            all.add("--wsrep-start-position=" + recovered());
        }
        server = new ProcessBuilder(all)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
    }

    /** How far it had come before it was killed, as the system's service asks it before each start. */
    private String recovered() throws IOException, InterruptedException {
        Path answer = home.resolve("recovered");
        Files.deleteIfExists(answer);
        List<String> all = new ArrayList<>(command);
        all.add("--wsrep-recover");
        Processes.run(all, answer);
        String position = "Recovered position:";
        return Files.readAllLines(answer).stream()
                .filter(line -> line.contains(position))
                .map(line -> line.substring(line.indexOf(position) + position.length())
                        .strip())
                .findFirst()
                .orElseThrow();
    }

    /** Waits until it has all that the others have, and takes writes. */
    void awaitSynced() throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!isSynced()) {
            if (System.nanoTime() > end || !isAlive()) {
                throw new IllegalStateException(tail());
            }
            Thread.sleep(50);
        }
    }

    /** Waits until it has heard of a database. */
    void await(String database) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            try {
                DriverManager.getConnection(url(database)).close();
                return;
            } catch (SQLException e) {
                if (System.nanoTime() > end) {
                    throw new IllegalStateException(tail(), e);
                }
            }
        }
    }

    private String tail() throws IOException {
        List<String> lines = Files.readAllLines(log());
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
    }

    boolean isAlive() {
        return server != null && server.isAlive();
    }

    /** True where it belongs to the majority and takes writes. */
    boolean isSynced() {
        return status("wsrep_ready").equals("ON") && status("wsrep_local_state").equals("4");
    }

    /** A status variable; empty where nobody answers. */
    String status(String name) {
        try (Connection connection = DriverManager.getConnection(url("") + "&connectTimeout=1000&socketTimeout=2000");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW STATUS LIKE '" + name + "'")) {
            return row.next() ? row.getString(2) : "";
        } catch (SQLException e) {
            return "";
        }
    }

    /** As kill -9. */
    void kill() throws IOException, InterruptedException {
        if (server != null) {
            // One that is stopped dies only when it goes on.
            Processes.signal("CONT", server.pid());
            server.destroyForcibly().waitFor();
        }
    }

    /** It does nothing any more, and nobody is told. */
    void pause() throws IOException, InterruptedException {
        if (server != null) {
            Processes.signal("STOP", server.pid());
        }
    }

    void goOn() throws IOException, InterruptedException {
        if (server != null) {
            Processes.signal("CONT", server.pid());
        }
    }
}
