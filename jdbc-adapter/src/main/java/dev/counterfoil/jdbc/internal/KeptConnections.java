package dev.counterfoil.jdbc.internal;

import dev.counterfoil.jdbc.dialect.Dialect;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;

/**
 * Connections to a file in this process, opened when needed and kept for the next call. To wait for one would gain nothing:
 * they cost no server anything, and writers queue elsewhere.
 */
public final class KeptConnections implements Connections {
    private static final int KEPT = 8;

    private final String url;
    private final Dialect dialect;
    private final BlockingDeque<Connection> idle = new LinkedBlockingDeque<>(KEPT);

    /** Connections to the database of a URL. */
    public KeptConnections(String url, Dialect dialect) {
        this.url = url;
        this.dialect = dialect;
    }

    @Override
    public Connection take() throws SQLException {
        Connection kept = idle.pollFirst();
        if (kept != null) {
            return kept;
        }
        Connection fresh = DriverManager.getConnection(url);
        boolean ready = false;
        try {
            dialect.prepare(fresh);
            ready = true;
            return fresh;
        } finally {
            if (!ready) {
                drop(fresh);
            }
        }
    }

    @Override
    public void giveBack(Connection connection) {
        if (!idle.offerFirst(connection)) {
            drop(connection);
        }
    }

    @Override
    public void drop(Connection connection) {
        PooledConnections.close(connection);
    }

    @Override
    public void close() {
        for (Connection kept = idle.pollFirst(); kept != null; kept = idle.pollFirst()) {
            drop(kept);
        }
    }
}
