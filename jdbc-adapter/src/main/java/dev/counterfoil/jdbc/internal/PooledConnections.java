package dev.counterfoil.jdbc.internal;

import dev.counterfoil.jdbc.dialect.Dialect;
import dev.counterfoil.spi.Deadline;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connections of the caller's own pool. */
public final class PooledConnections implements Connections {
    private static final Logger LOG = LoggerFactory.getLogger(PooledConnections.class);

    private final DataSource pool;
    private final Dialect dialect;

    /** Connections of a pool that the caller owns and closes. */
    public PooledConnections(DataSource pool, Dialect dialect) {
        this.pool = pool;
        this.dialect = dialect;
    }

    @Override
    public Lease take(Deadline deadline) throws SQLException {
        Connection connection = pool.getConnection();
        boolean ready = false;
        try {
            AnswerWait answers = AnswerWait.on(connection, deadline);
            Lease lease = new Lease(connection, dialect.prepare(connection), answers);
            ready = true;
            return lease;
        } finally {
            if (!ready) {
                abort(connection);
            }
        }
    }

    @Override
    public void giveBack(Lease lease) {
        try {
            lease.undo().run(lease.connection());
            lease.answers().restore();
        } catch (SQLException | RuntimeException | Error e) {
            LOG.debug(
                    "a connection could not be put back as it was found; it is dropped: {}",
                    e.getClass().getName());
            drop(lease);
            return;
        }
        close(lease.connection());
    }

    @Override
    public void drop(Lease lease) {
        abort(lease.connection());
    }

    private void abort(Connection connection) {
        try {
            evict(connection);
            // Tells a pool to let it go; to a plain connection it is the end.
            connection.abort(Runnable::run);
            // A driver that knows several hosts makes a new link for a connection that was aborted; for a closed one,
            // none.
            connection.unwrap(Connection.class).close();
        } catch (SQLException | RuntimeException | AbstractMethodError e) {
            LOG.debug("a connection could not be aborted: {}", e.getClass().getName());
        } finally {
            close(connection);
        }
    }

    /**
     * HikariCP takes no notice of an abort. It would lend the dead connection again and again, for as long as it is asked for
     * one more often than every half second, unless the driver's next failure has an SQLState that it knows, as those of H2
     * and SQLite have not.
     */
    private void evict(Connection connection) {
        try {
            pool.getClass().getMethod("evictConnection", Connection.class).invoke(pool, connection);
        } catch (NoSuchMethodException e) {
            // Another pool.
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.debug("a connection could not be evicted: {}", e.getClass().getName());
        }
    }

    static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException | RuntimeException e) {
            LOG.debug("a connection could not be closed: {}", e.getClass().getName());
        }
    }

    @Override
    public void close() {
        // The pool is the caller's.
    }
}
