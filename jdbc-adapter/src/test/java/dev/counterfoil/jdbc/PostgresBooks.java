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
import java.util.Map;
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
 * Tables of its own in PostgreSQL for one test, ledgers on them, and connections of a stranger who knows SQL and nothing of
 * the library. Deadlocks are reported at once, not after the second that is PostgreSQL's habit, which is longer than the
 * product waits for a lock.
 */
final class PostgresBooks implements AutoCloseable {
    static final Unit SAR = Unit.of("SAR", 2);

    /** Far beyond what anything here takes: only a hang meets it. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final String prefix = "b" + NUMBERS.incrementAndGet() + "_";
    private final Deque<Opened> opened = new ArrayDeque<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Connection own;

    private interface Opened {
        void close() throws SQLException;
    }

    private static final class Database {
        private static final String NAME = PostgresServer.get().newDatabase();

        static {
            try (Connection connection = PostgresServer.get().plain(NAME).getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("ALTER DATABASE " + NAME + " SET deadlock_timeout = '20ms'");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    PostgresBooks() throws SQLException {
        own = stranger();
    }

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
                // What these tests are about is what happens between transactions: each call has its own.
                .groupCommit(false)
                .build();
        opened.push(ledger::close);
        return ledger;
    }

    HikariDataSource pool(int size) {
        return pool(size, Map.of());
    }

    HikariDataSource pool(int size, Map<String, String> properties) {
        HikariDataSource pool = PostgresServer.get().pool(Database.NAME, size, properties);
        opened.push(pool::close);
        return pool;
    }

    /** A connection of a stranger, in autocommit. */
    Connection stranger() throws SQLException {
        Connection connection = PostgresServer.get().plain(Database.NAME).getConnection();
        opened.push(connection::close);
        return connection;
    }

    /** A stranger's transaction that has locked the row of a cell. */
    Connection strangerHolding(BalanceId cell) throws SQLException {
        Connection stranger = stranger();
        stranger.setAutoCommit(false);
        run(
                stranger,
                "SELECT 1 FROM " + table("cell") + " WHERE account_id = '"
                        + cell.account().id() + "' FOR UPDATE");
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
        assertThat(query(
                        "SELECT key FROM " + table("decision") + " GROUP BY namespace, scope, key HAVING count(*) > 1"))
                .as("keys with two decisions")
                .isEmpty();
        assertThat(query("SELECT reference FROM " + table("decision")
                        + " WHERE reference IS NOT NULL GROUP BY namespace, reference HAVING count(*) > 1"))
                .as("references with two holders")
                .isEmpty();
        assertThat(
                        query(
                                "SELECT c.account_id FROM " + table("cell") + " c LEFT JOIN " + table("entry")
                                        + " e ON e.cell_id = c.id GROUP BY c.id"
                                        + " HAVING (c.version, c.version, c.amount) IS DISTINCT FROM (count(*), max(e.sequence), sum(e.delta))"))
                .as("cells that are not the fold of their entries")
                .isEmpty();
        assertThat(count(table("entry") + " e LEFT JOIN " + table("decision")
                        + " d ON d.id = e.decision_id AND d.outcome = 'APPLIED' WHERE d.id IS NULL"))
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

    /** How many sessions wait for locks of others. */
    long blocked() throws SQLException {
        return count("pg_stat_activity WHERE datname = current_database()"
                + " AND wait_event_type = 'Lock' AND cardinality(pg_blocking_pids(pid)) > 0");
    }

    interface Condition {
        boolean holds() throws SQLException;
    }

    void await(Condition condition) throws SQLException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("what must come does not come; the sessions: "
                        + query("SELECT state || ' ' || coalesce(wait_event, '') || ' ' || query FROM pg_stat_activity"
                                + " WHERE datname = current_database()"));
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
