package dev.counterfoil.jdbc.internal;

import dev.counterfoil.AccountId;
import dev.counterfoil.Cell;
import dev.counterfoil.Entry;
import dev.counterfoil.jdbc.dialect.Dialect;
import dev.counterfoil.spi.Answer;
import dev.counterfoil.spi.CellAddress;
import dev.counterfoil.spi.Deadline;
import dev.counterfoil.spi.DecideFunctionException;
import dev.counterfoil.spi.DecisionId;
import dev.counterfoil.spi.LedgerStore;
import dev.counterfoil.spi.Reading;
import dev.counterfoil.spi.Request;
import dev.counterfoil.spi.StoreException;
import dev.counterfoil.spi.StoreException.Phase;
import dev.counterfoil.spi.StoreException.Trouble;
import dev.counterfoil.spi.StoredDecision;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The store over JDBC: how a transaction begins, ends and fails. */
public final class JdbcStore implements LedgerStore {
    private static final Logger LOG = LoggerFactory.getLogger(JdbcStore.class);

    /** Comes after every id: the greatest code point, which no id contains. */
    private static final String GREATEST = Character.toString(Character.MAX_CODE_POINT);

    /** How long a wait for a lock may go without a look at the thread's interrupt. */
    private static final Duration LONGEST_STEP = Duration.ofMillis(100);

    private final Connections connections;
    private final Dialect dialect;
    private final String prefix;
    private final Tables tables;
    private final WriteTurn turn;

    /**
     * A store.
     *
     * @param connections where connections come from
     * @param dialect what the database needs
     * @param prefix of the tables, checked before
     * @param turn what a writer waits for before it takes a connection
     */
    public JdbcStore(Connections connections, Dialect dialect, String prefix, WriteTurn turn) {
        this.connections = connections;
        this.dialect = dialect;
        this.prefix = prefix;
        this.tables = new Tables(prefix);
        this.turn = turn;
    }

    private interface Body<T> {
        T run(Connection connection) throws SQLException, StoreException;
    }

    @Override
    public List<Answer> submit(List<Request> group, Deadline deadline) throws StoreException {
        // The turn first, then a connection: nobody waits for the turn while holding what others need.
        WriteTurn.Pass pass = turn.enter(deadline);
        try {
            return transaction(true, deadline, c -> new GroupTransaction(c, dialect, tables, deadline).run(group));
        } finally {
            pass.close();
        }
    }

    @Override
    public Candidate readCandidate(SortedSet<CellAddress> cells, DecisionId key, Deadline deadline)
            throws StoreException {
        return transaction(false, deadline, c -> {
            GroupTransaction reading = new GroupTransaction(c, dialect, tables, deadline);
            return new Candidate(reading.load(cells), reading.find(key) != null);
        });
    }

    @Override
    public Reading<List<Cell>> readAccounts(String namespace, List<AccountId> accounts, Deadline deadline)
            throws StoreException {
        List<AccountId> sorted = new ArrayList<>(accounts);
        sorted.sort(Comparator.comparing(account -> new CellAddress(namespace, account, "")));
        return transaction(false, deadline, c -> {
            List<Cell> cells = new ArrayList<>();
            try (PreparedStatement select = c.prepareStatement(tables.selectAccount)) {
                for (AccountId account : sorted) {
                    select.setString(1, namespace);
                    select.setString(2, account.kind());
                    select.setString(3, account.id());
                    try (ResultSet rows = select.executeQuery()) {
                        while (rows.next()) {
                            cells.add(Tables.cell(rows).cell());
                        }
                    }
                }
            }
            return new Reading<>(cells, dialect.clock(c));
        });
    }

    @Override
    public Reading<Optional<CellHistory>> readHistory(CellAddress address, long after, int limit, Deadline deadline)
            throws StoreException {
        return transaction(false, deadline, c -> {
            Tables.Row cell = cell(c, address);
            if (cell == null) {
                return new Reading<>(Optional.empty(), dialect.clock(c));
            }
            List<Entry> entries = new ArrayList<>();
            try (PreparedStatement select = c.prepareStatement(tables.selectEntries)) {
                select.setLong(1, cell.id());
                select.setLong(2, after);
                select.setInt(3, limit);
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        entries.add(Tables.entry(rows, cell.cell().id()));
                    }
                }
            }
            return new Reading<>(Optional.of(new CellHistory(cell.cell(), entries)), dialect.clock(c));
        });
    }

    private Tables.@Nullable Row cell(Connection c, CellAddress address) throws SQLException {
        try (PreparedStatement select = c.prepareStatement(tables.selectCell)) {
            Tables.bind(select, address);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? Tables.cell(rows) : null;
            }
        }
    }

    @Override
    public Reading<List<AccountId>> listAccounts(
            String namespace, String kind, String idPrefix, @Nullable String after, int limit, Deadline deadline)
            throws StoreException {
        return transaction(false, deadline, c -> {
            List<AccountId> accounts = new ArrayList<>();
            try (PreparedStatement select = c.prepareStatement(tables.listAccounts)) {
                select.setString(1, namespace);
                select.setString(2, kind);
                select.setString(3, idPrefix);
                select.setString(4, idPrefix + GREATEST);
                select.setString(5, after == null ? "" : after);
                select.setInt(6, limit);
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        accounts.add(AccountId.of(kind, rows.getString(1)));
                    }
                }
            }
            return new Reading<>(accounts, dialect.clock(c));
        });
    }

    @Override
    public Optional<StoredDecision> findDecision(DecisionId id, Deadline deadline) throws StoreException {
        return transaction(
                false, deadline, c -> Optional.ofNullable(new GroupTransaction(c, dialect, tables, deadline).find(id)));
    }

    private <T> T transaction(boolean writes, Deadline deadline, Body<T> body) throws StoreException {
        Connections.Lease lease = take();
        Connection connection = lease.connection();
        boolean open = false;
        boolean sound = false;
        try {
            begin(connection, writes, deadline);
            open = true;
            T result = body.run(connection);
            commit(connection, deadline);
            open = false;
            sound = !writes || keepHouse(connection);
            return result;
        } catch (SQLException e) {
            StoreException failure = failure(Phase.BODY, e);
            sound = failure.trouble() != Trouble.PERMANENT;
            throw failure;
        } catch (StoreException e) {
            sound = e.phase() == Phase.BODY || (e.phase() == Phase.ACQUIRE && e.trouble() == Trouble.TRANSIENT);
            throw e;
        } catch (DecideFunctionException e) {
            sound = true;
            throw e;
        } catch (RuntimeException e) {
            throw new StoreException(
                    Phase.BODY, Trouble.ONE_REQUEST, "a row could not be read or written as it stands", e);
        } finally {
            if (open) {
                sound &= rollback(connection);
            }
            if (sound) {
                connections.giveBack(lease);
            } else {
                connections.drop(lease);
            }
        }
    }

    private Connections.Lease take() throws StoreException {
        try {
            return connections.take();
        } catch (SQLException e) {
            Trouble trouble =
                    e instanceof SQLTransientException ? Trouble.TRANSIENT : dialect.trouble(e, Phase.ACQUIRE, prefix);
            throw new StoreException(Phase.ACQUIRE, trouble, "no connection: " + describe(e), e);
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
                if (failure.trouble() != Trouble.TRANSIENT || deadline.expired()) {
                    throw failure;
                }
                if (Thread.currentThread().isInterrupted()) {
                    throw new StoreException(Phase.ACQUIRE, Trouble.PERMANENT, "interrupted while waiting to write", e);
                }
            }
        }
    }

    private void commit(Connection connection, Deadline deadline) throws StoreException {
        while (true) {
            try {
                dialect.commit(connection);
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
            LOG.debug("housekeeping after a commit failed; the connection is dropped", e);
            return false;
        }
    }

    private boolean rollback(Connection connection) {
        try {
            dialect.rollback(connection);
            return true;
        } catch (SQLException | RuntimeException e) {
            LOG.debug("a rollback failed; the connection is dropped", e);
            return false;
        }
    }

    private StoreException failure(Phase phase, SQLException e) {
        return new StoreException(phase, dialect.trouble(e, phase, prefix), "the database failed: " + describe(e), e);
    }

    /** Codes and not the driver's message, which may quote values. */
    private String describe(SQLException e) {
        String hint = dialect.hint(e);
        return (hint.isEmpty() ? "" : hint + ", ") + "SQLState " + e.getSQLState() + ", code " + e.getErrorCode();
    }

    @Override
    public void close() {
        connections.close();
        turn.close();
    }
}
