package dev.counterfoil.jdbc.internal;

import dev.counterfoil.AccountId;
import dev.counterfoil.Cell;
import dev.counterfoil.TrialBalance;
import dev.counterfoil.jdbc.dialect.Dialect;
import dev.counterfoil.jdbc.internal.GroupSql.Locking;
import dev.counterfoil.spi.Answer;
import dev.counterfoil.spi.AuditStore;
import dev.counterfoil.spi.CellAddress;
import dev.counterfoil.spi.Deadline;
import dev.counterfoil.spi.DecideFunctionException;
import dev.counterfoil.spi.DecisionId;
import dev.counterfoil.spi.GroupEvaluation.Needs;
import dev.counterfoil.spi.LedgerStore;
import dev.counterfoil.spi.PruneStep;
import dev.counterfoil.spi.Reading;
import dev.counterfoil.spi.Request;
import dev.counterfoil.spi.SkewWatch;
import dev.counterfoil.spi.StoreException;
import dev.counterfoil.spi.StoreException.Phase;
import dev.counterfoil.spi.StoreException.Trouble;
import dev.counterfoil.spi.StoredCells;
import dev.counterfoil.spi.StoredDecision;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The store over JDBC: how a transaction begins, ends and fails. */
public final class JdbcStore implements LedgerStore {
    private static final Logger LOG = LoggerFactory.getLogger(JdbcStore.class);

    static final String FAILED = "the database failed";

    /** How long a wait for a lock may go without a look at the thread's interrupt. */
    private static final Duration LONGEST_STEP = Duration.ofMillis(100);

    private final Connections connections;
    private final Dialect dialect;
    private final Names names;
    private final GroupSql sql;
    private final Reads joinedReads;
    private final ReadSql reads;
    private final JdbcAudit audit;
    private final PruneSql prune;
    private final WriteTurn turn;
    private final SkewWatch skewWatch = new SkewWatch();

    /**
     * A store.
     *
     * @param connections where connections come from
     * @param dialect what the database needs
     * @param names of the tables
     * @param turn what a writer waits for before it takes a connection
     */
    public JdbcStore(Connections connections, Dialect dialect, Names names, WriteTurn turn) {
        this.connections = connections;
        this.dialect = dialect;
        this.names = names;
        Tables tables = new Tables(dialect, names);
        Rows rows = new Rows(dialect);
        this.joinedReads = new Reads(dialect, tables, rows);
        this.reads = dialect.sending() == Dialect.Sending.ARRAYS ? new ArrayReads(dialect, rows, tables) : joinedReads;
        this.sql = switch (dialect.sending()) {
            case ROW_BY_ROW -> new RowByRow(dialect, rows, tables);
            case ARRAYS -> new ArraySql(dialect, rows, tables);
            case MANY_ROWS -> new ManyRowsSql(dialect, rows, tables);
        };
        this.audit = new JdbcAudit(this, AuditSql.of(dialect, tables), sql, dialect);
        this.prune = new PruneSql(dialect, tables, rows);
        this.turn = turn;
    }

    interface Body<T> {
        T run(Connection connection) throws SQLException, StoreException;
    }

    @Override
    public List<Answer> submit(List<Request> group, Deadline deadline) throws StoreException {
        // The turn first, then a connection: nobody waits for the turn while holding what others need.
        WriteTurn.Pass pass = turn.enter(deadline);
        GroupTransaction transaction = new GroupTransaction(sql, deadline, skewWatch);
        try {
            return transaction(true, deadline, c -> transaction.run(c, group, Locking.WAIT));
        } catch (StoreException e) {
            if (!isLockTimeout(e)) {
                throw e;
            }
            return transaction.hasLocks() ? allParked(group) : submitWithoutTheLocked(group, deadline);
        } finally {
            pass.close();
        }
    }

    /** A lock did not come: goes on without those who need it. */
    private List<Answer> submitWithoutTheLocked(List<Request> group, Deadline deadline) throws StoreException {
        try {
            GroupTransaction transaction = new GroupTransaction(sql, deadline, skewWatch);
            return transaction(true, deadline, c -> transaction.run(c, group, Locking.SKIP));
        } catch (StoreException e) {
            if (!isLockTimeout(e)) {
                throw e;
            }
            return allParked(group);
        }
    }

    /** A row can be skipped, but not what somebody inserts and has not committed; whose insert waits is not told. */
    private static List<Answer> allParked(List<Request> group) {
        return group.stream()
                .<Answer>map(request -> new Answer.Parked(Set.of()))
                .toList();
    }

    private boolean isLockTimeout(StoreException e) {
        return e.getCause() instanceof SQLException cause && dialect.isLockTimeout(cause);
    }

    @Override
    public Candidate readCandidate(SortedSet<CellAddress> cells, DecisionId key, Deadline deadline)
            throws StoreException {
        Needs needs = new Needs(Set.of(key), Set.of(), Set.of());
        return transaction(false, deadline, c -> {
            GroupSql.Loaded loaded = sql.load(c, cells, needs, Locking.NONE, deadline);
            boolean decided = loaded.known().decisions().containsKey(key);
            return new Candidate(new StoredCells(loaded.cells(), loaded.clock()), decided);
        });
    }

    @Override
    public Reading<List<Cell>> readAccounts(String namespace, List<AccountId> accounts, Deadline deadline)
            throws StoreException {
        return transaction(false, deadline, c -> reads.accounts(c, namespace, accounts, deadline));
    }

    @Override
    public Reading<Optional<CellHistory>> readHistory(CellAddress cell, long after, int limit, Deadline deadline)
            throws StoreException {
        return transaction(false, deadline, c -> reads.history(c, cell, after, limit, deadline));
    }

    @Override
    public Reading<List<AccountId>> listAccounts(
            String namespace, String kind, String idPrefix, @Nullable String after, int limit, Deadline deadline)
            throws StoreException {
        return transaction(false, deadline, c -> reads.list(c, namespace, kind, idPrefix, after, limit, deadline));
    }

    @Override
    public StoredCells settle(SortedSet<CellAddress> cells, Deadline deadline) throws StoreException {
        WriteTurn.Pass pass = turn.enter(deadline);
        try {
            return transaction(true, deadline, c -> settled(c, cells, deadline));
        } catch (StoreException e) {
            boolean interrupted = e.getCause() instanceof InterruptedWaitException;
            boolean late = e.trouble() == Trouble.TRANSIENT && deadline.expired();
            throw !interrupted && (late || isLockTimeout(e))
                    ? new StoreException(
                            e.phase(), Trouble.TRANSIENT, "the locks of the cells did not come in time", e.getCause())
                    : e;
        } finally {
            pass.close();
        }
    }

    private StoredCells settled(Connection connection, SortedSet<CellAddress> cells, Deadline deadline)
            throws SQLException, StoreException {
        Needs none = new Needs(Set.of(), Set.of(), Set.of());
        GroupSql.Loaded loaded = sql.load(connection, cells, none, Locking.WAIT, deadline);
        GroupTransaction.refuseElusive(loaded);
        sql.certify(connection, loaded);
        return new StoredCells(loaded.cells(), loaded.clock());
    }

    @Override
    public Reading<List<TrialBalance.Line>> sumBalances(
            String namespace, @Nullable String kind, String idPrefix, Deadline deadline) throws StoreException {
        return transaction(false, deadline, c -> reads.sums(c, namespace, kind, idPrefix, deadline));
    }

    @Override
    public Optional<StoredDecision> findDecision(DecisionId id, Deadline deadline) throws StoreException {
        Needs needs = new Needs(Set.of(id), Set.of(), Set.of());
        return transaction(false, deadline, c -> {
            GroupSql.Loaded loaded = sql.load(c, new TreeSet<>(), needs, Locking.NONE, deadline);
            return Optional.ofNullable(loaded.known().decisions().get(id));
        });
    }

    @Override
    public PruneStep.Done prune(PruneStep step, Deadline deadline) throws StoreException {
        WriteTurn.Pass pass = turn.enter(deadline);
        try {
            return transaction(true, deadline, c -> prune.run(c, step, deadline));
        } finally {
            pass.close();
        }
    }

    /**
     * Takes part in a transaction of the caller's.
     *
     * @throws IllegalArgumentException if the connection is one that cannot be joined
     */
    public JoinedTransaction join(Connection connection) throws StoreException {
        try {
            return new JoinedTransaction(connection, dialect, names, sql, joinedReads, skewWatch);
        } catch (SQLException e) {
            throw failure(Phase.ACQUIRE, e);
        }
    }

    <T> T transaction(boolean writes, Deadline deadline, Body<T> body) throws StoreException {
        boolean interrupted = dialect.mindsInterrupts() && Thread.interrupted();
        try {
            return uninterrupted(writes, deadline, body);
        } catch (StoreException e) {
            interrupted |= e.getCause() instanceof InterruptedWaitException;
            throw e;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public AuditStore audit() {
        return audit;
    }

    /** What writes, and so waits for the turn first. */
    <T> T writing(Deadline deadline, Body<T> body) throws StoreException {
        WriteTurn.Pass pass = turn.enter(deadline);
        try {
            return transaction(true, deadline, body);
        } finally {
            pass.close();
        }
    }

    private <T> T uninterrupted(boolean writes, Deadline deadline, Body<T> body) throws StoreException {
        Connections.Lease lease = take(deadline);
        Connection connection = lease.connection();
        boolean open = false;
        boolean sound = false;
        try {
            begin(connection, writes, deadline);
            open = true;
            T result = body.run(connection);
            commit(lease, deadline);
            open = false;
            sound = !writes || keepHouse(connection);
            return result;
        } catch (InterruptedWaitException e) {
            sound = true;
            throw new StoreException(Phase.BODY, Trouble.PERMANENT, "interrupted while waiting for a lock", e);
        } catch (SQLException e) {
            if (e instanceof IdTakenException || dialect.ofOwnIndex(e, names.prefix())) {
                sql.forgetIds();
            }
            StoreException failure = e instanceof IdTakenException
                    ? new StoreException(Phase.BODY, Trouble.TRANSIENT, "a surrogate id was given twice", e)
                    : failure(Phase.BODY, e);
            sound = (failure.trouble() != Trouble.PERMANENT || isOfStatement(e)) && !dialect.isCutOff(e);
            throw failure;
        } catch (StoreException e) {
            boolean begun = e.phase() == Phase.BODY || (e.phase() == Phase.ACQUIRE && e.trouble() == Trouble.TRANSIENT);
            sound = begun && !isCutOff(e);
            throw e;
        } catch (DecideFunctionException e) {
            sound = true;
            throw e;
        } catch (RuntimeException e) {
            throw new StoreException(
                    Phase.BODY, Trouble.ONE_REQUEST, "a row could not be read or written as it stands", e);
        } finally {
            if (open) {
                sound &= rollback(lease, deadline);
            }
            if (sound) {
                connections.giveBack(lease);
            } else {
                connections.drop(lease);
            }
        }
    }

    /** A right or a table is missing: class 42 of the SQL standard, of which the connection takes no harm. */
    private static boolean isOfStatement(SQLException e) {
        return e.getSQLState() != null && e.getSQLState().startsWith("42");
    }

    private boolean isCutOff(StoreException e) {
        return e.getCause() instanceof SQLException cause && dialect.isCutOff(cause);
    }

    private Connections.Lease take(Deadline deadline) throws StoreException {
        try {
            return connections.take(deadline);
        } catch (SQLException e) {
            Trouble trouble = e instanceof SQLTransientException
                    ? Trouble.TRANSIENT
                    : dialect.trouble(e, Phase.ACQUIRE, names.prefix());
            boolean silent = e instanceof SQLTransientException && e.getSQLState() == null;
            String why = silent ? "the pool gave none in its own time" : describe(dialect, e);
            throw new StoreException(Phase.ACQUIRE, trouble, "no connection: " + why, e, e.getSQLState());
        } catch (RuntimeException e) {
            // Pools throw these too, closed ones above all.
            throw new StoreException(Phase.ACQUIRE, Trouble.PERMANENT, "no connection", e);
        }
    }

    /** Waits in short steps, because the wait of a driver may heed no interrupt. */
    private void begin(Connection connection, boolean writes, Deadline deadline) throws StoreException {
        while (true) {
            long step = Math.min(deadline.remainingNanos(), LONGEST_STEP.toNanos());
            Deadline soon = Deadline.after(Duration.ofNanos(step));
            try {
                if (writes) {
                    dialect.begin(connection, soon);
                } else {
                    dialect.beginRead(connection, soon);
                }
                return;
            } catch (SQLException e) {
                StoreException failure = failure(Phase.ACQUIRE, e);
                boolean gone = isClosed(connection) || dialect.isCutOff(e);
                if (failure.trouble() != Trouble.TRANSIENT || deadline.expired() || gone) {
                    throw failure;
                }
                if (Thread.currentThread().isInterrupted()) {
                    throw new StoreException(Phase.ACQUIRE, Trouble.PERMANENT, "interrupted while waiting to write", e);
                }
            }
        }
    }

    /** A link that was lost does not come back: to begin again takes another connection. */
    private static boolean isClosed(Connection connection) {
        try {
            return connection.isClosed();
        } catch (SQLException e) {
            return true;
        }
    }

    private void commit(Connections.Lease lease, Deadline deadline) throws SQLException, StoreException {
        lease.answers().until(deadline);
        while (true) {
            try {
                dialect.commit(lease.connection());
                return;
            } catch (SQLException e) {
                if (!dialect.canCommitAgain(e) || deadline.expired()) {
                    throw failure(Phase.COMMIT, e);
                }
            } catch (RuntimeException e) {
                throw new StoreException(Phase.COMMIT, Trouble.UNKNOWN, "the commit failed unexpectedly", e);
            }
        }
    }

    /** The outcome stands, whatever happens here. */
    private boolean keepHouse(Connection connection) {
        try {
            turn.committed(connection);
            return true;
        } catch (SQLException | RuntimeException e) {
            LOG.debug(
                    "housekeeping after a commit failed; the connection is dropped: {}",
                    e.getClass().getName());
            return false;
        }
    }

    private boolean rollback(Connections.Lease lease, Deadline deadline) {
        try {
            lease.answers().until(deadline);
            dialect.rollback(lease.connection());
            return true;
        } catch (SQLException | RuntimeException | Error e) {
            // Errors too: the one that ended the work is on its way, and nobody else gives the connection back.
            LOG.debug(
                    "a rollback failed; the connection is dropped: {}",
                    e.getClass().getName());
            return false;
        }
    }

    private StoreException failure(Phase phase, SQLException e) {
        return failure(dialect, names, phase, FAILED, e);
    }

    static StoreException failure(Dialect dialect, Names names, Phase phase, String what, SQLException e) {
        Trouble trouble = dialect.trouble(e, phase, names.prefix());
        return new StoreException(phase, trouble, what + ": " + describe(dialect, e), e, e.getSQLState());
    }

    /** Codes and not the driver's message, which may quote values. */
    private static String describe(Dialect dialect, SQLException e) {
        String hint = dialect.hint(e);
        String state = e.getSQLState() == null ? "" : "SQLState " + e.getSQLState();
        String code = e.getErrorCode() == 0 ? "" : "code " + e.getErrorCode();
        String all = Stream.of(hint, state, code).filter(s -> !s.isEmpty()).collect(Collectors.joining(", "));
        return all.isEmpty() ? e.getClass().getName() : all;
    }

    @Override
    public int groupsAtOnce() {
        return dialect.groupsAtOnce();
    }

    @Override
    public @Nullable Duration takeSkew() {
        return skewWatch.take();
    }

    @Override
    public void close() {
        connections.close();
        turn.close();
    }
}
