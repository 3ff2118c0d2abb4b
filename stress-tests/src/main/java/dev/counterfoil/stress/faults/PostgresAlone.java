package dev.counterfoil.stress.faults;

import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;

/** The databases of one {@link PostgresNode}. */
final class PostgresAlone implements Databases {
    private static final long PATIENCE_SECONDS = 120;

    private final PostgresNode node;
    private final Cleanup cleanup;

    /** What is left to do when the server has ended. */
    interface Cleanup {
        void run() throws IOException, InterruptedException;
    }

    PostgresAlone(PostgresNode node, Cleanup cleanup) throws IOException, InterruptedException {
        this.node = node;
        this.cleanup = cleanup;
        node.start();
    }

    PostgresNode node() {
        return node;
    }

    @Override
    public String create(String database) throws SQLException {
        node.run("CREATE DATABASE " + database);
        return node.url(database);
    }

    @Override
    public String url(String url, String client) {
        return url + "&ApplicationName=" + client;
    }

    /** Returns when it takes connections; starts it where it has given up. */
    void awaitUp() throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            try {
                if (!node.runs()) {
                    node.start();
                }
                node.run("SELECT 1");
                return;
            } catch (SQLException e) {
                if (System.nanoTime() > end) {
                    throw new IllegalStateException("it does not come up again", e);
                }
                Thread.sleep(50);
            }
        }
    }

    @Override
    public void close() throws IOException {
        try {
            node.end();
            cleanup.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
