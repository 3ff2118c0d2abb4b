package dev.counterfoil.jdbc.internal;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.Cell;
import dev.counterfoil.Outcome;
import dev.counterfoil.jdbc.dialect.Dialect;
import dev.counterfoil.jdbc.internal.GroupSql.Locking;
import dev.counterfoil.spi.Answer;
import dev.counterfoil.spi.CellAddress;
import dev.counterfoil.spi.Deadline;
import dev.counterfoil.spi.GroupEvaluation;
import dev.counterfoil.spi.Reading;
import dev.counterfoil.spi.Request;
import dev.counterfoil.spi.SkewWatch;
import dev.counterfoil.spi.StoreException;
import dev.counterfoil.spi.StoreException.Phase;
import dev.counterfoil.spi.StoreException.Trouble;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** Steps of the ledger in a transaction of the caller's, each behind a savepoint of its own. */
public final class JoinedTransaction {
    private final Connection connection;
    private final Dialect dialect;
    private final Names names;
    private final GroupSql sql;
    private final Reads reads;
    private final SkewWatch skewWatch;

    /** True where a later statement sees what others have committed meanwhile. */
    private final boolean seesOthers;

    private final Set<CellAddress> held = new TreeSet<>();

    /** True from the second step on. */
    private boolean later;

    /** True where an interrupt has ended a wait, and the thread's flag is gone. */
    private boolean cutShort;

    private boolean over;

    JoinedTransaction(
            Connection connection, Dialect dialect, Names names, GroupSql sql, Reads reads, SkewWatch skewWatch)
            throws SQLException {
        this.connection = connection;
        this.dialect = dialect;
        this.names = names;
        this.sql = sql;
        this.reads = reads;
        this.skewWatch = skewWatch;
        int isolation = check(connection, dialect);
        this.seesOthers = isolation == Connection.TRANSACTION_READ_COMMITTED;
    }

    private static int check(Connection connection, Dialect dialect) throws SQLException {
        if (connection.isClosed()) {
            throw new IllegalArgumentException("connection: is closed");
        }
        if (connection.getAutoCommit()) {
            throw new IllegalArgumentException(
                    "connection: is in autocommit mode, so there is no transaction to take part in");
        }
        if (connection.isReadOnly()) {
            throw new IllegalArgumentException("connection: is read-only");
        }
        int isolation = connection.getTransactionIsolation();
        if (!dialect.joinable().contains(isolation)) {
            boolean committed = dialect.joinable().contains(Connection.TRANSACTION_READ_COMMITTED);
            throw new IllegalArgumentException("connection: a transaction of isolation level " + name(isolation)
                    + " cannot be joined on " + dialect.product() + "; those that can: "
                    + dialect.joinable().stream().map(JoinedTransaction::name).toList()
                    + "; before its first statement call setTransactionIsolation(Connection."
                    + (committed ? "TRANSACTION_READ_COMMITTED" : "TRANSACTION_SERIALIZABLE") + ")");
        }
        return isolation;
    }

    private static String name(int isolation) {
        return switch (isolation) {
            case Connection.TRANSACTION_READ_UNCOMMITTED -> "READ UNCOMMITTED";
            case Connection.TRANSACTION_READ_COMMITTED -> "READ COMMITTED";
            case Connection.TRANSACTION_REPEATABLE_READ -> "REPEATABLE READ";
            case Connection.TRANSACTION_SERIALIZABLE -> "SERIALIZABLE";
            default -> Integer.toString(isolation);
        };
    }

    private interface Step<T> {
        T run(Locking locking) throws SQLException, StoreException;
    }

    /** Decides an update. */
    public Outcome post(Request.Posting posting, Deadline deadline) throws StoreException {
        return step(posting.cells(), deadline, locking -> {
            GroupTransaction transaction = new GroupTransaction(sql, deadline, skewWatch);
            Outcome outcome = ((Answer.Decided) transaction
                            .run(connection, List.of(posting), locking)
                            .get(0))
                    .outcome();
            held.addAll(outcome instanceof Applied ? posting.cells() : transaction.locked());
            return outcome;
        });
    }

    /** Locks cells. */
    public Set<CellAddress> lock(SortedSet<CellAddress> cells, Deadline deadline) throws StoreException {
        return step(cells, deadline, locking -> {
            GroupSql.Loaded loaded = sql.load(connection, cells, GroupEvaluation.needs(List.of()), locking, deadline);
            GroupTransaction.refuseElusive(loaded);
            sql.certify(connection, loaded);
            held.addAll(loaded.cells().keySet());
            return loaded.cells().keySet();
        });
    }

    /** Reads accounts. */
    public Reading<List<Cell>> read(String namespace, List<AccountId> accounts) throws StoreException {
        checkUsable();
        try {
            return reads.accounts(connection, namespace, accounts);
        } catch (SQLException e) {
            over = true;
            throw failure(e);
        }
    }

    /** True where a step has failed, so that the transaction must be rolled back. */
    public boolean isOver() {
        return over;
    }

    /** True where a step has locked this cell. */
    public boolean holds(CellAddress cell) {
        return held.contains(cell);
    }

    private <T> T step(SortedSet<CellAddress> cells, Deadline deadline, Step<T> step) throws StoreException {
        checkUsable();
        over = true;
        boolean interrupted = dialect.mindsInterrupts() && Thread.interrupted();
        try {
            T result = withSettings(cells, deadline, step);
            later = true;
            over = false;
            return result;
        } catch (SQLException e) {
            throw failure(e);
        } finally {
            if (interrupted || cutShort) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private <T> T withSettings(SortedSet<CellAddress> cells, Deadline deadline, Step<T> step)
            throws SQLException, StoreException {
        Dialect.Undo undo = dialect.beginStep(connection, names.quoted("meta"), deadline);
        T result;
        try {
            result = attempts(cells, deadline, step);
        } catch (SQLException | StoreException e) {
            try {
                undo.run(connection);
            } catch (SQLException second) {
                over = true;
                e.addSuppressed(second);
            }
            throw e;
        }
        undo.run(connection);
        return result;
    }

    /** Goes back to the savepoint and decides again where another transaction has just committed what this one missed. */
    private <T> T attempts(SortedSet<CellAddress> cells, Deadline deadline, Step<T> step)
            throws SQLException, StoreException {
        while (true) {
            Savepoint before = connection.setSavepoint();
            try {
                T result = step.run(later ? Locking.JOIN_NOWAIT : Locking.JOIN);
                connection.releaseSavepoint(before);
                return result;
            } catch (SQLException e) {
                boolean back = goBack(before, e);
                boolean taken = e instanceof IdTakenException || dialect.ofOwnIndex(e, names.prefix());
                if (taken) {
                    sql.forgetIds();
                }
                if (!back || !seesOthers || !taken || deadline.expired()) {
                    boolean lockTimeout = dialect.isLockTimeout(e);
                    over = !(back && later && lockTimeout && !held.containsAll(cells));
                    cutShort = dialect.mindsInterrupts() && lockTimeout && !later && !deadline.expired();
                    throw e;
                }
            } catch (StoreException e) {
                if (!goBack(before, e) || !seesOthers || deadline.expired()) {
                    throw e;
                }
            } catch (RuntimeException e) {
                StoreException failure = new StoreException(
                        Phase.BODY, Trouble.PERMANENT, "a row could not be read or written as it stands", e);
                goBack(before, failure);
                throw failure;
            }
        }
    }

    /** False where there is nothing to go back to: some databases have rolled back the whole transaction by then. */
    private boolean goBack(Savepoint before, Exception failure) {
        try {
            connection.rollback(before);
            connection.releaseSavepoint(before);
            return true;
        } catch (SQLException e) {
            failure.addSuppressed(e);
            return false;
        }
    }

    private void checkUsable() {
        if (over) {
            throw new IllegalStateException(
                    "a step of this transaction failed: roll it back, and join the connection's next transaction");
        }
    }

    private StoreException failure(SQLException e) {
        return dialect.isLockTimeout(e)
                ? JdbcStore.failure(dialect, names, Phase.ACQUIRE, "somebody else holds a cell that it needs", e)
                : JdbcStore.failure(dialect, names, Phase.BODY, JdbcStore.FAILED, e);
    }
}
