package dev.counterfoil.stress.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** A MariaDB Galera cluster of three nodes on this machine, which goes with this process. */
final class GaleraCluster implements Databases {
    private static final int NODES = 3;
    private static final int PORTS = 4;

    private final Path home = Files.createTempDirectory(
            "stress-galera-", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    private final List<GaleraNode> nodes = new ArrayList<>();
    private final boolean allWrite;
    private final Thread end = new Thread(this::end, "end of the cluster");

    /**
     * Starts one.
     *
     * @param allWrite true where each client has a node of its own that it goes to first; else all go to the same
     */
    GaleraCluster(boolean allWrite) throws IOException, InterruptedException {
        this.allWrite = allWrite;
        Runtime.getRuntime().addShutdownHook(end);
        UserPrincipal mysql =
                home.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("mysql");
        Files.setOwner(home, mysql);
        int first = freePorts();
        List<String> members = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            members.add("127.0.0.1:" + (first + PORTS * i + 1));
        }
        for (int i = 0; i < NODES; i++) {
            Path directory = Files.createDirectory(home.resolve("node" + i));
            Files.createDirectory(directory.resolve("data"));
            Files.setOwner(directory, mysql);
            Files.setOwner(directory.resolve("data"), mysql);
            nodes.add(new GaleraNode(directory, first + PORTS * i, String.join(",", members)));
        }
        nodes.get(0).install();
        for (int i = 0; i < NODES; i++) {
            // One after the other: each gets the whole state from one that has it.
            nodes.get(i).start(i == 0);
            nodes.get(i).awaitSynced();
        }
    }

    private static int freePorts() throws IOException {
        for (int from = 21_000 + (int) (ProcessHandle.current().pid() % 500) * PORTS * NODES; ; from += PORTS * NODES) {
            if (areFree(from)) {
                return from;
            }
        }
    }

    private static boolean areFree(int from) {
        for (int port = from; port < from + PORTS * NODES; port++) {
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                if (!socket.isBound()) {
                    return false;
                }
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }

    List<GaleraNode> nodes() {
        return List.copyOf(nodes);
    }

    /** The URL of one node alone. */
    String url(int node, String database) {
        return nodes.get(node).url(database);
    }

    /** Makes a database; all clients go to the first node, and to the others one by one when it does not answer. */
    @Override
    public String create(String database) throws SQLException, IOException {
        try (Connection connection = DriverManager.getConnection(sequential(0, ""));
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + database);
        }
        for (GaleraNode node : nodes) {
            node.await(database);
        }
        return sequential(0, database);
    }

    /** A URL that begins with a node, and goes on to the next when it does not answer. */
    String sequential(int first, String database) {
        List<GaleraNode> order = new ArrayList<>(nodes);
        Collections.rotate(order, -first);
        return "jdbc:mariadb:sequential://"
                + order.stream().map(GaleraNode::address).collect(Collectors.joining(",")) + "/" + database
                + "?user=root&connectTimeout=2000";
    }

    @Override
    public String url(String url, String client) {
        String database = url.substring(url.lastIndexOf('/') + 1, url.indexOf('?'));
        return allWrite ? sequential(Math.floorMod(client.charAt(1) - '0', NODES), database) : url;
    }

    /** Brings back all nodes that do not run, and waits until all have all. */
    void heal() throws IOException, InterruptedException {
        for (GaleraNode node : nodes) {
            if (!node.isAlive()) {
                node.start(false);
            }
        }
        for (GaleraNode node : nodes) {
            node.awaitSynced();
        }
    }

    private void end() {
        for (GaleraNode node : nodes) {
            try {
                node.kill();
            } catch (IOException | InterruptedException e) {
                System.err.println("a node of Galera may still run: " + e);
            }
        }
        try {
            Scratch.delete(home);
        } catch (IOException e) {
            System.err.println("left behind: " + home);
        }
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(end);
        end();
    }
}
