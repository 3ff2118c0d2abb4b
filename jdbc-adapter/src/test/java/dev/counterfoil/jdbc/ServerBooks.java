package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.AccountId;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Ledger;
import dev.counterfoil.Limits;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/**
 * Tables of its own in a server's database for one test, ledgers on them, and connections of a stranger who knows SQL and
 * nothing of the library.
 */
abstract class ServerBooks implements AutoCloseable {
    static final Unit SAR = Unit.of("SAR", 2);

    /** Far beyond what anything here takes: only a hang meets it. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final String prefix = "b" + NUMBERS.incrementAndGet() + "_";
    private final Deque<Opened> opened = new ArrayDeque<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Connection own;

    /** Most tests are about what happens between transactions: each call has its own. */
    private boolean shared;

    private interface Opened {
        void close() throws SQLException;
    }

    /** What a server says in its own way. */
    ServerBooks() throws SQLException {
        own = stranger();
    }

    /** A pool of connections of this size; {@link #pool} closes it. */
    abstract HikariDataSource newPool(int size);

    /** A connection in autocommit; {@link #stranger} closes it. */
    abstract Connection connect() throws SQLException;

    /** How many sessions wait for locks of others, as the server sees it. */
    abstract long blocked() throws SQLException;

    /** A query for what the sessions do. */
    abstract String sessions();

    /** Drops one of our indexes, by the name that it has without prefix. */
    abstract void dropIndex(String name) throws SQLException;

    /** Whether a lock statement waits for a row that somebody has inserted and not committed. */
    abstract boolean locksWhatIsNotCommitted();

    /** The code of a violation of a unique index. */
    abstract String duplicate();

    static BalanceId cell(String id) {
        return AccountId.of("account", id).balance("cash", SAR);
    }

    /** Opens balances of 100.00 each, in one update. */
    static Update opening(String... ids) {
        Update.Builder opening = Update.of("opening");
        for (String id : ids) {
            opening.open(cell(id), "100.00", Limits.none());
        }
        return opening.build();
    }

    static BigDecimal cash(Ledger ledger, String id) {
        BalanceId cell = cell(id);
        return ledger.read(cell.account()).balance(cell);
    }

    /** A table by the name that it has without prefix. */
    String table(String name) {
        return prefix + name;
    }

    /** From now on callers of a ledger share commits. */
    ServerBooks shared() {
        shared = true;
        return this;
    }

    JdbcLedger ledger() {
        return ledger(new Stage());
    }

    /** A ledger with a pool of ten connections. */
    JdbcLedger ledger(Between between) {
        return ledger(between, pool(10), Duration.ofSeconds(10));
    }

    JdbcLedger ledger(Between between, DataSource connections, Duration timeout) {
        JdbcLedger ledger = JdbcLedger.builder(between.on(connections))
                .prefix(prefix)
                .createSchema()
                .timeout(timeout)
                .groupCommit(shared)
                .build();
        opened.push(ledger::close);
        return ledger;
    }

    HikariDataSource pool(int size) {
        return closed(newPool(size));
    }

    /** Closes it at the end of the test. */
    HikariDataSource closed(HikariDataSource pool) {
        opened.push(pool::close);
        return pool;
    }

    /** A connection of a stranger, in autocommit. */
    Connection stranger() throws SQLException {
        Connection connection = connect();
        opened.push(connection::close);
        return connection;
    }

    /** A stranger's transaction that has locked the row of a cell. */
    Connection strangerHolding(BalanceId cell) throws SQLException {
        Connection stranger = stranger();
        stranger.setAutoCommit(false);
        run(
                stranger,
                "SELECT 1 FROM " + table("cell")
                        + " WHERE namespace = '' AND account_kind = 'account' AND account_id = '"
                        + cell.account().id() + "' AND name = 'cash' FOR UPDATE");
        return stranger;
    }

    void run(String sql) throws SQLException {
        run(own, sql);
    }

    static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The first column of the rows. */
    List<String> query(String sql) throws SQLException {
        return query(own, sql);
    }

    static List<String> query(Connection connection, String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                rows.add(row.getString(1));
            }
        }
        return rows;
    }

    long count(String sql) throws SQLException {
        return Long.parseLong(query("SELECT count(*) FROM " + sql).get(0));
    }

    /** Asks the tables, without the library: no key and no reference twice, every cell the fold of its entries. */
    void assertSound() throws SQLException {
        String decision = table("decision") + " d";
        assertThat(query("SELECT d.key FROM " + decision + " GROUP BY d.namespace, d.scope, d.key HAVING count(*) > 1"))
                .as("keys with two decisions")
                .isEmpty();
        assertThat(query("SELECT d.reference FROM " + decision
                        + " WHERE d.reference IS NOT NULL GROUP BY d.namespace, d.reference HAVING count(*) > 1"))
                .as("references with two holders")
                .isEmpty();
        assertThat(
                        query(
                                "SELECT c.account_id FROM " + table("cell") + " c LEFT JOIN " + table("entry")
                                        + " e ON e.cell_id = c.id GROUP BY c.id, c.version, c.amount HAVING count(*) <> c.version"
                                        + " OR coalesce(max(e.sequence), 0) <> c.version OR coalesce(sum(e.delta), c.amount + 1) <> c.amount"))
                .as("cells that are not the fold of their entries")
                .isEmpty();
        assertThat(count(table("entry") + " e LEFT JOIN " + decision
                        + " ON d.id = e.decision_id AND d.outcome = 'APPLIED' WHERE d.id IS NULL"))
                .as("entries of nothing that was applied")
                .isZero();
    }

    /** Runs a call on a thread of its own. */
    <T> Future<T> begin(Callable<T> call) {
        return threads.submit(call);
    }

    /** Applies an update on another thread, as somebody else would: for functions that must not call a ledger themselves. */
    void applyElsewhere(Ledger ledger, Update update) {
        try {
            get(begin(() -> ledger.apply(update).orThrow()));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Waits until as many sessions wait for locks of others, as the server sees it. */
    void awaitBlocked(int sessions) throws SQLException {
        await(() -> blocked() == sessions);
    }

    interface Condition {
        boolean holds() throws SQLException;
    }

    void await(Condition condition) throws SQLException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("what must come does not come; the sessions: " + query(sessions()));
            }
            Thread.onSpinWait();
        }
    }

    static void await(CountDownLatch latch) {
        try {
            if (!latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("what must come does not come");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting", e);
        }
    }

    /** The result of a call, or what it threw. */
    static <T> T get(Future<T> call) throws Exception {
        try {
            return call.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("a call hangs", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception thrown) {
                throw thrown;
            }
            throw e.getCause() instanceof Error error ? error : new AssertionError(e);
        }
    }

    @Override
    public void close() throws SQLException {
        threads.shutdownNow();
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }
}
