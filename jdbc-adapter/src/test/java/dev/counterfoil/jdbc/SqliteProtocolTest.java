package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Limits;
import dev.counterfoil.Outcome;
import dev.counterfoil.PageRequest;
import dev.counterfoil.Rejected;
import dev.counterfoil.Update;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules by which a transaction goes, as far as they concern SQLite. */
@Timeout(60)
class SqliteProtocolTest {
    @TempDir
    Path directory;

    private Path file;
    private String url;

    @BeforeEach
    void openTill() {
        file = directory.resolve("books.db");
        url = "jdbc:sqlite:" + file;
        try (JdbcLedger ledger = JdbcLedger.open(url)) {
            Till.apply(ledger, Till.opening());
        }
    }

    /** The statements of each transaction, in order. */
    private static final class Recorder implements TestPool.Fault {
        private final List<String> statements = new CopyOnWriteArrayList<>();

        @Override
        public void before(String sql) {
            statements.add(sql);
        }

        List<String> take() {
            List<String> taken = List.copyOf(statements);
            statements.clear();
            return taken;
        }
    }

    @Test
    void aKeyIsLookedUpBehindTheLocksNeverBefore() throws SQLException {
        try (TestPool pool = new TestPool(file, 1);
                JdbcLedger ledger = JdbcLedger.builder(pool).build()) {
            Recorder recorder = new Recorder();
            pool.fault(recorder);
            Till.apply(ledger, Till.cent("c-1"));
            List<String> all = recorder.take();
            int lock = all.indexOf("BEGIN IMMEDIATE");
            int commit = all.indexOf("COMMIT");
            assertThat(lock).isNotNegative();
            for (int i = 0; i < all.size(); i++) {
                if (all.get(i).contains("counterfoil_")) {
                    assertThat(i).isBetween(lock, commit);
                }
            }
            int cell = firstWith(all, "SELECT", "FROM \"counterfoil_cell\"");
            int key = firstWith(all, "SELECT", "FROM \"counterfoil_decision\"");
            assertThat(key).isGreaterThan(cell);
        }
    }

    @Test
    void newCellsThenDecisionsThenEntriesThenChangedCellsAreWritten() throws SQLException {
        try (TestPool pool = new TestPool(file, 1);
                JdbcLedger ledger = JdbcLedger.builder(pool).build()) {
            Recorder recorder = new Recorder();
            pool.fault(recorder);
            BalanceId fresh = AccountId.of("drawer", "new").balance("cash", Till.SAR);
            Till.apply(
                    ledger,
                    Update.of("k")
                            .add(Till.drawer(0), "1.00")
                            .open(fresh, "1.00", Limits.none())
                            .build());
            List<String> all = recorder.take();
            assertThat(List.of(
                            firstWith(all, "INSERT", "counterfoil_cell"),
                            firstWith(all, "INSERT", "counterfoil_decision"),
                            firstWith(all, "INSERT", "counterfoil_entry"),
                            firstWith(all, "UPDATE", "counterfoil_cell"),
                            all.indexOf("COMMIT")))
                    .isSorted()
                    .doesNotContain(-1);
        }
    }

    private static int firstWith(List<String> statements, String beginning, String part) {
        for (int i = 0; i < statements.size(); i++) {
            if (statements.get(i).startsWith(beginning) && statements.get(i).contains(part)) {
                return i;
            }
        }
        return -1;
    }

    @Test
    void aReplayIsNoLessDurableThanTheOriginalItCommitsToo() throws SQLException {
        try (TestPool pool = new TestPool(file, 1);
                JdbcLedger ledger = JdbcLedger.builder(pool).build()) {
            Till.apply(ledger, Till.cent("c-1"));
            Recorder recorder = new Recorder();
            pool.fault(recorder);
            assertThat(Till.apply(ledger, Till.cent("c-1")).replayed()).isTrue();
            assertThat(recorder.take())
                    .containsOnlyOnce("BEGIN IMMEDIATE", "COMMIT")
                    .noneMatch(sql -> sql.startsWith("INSERT") || sql.startsWith("UPDATE"));
        }
    }

    @Test
    void readsAreShortTransactionsThatTakeNoLock() throws SQLException {
        try (TestPool pool = new TestPool(file, 1);
                JdbcLedger ledger = JdbcLedger.builder(pool).build()) {
            Recorder recorder = new Recorder();
            pool.fault(recorder);
            ledger.read(Till.drawer(0).account(), Till.drawer(1).account());
            assertThat(recorder.take()).containsOnlyOnce("BEGIN", "COMMIT").doesNotContain("BEGIN IMMEDIATE");
            ledger.history(Till.drawer(0), PageRequest.first(10));
            assertThat(recorder.take()).containsOnlyOnce("BEGIN", "COMMIT").doesNotContain("BEGIN IMMEDIATE");
        }
    }

    @Test
    void manySendersOfOneKeyGetOneDecisionAndReplays() throws Exception {
        int threads = 8;
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try (JdbcLedger one = JdbcLedger.open(url);
                JdbcLedger two = JdbcLedger.open(url)) {
            CyclicBarrier together = new CyclicBarrier(threads);
            for (int round = 0; round < 20; round++) {
                BalanceId fresh = AccountId.of("fresh", "f" + round).balance("cash", Till.SAR);
                Update update = Update.of("round-" + round)
                        .open(fresh, "0.00", Limits.none())
                        .transfer(Till.drawer(0), Till.drawer(1), "0.01")
                        .build();
                List<Callable<Applied>> calls = new ArrayList<>();
                for (int t = 0; t < threads; t++) {
                    JdbcLedger ledger = t % 2 == 0 ? one : two;
                    calls.add(() -> {
                        together.await();
                        return Till.apply(ledger, update);
                    });
                }
                int decided = 0;
                List<Object> receipts = new ArrayList<>();
                for (Future<Applied> call : executor.invokeAll(calls)) {
                    decided += call.get().replayed() ? 0 : 1;
                    receipts.add(call.get().receipt());
                }
                assertThat(decided).isEqualTo(1);
                assertThat(receipts).containsOnly(receipts.get(0));
            }
        } finally {
            executor.shutdownNow();
        }
    }

    /** Nobody holds a turn or the database's lock here: only the unique index decides. */
    @Test
    void theUniqueInsertIsTheArbiterWhenALookUpHasSeenNothing() throws SQLException {
        Path other = directory.resolve("other.db");
        try (TestPool pool = new TestPool(file, 1);
                JdbcLedger ledger = JdbcLedger.builder(pool).build();
                JdbcLedger source = JdbcLedger.open("jdbc:sqlite:" + other)) {
            Till.apply(source, Till.opening());
            Till.apply(source, Till.cent("c-1"));
            // In the transaction itself, between look-up and insert, the key comes into being.
            boolean[] done = new boolean[1];
            pool.fault(new TestPool.Fault() {
                @Override
                public void before(String sql) throws SQLException {
                    if (sql.startsWith("INSERT INTO \"counterfoil_decision\"") && !done[0]) {
                        done[0] = true;
                        try (var statement = pool.only().createStatement()) {
                            statement.execute("INSERT INTO counterfoil_decision SELECT 99, namespace, scope, 'c-1',"
                                    + " fingerprint_version, fingerprint, outcome, NULL, NULL, NULL, balanced,"
                                    + " recorded_at, effective_at, metadata, detail FROM counterfoil_decision");
                        }
                    }
                }
            });
            // The group is run again from its beginning, and is decided then; no fault reaches the caller.
            assertThat(Till.apply(ledger, Till.cent("c-1")).replayed()).isFalse();
            assertThat(done[0]).isTrue();
        }
        Till.assertSound(file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"9999-12-31T23:59:59.999999Z", "2199-01-01T00:00:00.000000Z"})
    void recordedAtNeverGoesBackAlthoughTheClockDoes(String future) throws SQLException {
        try (JdbcLedger ledger = JdbcLedger.open(url);
                PlainSql sql = new PlainSql(file)) {
            Till.apply(ledger, Till.cent("c-1"));
            assertThat(sql.one("SELECT recorded_at FROM counterfoil_decision WHERE key = 'c-1'"))
                    .isLessThan(future);
            // As if this cell had last been written by a machine whose clock was ahead.
            sql.run("UPDATE counterfoil_cell SET last_at = '" + future + "' WHERE account_id = '1'");
            Applied raised = Till.apply(ledger, Till.cent("c-2"));
            assertThat(raised.recordedAt()).isEqualTo(Instant.parse(future));
            assertThat(sql.rows("SELECT DISTINCT e.recorded_at FROM counterfoil_entry e JOIN counterfoil_decision d"
                            + " ON d.id = e.decision_id AND d.key = 'c-2'"))
                    .containsExactly(future);
            // What it touched carries the time on, what it did not touch keeps the clock's.
            Applied carried = Till.apply(
                    ledger,
                    Update.of("c-3")
                            .transfer(Till.drawer(0), Till.drawer(5), "0.01")
                            .build());
            assertThat(carried.recordedAt()).isEqualTo(Instant.parse(future));
            Outcome untouched = ledger.apply(Update.of("c-4")
                    .transfer(Till.drawer(7), Till.drawer(8), "0.01")
                    .build());
            assertThat(((Applied) untouched).recordedAt()).isBefore(Instant.parse(future));
            Outcome refused = ledger.apply(
                    Update.of("c-5").take(Till.drawer(5), "1000.00").build());
            assertThat(((Rejected) refused).recordedAt()).isEqualTo(Instant.parse(future));
        }
        Till.assertSound(file);
    }

    @Test
    void recordedAtNeverDecreasesInACellWhoeverWrites() throws Exception {
        int threads = 6;
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try (JdbcLedger one = JdbcLedger.open(url);
                JdbcLedger two = JdbcLedger.open(url)) {
            List<Callable<Void>> calls = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                JdbcLedger ledger = t % 2 == 0 ? one : two;
                String name = "t" + t;
                calls.add(() -> {
                    for (int i = 0; i < 60; i++) {
                        ledger.apply(Till.transfer(name + "-" + i));
                    }
                    return null;
                });
            }
            for (Future<Void> call : executor.invokeAll(calls)) {
                call.get();
            }
            for (int i = 0; i < Till.SIZE; i++) {
                var entries =
                        one.history(Till.drawer(i), PageRequest.first(1000)).items();
                for (int e = 1; e < entries.size(); e++) {
                    assertThat(entries.get(e).recordedAt())
                            .isAfterOrEqualTo(entries.get(e - 1).recordedAt());
                }
            }
        } finally {
            executor.shutdownNow();
        }
        Till.assertSound(file);
    }

    @Test
    void aReadIsOneConsistentViewWhileOthersWrite() throws Exception {
        AccountId[] accounts = new AccountId[Till.SIZE];
        for (int i = 0; i < Till.SIZE; i++) {
            accounts[i] = Till.drawer(i).account();
        }
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try (JdbcLedger ledger = JdbcLedger.open(url)) {
            List<Future<?>> writers = new ArrayList<>();
            for (int t = 0; t < 2; t++) {
                String name = "t" + t;
                writers.add(executor.submit(() -> {
                    for (int i = 0; i < 300; i++) {
                        ledger.apply(Till.transfer(name + "-" + i));
                    }
                }));
            }
            int reads = 0;
            while (!writers.stream().allMatch(Future::isDone)) {
                var snapshot = ledger.read(accounts);
                var total = java.math.BigDecimal.ZERO;
                for (int i = 0; i < Till.SIZE; i++) {
                    total = total.add(snapshot.balance(Till.drawer(i)));
                }
                assertThat(total).isEqualByComparingTo(Till.SIZE + "00.00");
                reads++;
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
            assertThat(reads).isPositive();
        } finally {
            executor.shutdownNow();
        }
    }

    /** Rule 9: who joins late still sees that the file is in the state that the other one left, without a stale view. */
    @Test
    void aForeignWriterBetweenTwoCallsIsSeenByTheNextOne() throws SQLException {
        try (JdbcLedger ledger = JdbcLedger.open(url);
                Connection foreign = DriverManager.getConnection(url)) {
            Till.apply(ledger, Till.cent("c-1"));
            try (JdbcLedger other = JdbcLedger.open(url)) {
                Till.apply(other, Till.cent("c-2"));
            }
            assertThat(foreign.isValid(1)).isTrue();
            assertThat(Till.apply(ledger, Till.cent("c-3")).receipt().balance(Till.drawer(0)))
                    .isEqualByComparingTo("99.97");
        }
    }
}
