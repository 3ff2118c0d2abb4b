package dev.counterfoil.jdbc.internal;

import dev.counterfoil.spi.Deadline;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how long one connection waits for what the server says: a server that hangs, or a network that has lost it, says
 * nothing and does not end the connection either. A driver keeps this bound on its own side, nothing is sent.
 */
final class AnswerWait {
    /** For connections to a database in this process. */
    static final AnswerWait UNBOUNDED = new AnswerWait(null, 0);

    /** Time for the end of the server's own time-outs to arrive, because that one is definite. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final @Nullable Connection connection;

    /** What the connection came with; 0 is no bound. */
    private final int before;

    private AnswerWait(@Nullable Connection connection, int before) {
        this.connection = connection;
        this.before = before;
    }

    /** Bounds the waits of a connection, where its driver can. */
    static AnswerWait on(Connection connection, Deadline deadline) {
        try {
            AnswerWait wait = new AnswerWait(connection, connection.getNetworkTimeout());
            wait.until(deadline);
            return wait;
        } catch (SQLException | RuntimeException | AbstractMethodError e) {
            // Not known to the driver; or the connection is broken, which the next statement tells.
            return UNBOUNDED;
        }
    }

    /** From now on a wait ends with the deadline and a little; or earlier, where the connection came with less. */
    void until(Deadline deadline) throws SQLException {
        if (connection != null) {
            long millis = TimeUnit.NANOSECONDS.toMillis(deadline.remainingNanos()) + GRACE.toMillis();
            long least = before == 0 ? millis : Math.min(before, millis);
            connection.setNetworkTimeout(Runnable::run, (int) least);
        }
    }

    /** Puts it back as it was found. */
    void restore() throws SQLException {
        if (connection != null) {
            connection.setNetworkTimeout(Runnable::run, before);
        }
    }
}
