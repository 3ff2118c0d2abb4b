package dev.counterfoil.jdbc;

import dev.counterfoil.jdbc.dialect.Dialect;
import dev.counterfoil.jdbc.internal.Phases;
import dev.counterfoil.jdbc.internal.WorkConnection;
import dev.counterfoil.retry.Classifier;
import dev.counterfoil.retry.ThrowingFunction;
import dev.counterfoil.retry.Verdict;
import dev.counterfoil.spi.StoreException;
import dev.counterfoil.spi.StoreException.Phase;
import dev.counterfoil.spi.StoreException.Trouble;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says of a failed transaction of your own whether the whole of it may be done again: the {@link Classifier} for a
 * {@link dev.counterfoil.retry.RetryPolicy} around JDBC. It judges by the database's codes and by where the transaction stood,
 * never by the class of an exception. Immutable; safe for use by many threads.
 *
 * <pre>{@code
 * SqlFailures failures = SqlFailures.of(new PostgresDialect());
 * Retry booking = Retry.named("booking", RetryPolicy.contention().withClassifier(failures));
 * booking.run(() -> failures.inTransaction(dataSource, connection -> book(connection, order)));
 * }</pre>
 *
 * <ul>
 *   <li>{@link Verdict#RETRY}: nothing was applied, and it may pass when it is done again, from its beginning: a deadlock, a
 *       serialization failure, a lock that did not come in time; a lost link, if COMMIT had not been sent.
 *   <li>{@link Verdict#AMBIGUOUS}: COMMIT had been sent, and what the database said, if anything, does not tell what became of
 *       it. Not done again; if to do it twice is to do it once, say so with {@link #retryingAmbiguous()}.
 *   <li>{@link Verdict#FAIL}: everything else, and what has nothing to do with a database.
 * </ul>
 *
 * <p>Codes of your own are laid over it: {@code failures.when(failure -> …, Verdict.RETRY)}. Such a rule is asked first, and
 * knows of no phase: name only codes that say, at COMMIT too, that nothing was applied. A rule that needs the phase belongs
 * into a {@link Dialect} that extends the database's.
 */
public final class SqlFailures implements Classifier {
    private static final Logger LOG = LoggerFactory.getLogger(SqlFailures.class);
    private static final String PREFIX = "counterfoil_";

    private final Dialect dialect;

    private SqlFailures(Dialect dialect) {
        this.dialect = dialect;
    }

    /**
     * For one database.
     *
     * @param dialect the database's, such as {@link dev.counterfoil.jdbc.dialect.PostgresDialect}, or one of your own; its
     *     {@link Dialect#product() product} must be the database's
     */
    public static SqlFailures of(Dialect dialect) {
        return new SqlFailures(Objects.requireNonNull(dialect, "dialect"));
    }

    /**
     * Judges a failure, or what caused it. One that comes out of {@link #inTransaction} is judged by where it happened. Of any
     * other nobody knows whether COMMIT had been sent: then a lost link, say, is {@link Verdict#AMBIGUOUS}.
     */
    @Override
    public Verdict classify(Throwable failure) {
        if (Phases.cause(failure, StoreException.class) instanceof StoreException ofLedger) {
            return verdict(ofLedger.trouble());
        }
        if (!(Phases.cause(failure, SQLException.class) instanceof SQLException sql)) {
            return Verdict.FAIL;
        }
        Phase phase = Phases.of(failure);
        if (phase != null) {
            return verdict(dialect.trouble(sql, phase, PREFIX));
        }
        Verdict before = verdict(dialect.trouble(sql, Phase.BODY, PREFIX));
        Verdict atCommit = verdict(dialect.trouble(sql, Phase.COMMIT, PREFIX));
        return before == Verdict.RETRY ? atCommit : before;
    }

    private static Verdict verdict(Trouble trouble) {
        return switch (trouble) {
            case TRANSIENT -> Verdict.RETRY;
            case UNKNOWN -> Verdict.AMBIGUOUS;
            case ONE_REQUEST, PERMANENT -> Verdict.FAIL;
        };
    }

    /**
     * Does something in a transaction, once: takes a connection, turns its autocommit mode off, commits, gives it back in the
     * mode it came in. After any failure it is rolled back as a whole. On PostgreSQL a COMMIT that ends with a warning is a
     * failure: the commit is not as safe as was asked for.
     *
     * @param work what is done; it sets the isolation level first if it needs another than the connection's. Its connection
     *     refuses {@code commit()}, {@code rollback()} and {@code setAutoCommit(true)} with an {@link IllegalStateException},
     *     and allows savepoints; it does not see a connection that was unwrapped or asked of a statement, nor a statement that
     *     commits, such as COMMIT or, on MariaDB and H2, CREATE TABLE: send none. It may run again, so it has no
     *     effects outside the connection
     * @return what the work returned, after the commit
     * @throws E what the work threw, as it was thrown
     * @throws IllegalArgumentException if the database is another than the dialect's
     * @throws SQLException if there was no connection, or the commit failed
     */
    public <T extends @Nullable Object, E extends Throwable> T inTransaction(
            DataSource dataSource, ThrowingFunction<? super Connection, T, E> work) throws E, SQLException {
        Phases phases = new Phases();
        Connection connection = null;
        boolean autoCommit = true;
        try {
            connection = dataSource.getConnection();
            checkProduct(connection);
            autoCommit = connection.getAutoCommit();
            if (autoCommit) {
                connection.setAutoCommit(false);
            }
            connection.clearWarnings();
            phases.enter(Phase.BODY);
            T result = work.apply(WorkConnection.of(connection));
            phases.enter(Phase.COMMIT);
            dialect.commit(connection);
            phases.end();
            return result;
        } catch (Throwable failure) {
            phases.mark(failure);
            throw failure;
        } finally {
            if (connection != null) {
                giveBack(connection, autoCommit, phases.isOver());
            }
        }
    }

    /** The codes of one database mean something else in another. */
    private void checkProduct(Connection connection) throws SQLException {
        String product = connection.getMetaData().getDatabaseProductName();
        if (!dialect.product().equals(product)) {
            throw new IllegalArgumentException(
                    "the dialect that was handed in is for " + dialect.product() + ", the database is " + product);
        }
    }

    /** Nothing that happens here changes what became of the transaction. */
    private static void giveBack(Connection connection, boolean autoCommit, boolean committed) {
        try (connection) {
            // In this order: to turn autocommit on commits.
            if (!committed) {
                connection.rollback();
            }
            connection.setAutoCommit(autoCommit);
        } catch (SQLException | RuntimeException e) {
            LOG.debug(
                    "a connection could not be put back as it was found: {}",
                    e.getClass().getName());
        }
    }
}
