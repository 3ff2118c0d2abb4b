package dev.counterfoil.jdbc.internal;

import dev.counterfoil.jdbc.dialect.Dialect;
import dev.counterfoil.spi.Deadline;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Connections to a file in this process, opened when needed and kept for the next call. To wait for one would gain nothing:
 * they cost no server anything, and writers queue elsewhere.
 */
public final class KeptConnections implements Connections {
    private static final int KEPT = 8;

    private final String url;
    private final Dialect dialect;

    // Guards both below.
    private final Object lock = new Object();
    private final Deque<Lease> idle = new ArrayDeque<>();
    private boolean closed;

    /** Connections to the database of a URL. */
    public KeptConnections(String url, Dialect dialect) {
        this.url = url;
        this.dialect = dialect;
    }

    @Override
    public Lease take(Deadline deadline) throws SQLException {
        Lease kept = pollIdle();
        if (kept != null) {
            return kept;
        }
        Connection fresh = DriverManager.getConnection(url);
        boolean ready = false;
        try {
            Lease lease = new Lease(fresh, dialect.prepare(fresh), AnswerWait.UNBOUNDED);
            ready = true;
            return lease;
        } finally {
            if (!ready) {
                PooledConnections.close(fresh);
            }
        }
    }

    private @Nullable Lease pollIdle() {
        synchronized (lock) {
            return idle.pollFirst();
        }
    }

    @Override
    public void giveBack(Lease lease) {
        synchronized (lock) {
            if (!closed && idle.size() < KEPT) {
                idle.addFirst(lease);
                return;
            }
        }
        drop(lease);
    }

    @Override
    public void drop(Lease lease) {
        PooledConnections.close(lease.connection());
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
        }
        for (Lease kept = pollIdle(); kept != null; kept = pollIdle()) {
            drop(kept);
        }
    }
}
