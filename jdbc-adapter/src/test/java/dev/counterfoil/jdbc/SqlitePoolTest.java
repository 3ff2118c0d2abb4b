package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.counterfoil.Applied;
import dev.counterfoil.LedgerException;
import dev.counterfoil.NotAppliedException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ledger on a pool that belongs to somebody else. */
@Timeout(60)
class SqlitePoolTest {
    @TempDir
    Path directory;

    private Path file;
    private TestPool pool;

    @BeforeEach
    void makePool() throws SQLException {
        file = directory.resolve("books.db");
        pool = new TestPool(file, 1);
    }

    @AfterEach
    void closePool() throws SQLException {
        pool.close();
    }

    private JdbcLedger ledger() {
        return JdbcLedger.builder(pool)
                .createSchema()
                .timeout(Duration.ofSeconds(2))
                .build();
    }

    private String pragma(String name) throws SQLException {
        Connection connection = pool.connections().get(0);
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("PRAGMA " + name)) {
            return rows.getString(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"OFF", "NORMAL", "FULL", "EXTRA"})
    void everyCommitIsAtLeastFullySynchronousAndTheConnectionGoesBackAsItCame(String before) throws SQLException {
        try (JdbcLedger ledger = ledger()) {
            pool.everywhere("PRAGMA synchronous = " + before, "PRAGMA busy_timeout = 1234");
            String synchronous = pragma("synchronous");
            Set<String> atCommit = ConcurrentHashMap.newKeySet();
            pool.fault(new TestPool.Fault() {
                @Override
                public void before(String sql) throws SQLException {
                    if (sql.equals("COMMIT")) {
                        atCommit.add(pragmaOfLent("synchronous"));
                    }
                }
            });
            Till.apply(ledger, Till.opening());
            Till.apply(ledger, Till.cent("c-1"));
            assertThat(atCommit).containsExactly(before.equals("EXTRA") ? "3" : "2");
            assertThat(pragma("synchronous")).isEqualTo(synchronous);
            assertThat(pragma("busy_timeout")).isEqualTo("1234");
            assertThat(Till.cash(ledger, 0)).isEqualByComparingTo("99.99");
            assertThat(pragma("busy_timeout")).isEqualTo("1234");
        }
    }

    private String pragmaOfLent(String name) throws SQLException {
        try (Statement statement = pool.only().createStatement();
                ResultSet rows = statement.executeQuery("PRAGMA " + name)) {
            return rows.getString(1);
        }
    }

    @Test
    void aConnectionThatDoesNotCommitByItselfIsUsedAndGoesBackAsItCame() throws SQLException {
        pool.autoCommit(false);
        try (JdbcLedger ledger = ledger();
                PlainSql sql = new PlainSql(file)) {
            Till.apply(ledger, Till.opening());
            Till.apply(ledger, Till.cent("c-1"));
            assertThat(Till.cash(ledger, 0)).isEqualByComparingTo("99.99");
            assertThat(sql.count("SELECT count(*) FROM counterfoil_decision")).isEqualTo(2);
            assertThat(pool.connections().get(0).getAutoCommit()).isFalse();
        }
    }

    @Test
    void whatSomebodyLeftUncommittedIsNeverCommittedByTheLedger() throws SQLException {
        try (JdbcLedger ledger = ledger();
                PlainSql sql = new PlainSql(file)) {
            Till.apply(ledger, Till.opening());
            sql.run("CREATE TABLE mine (a TEXT)");
            pool.connections().get(0).setAutoCommit(false);
            execute("INSERT INTO mine VALUES ('unfinished')");
            Till.apply(ledger, Till.cent("c-1"));
            assertThat(sql.count("SELECT count(*) FROM mine")).isZero();

            pool.connections().get(0).setAutoCommit(true);
            execute("BEGIN");
            execute("INSERT INTO mine VALUES ('unfinished')");
            Till.apply(ledger, Till.cent("c-2"));
            assertThat(sql.count("SELECT count(*) FROM mine")).isZero();

            execute("BEGIN IMMEDIATE");
            execute("INSERT INTO mine VALUES ('unfinished')");
            assertThat(Till.cash(ledger, 0)).isEqualByComparingTo("99.98");
            assertThat(sql.count("SELECT count(*) FROM mine")).isZero();
        }
    }

    private void execute(String sql) throws SQLException {
        Connection connection = pool.connections().get(0);
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void sixteenThreadsGetAlongWithOneConnection() throws Exception {
        int threads = 16;
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try (JdbcLedger ledger = ledger()) {
            Till.apply(ledger, Till.opening());
            List<Callable<Integer>> calls = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                String name = "t" + t;
                calls.add(() -> {
                    int applied = 0;
                    for (int i = 0; i < 15; i++) {
                        applied += ledger.apply(Till.transfer(name + "-" + i)) instanceof Applied ? 1 : 0;
                        assertThat(Till.cash(ledger, i % Till.SIZE).signum()).isNotNegative();
                        var decided = ledger.decide(
                                name + "-d" + i,
                                "one cent",
                                List.of(Till.drawer(0), Till.drawer(1)),
                                now -> now.update()
                                        .transfer(Till.drawer(0), Till.drawer(1), "0.01")
                                        .build());
                        applied += decided instanceof Applied ? 1 : 0;
                    }
                    return applied;
                });
            }
            long applied = 1;
            for (Future<Integer> call : executor.invokeAll(calls)) {
                applied += call.get();
            }
            try (PlainSql sql = new PlainSql(file)) {
                assertThat(sql.count("SELECT count(*) FROM counterfoil_decision WHERE outcome = 'APPLIED'"))
                        .isEqualTo(applied);
            }
            Till.assertSound(file);
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void aPoolThatHasNoConnectionForAMomentIsAskedAgain() {
        try (JdbcLedger ledger = ledger()) {
            Till.apply(ledger, Till.opening());
            AtomicInteger asked = new AtomicInteger();
            pool.fault(new TestPool.Fault() {
                @Override
                public void before(String sql) throws SQLException {
                    if (sql.equals("getConnection") && asked.incrementAndGet() < 3) {
                        throw new SQLTransientConnectionException("none is free");
                    }
                }
            });
            assertThat(Till.apply(ledger, Till.cent("c-1")).replayed()).isFalse();
            assertThat(asked).hasValue(3);
        }
    }

    @Test
    void aPoolThatGivesNoConnectionEndsInNotApplied() {
        try (JdbcLedger ledger = ledger()) {
            Till.apply(ledger, Till.opening());
            List<Throwable> failures = List.of(
                    new SQLException("the pool is broken"),
                    new IllegalStateException("the pool is closed"),
                    new NullPointerException());
            for (Throwable failure : failures) {
                pool.fault(failing(failure));
                assertThatThrownBy(() -> ledger.apply(Till.cent("c-1")))
                        .isInstanceOf(NotAppliedException.class)
                        .hasRootCause(failure);
                assertThatThrownBy(() -> Till.cash(ledger, 0)).isInstanceOf(LedgerException.class);
            }
            pool.fault(failing(new SQLTransientConnectionException("none is free")));
            assertThatThrownBy(() -> ledger.apply(Till.cent("c-1"))).isInstanceOf(NotAppliedException.class);
            pool.noFault();
            assertThat(Till.apply(ledger, Till.cent("c-1")).replayed()).isFalse();
        }
    }

    private static TestPool.Fault failing(Throwable failure) {
        return new TestPool.Fault() {
            @Override
            public void before(String sql) throws SQLException {
                if (sql.equals("getConnection")) {
                    if (failure instanceof SQLException e) {
                        throw e;
                    }
                    throw (RuntimeException) failure;
                }
            }
        };
    }

    @Test
    void thePoolIsStillOpenWhenTheLedgerIsClosed() throws SQLException {
        ledger().close();
        assertThat(pragma("journal_mode")).isEqualTo("wal");
    }
}
