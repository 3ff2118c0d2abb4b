package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.BatchException;
import dev.counterfoil.Fate;
import dev.counterfoil.JournalId;
import dev.counterfoil.Key;
import dev.counterfoil.LedgerException;
import dev.counterfoil.NotAppliedException;
import dev.counterfoil.Outcome;
import dev.counterfoil.OutcomeUnknownException;
import dev.counterfoil.Update;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What goes wrong below the ledger: what the caller is told, and what the file says. */
@Timeout(60)
class SqliteFaultsTest {
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

    private static JdbcLedger on(TestPool pool) {
        return JdbcLedger.builder(pool).timeout(Duration.ofSeconds(1)).build();
    }

    private static TestPool.Fault atCommit(boolean tookEffect, int times, SQLException failure) {
        AtomicInteger left = new AtomicInteger(times);
        return new TestPool.Fault() {
            @Override
            public void before(String sql) throws SQLException {
                fail(sql, !tookEffect);
            }

            @Override
            public void after(String sql) throws SQLException {
                fail(sql, tookEffect);
            }

            private void fail(String sql, boolean now) throws SQLException {
                if (now && sql.equals("COMMIT") && left.getAndDecrement() > 0) {
                    throw failure;
                }
            }
        };
    }

    private static SQLException failure(SQLiteErrorCode code) {
        return new SQLiteException("injected", code);
    }

    @ParameterizedTest
    @CsvSource({"SQLITE_IOERR_FSYNC, true", "SQLITE_IOERR_WRITE, false", "SQLITE_NOMEM, true", "SQLITE_INTERRUPT, false"
    })
    void aCommitThatFailedIsResolvedByAskingAgain(SQLiteErrorCode code, boolean tookEffect) throws SQLException {
        try (TestPool pool = new TestPool(file, 1);
                JdbcLedger ledger = on(pool)) {
            pool.fault(atCommit(tookEffect, 1, failure(code)));
            Applied applied = Till.apply(ledger, Till.cent("c-1"));
            assertThat(applied.receipt().balance(Till.drawer(0))).isEqualByComparingTo("99.99");
            assertThat(Till.cash(ledger, 0)).isEqualByComparingTo("99.99");
        }
        Till.assertSound(file);
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void aCommitThatIsNeverResolvedIsUnknownAndTheKeyIsNamed(boolean tookEffect) throws SQLException {
        try (TestPool pool = new TestPool(file, 1);
                JdbcLedger ledger = on(pool)) {
            pool.fault(atCommit(tookEffect, Integer.MAX_VALUE, failure(SQLiteErrorCode.SQLITE_IOERR)));
            OutcomeUnknownException unknown =
                    catchThrowableOfType(OutcomeUnknownException.class, () -> ledger.apply(Till.cent("c-1")));
            assertThat(unknown.key()).isEqualTo(Key.of("c-1"));
            assertThat(unknown.fate()).isEqualTo(Fate.UNKNOWN);
            pool.noFault();
            assertThat(Till.apply(ledger, Till.cent("c-1")).replayed()).isEqualTo(tookEffect);
            assertThat(Till.cash(ledger, 0)).isEqualByComparingTo("99.99");
        }
        Till.assertSound(file);
    }

    @Test
    void aDatabaseThatIsGoneAfterAnUnknownCommitLeavesItUnknown() throws SQLException {
        try (TestPool pool = new TestPool(file, 1);
                JdbcLedger ledger = on(pool)) {
            AtomicInteger commits = new AtomicInteger();
            pool.fault(new TestPool.Fault() {
                @Override
                public void before(String sql) throws SQLException {
                    if (sql.equals("getConnection") && commits.get() > 0) {
                        throw new SQLException("the pool is broken");
                    }
                }

                @Override
                public void after(String sql) throws SQLException {
                    if (sql.equals("COMMIT")) {
                        commits.incrementAndGet();
                        throw failure(SQLiteErrorCode.SQLITE_IOERR);
                    }
                }
            });
            assertThatThrownBy(() -> ledger.apply(Till.cent("c-1"))).isInstanceOf(OutcomeUnknownException.class);
            pool.noFault();
            assertThat(Till.apply(ledger, Till.cent("c-1")).replayed()).isTrue();
        }
    }

    @Test
    void aPoolThatThrowsWhatItMustNotAtCommitLeavesItUnknown() throws SQLException {
        try (TestPool pool = new TestPool(file, 1);
                JdbcLedger ledger = on(pool)) {
            pool.fault(new TestPool.Fault() {
                @Override
                public void after(String sql) {
                    if (sql.equals("COMMIT")) {
                        throw new IllegalStateException("injected");
                    }
                }
            });
            assertThatThrownBy(() -> ledger.apply(Till.cent("c-1"))).isInstanceOf(OutcomeUnknownException.class);
            pool.noFault();
            assertThat(Till.apply(ledger, Till.cent("c-1")).replayed()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = SQLiteErrorCode.class,
            names = {"SQLITE_BUSY", "SQLITE_LOCKED"})
    void aCommitThatFindsTheFileBusyIsSentAgain(SQLiteErrorCode code) throws SQLException {
        try (TestPool pool = new TestPool(file, 1);
                JdbcLedger ledger = on(pool)) {
            pool.fault(atCommit(false, 1, failure(code)));
            assertThat(Till.apply(ledger, Till.cent("c-1")).replayed()).isFalse();
            pool.fault(atCommit(false, Integer.MAX_VALUE, failure(code)));
            assertThatThrownBy(() -> ledger.apply(Till.cent("c-2"))).isInstanceOf(NotAppliedException.class);
            pool.noFault();
            assertThat(ledger.find("c-2")).isEmpty();
            assertThat(Till.apply(ledger, Till.cent("c-2")).replayed()).isFalse();
        }
        Till.assertSound(file);
    }

    @ParameterizedTest
    @EnumSource(
            value = SQLiteErrorCode.class,
            names = {"SQLITE_FULL", "SQLITE_CORRUPT", "SQLITE_READONLY", "SQLITE_CONSTRAINT"})
    void aCommitThatTheDatabaseRefusedIsNotApplied(SQLiteErrorCode code) throws SQLException {
        try (TestPool pool = new TestPool(file, 1);
                JdbcLedger ledger = on(pool)) {
            pool.fault(atCommit(false, 1, failure(code)));
            assertThatThrownBy(() -> ledger.apply(Till.cent("c-1"))).isInstanceOf(NotAppliedException.class);
            assertThat(Till.apply(ledger, Till.cent("c-1")).replayed()).isFalse();
        }
        Till.assertSound(file);
    }

    @Test
    void aFaultThatAPoolHasWrappedIsStillKnown() throws SQLException {
        try (TestPool pool = new TestPool(file, 1);
                JdbcLedger ledger = on(pool)) {
            pool.fault(atCommit(false, 1, new SQLException("of the pool", failure(SQLiteErrorCode.SQLITE_BUSY))));
            assertThat(Till.apply(ledger, Till.cent("c-1")).replayed()).isFalse();
            SQLException chained = new SQLException("of the pool");
            chained.setNextException(failure(SQLiteErrorCode.SQLITE_FULL));
            pool.fault(atCommit(false, 1, chained));
            assertThatThrownBy(() -> ledger.apply(Till.cent("c-2"))).isInstanceOf(NotAppliedException.class);
            SQLException circle = new SQLException("of the pool");
            circle.setNextException(new SQLException("of the pool", circle));
            pool.fault(atCommit(true, 1, circle));
            assertThat(Till.apply(ledger, Till.cent("c-3")).replayed()).isTrue();
        }
    }

    @Test
    void aFullDiskEndsTheCallAndLaterCallsWorkOnceThereIsRoom() throws SQLException {
        JournalId journal = AccountId.of("box", "1").journal("records");
        String record = "x".repeat(60_000);
        try (TestPool pool = new TestPool(file, 1);
                JdbcLedger ledger = on(pool)) {
            Till.apply(ledger, Update.of("open").open(journal).build());
            pool.everywhere("PRAGMA max_page_count = 100");
            int n = 0;
            LedgerException full = null;
            while (full == null) {
                Update update = Update.of("fill-" + n)
                        .transfer(Till.drawer(0), Till.drawer(1), "1.00")
                        .append(journal, record)
                        .build();
                try {
                    Till.apply(ledger, update);
                    n++;
                } catch (LedgerException e) {
                    full = e;
                }
            }
            assertThat(full).isInstanceOf(NotAppliedException.class);
            assertThat(n).isPositive();
            assertThat(ledger.find("fill-" + n)).isEmpty();
            assertThat(ledger.read(journal.account()).count(journal)).isEqualTo(n);
            assertThat(Till.cash(ledger, 0)).isEqualByComparingTo(Integer.toString(100 - n));
            // One that fits goes through, in the same batch as one that does not.
            BatchException some = catchThrowableOfType(
                    BatchException.class,
                    () -> ledger.applyEach(
                            List.of(Update.of("large").append(journal, record).build(), Till.cent("small"))));
            assertThat(some.fate()).isEqualTo(Fate.NOT_APPLIED);
            pool.everywhere("PRAGMA max_page_count = 1000000");
            List<Outcome> both = ledger.applyEach(
                    List.of(Update.of("large").append(journal, record).build(), Till.cent("small")));
            assertThat(both).hasOnlyElementsOfType(Applied.class);
        }
    }

    @Test
    void aCorruptDecisionConcernsItsOwnKeyOnly() throws SQLException {
        try (JdbcLedger ledger = JdbcLedger.open(url)) {
            for (String key : List.of("cut", "lie", "gone", "fine")) {
                Till.apply(ledger, Till.cent(key));
            }
            try (PlainSql sql = new PlainSql(file)) {
                sql.run(
                        "DROP TRIGGER counterfoil_decision_no_update",
                        "UPDATE counterfoil_decision SET detail = substr(detail, 1, 40) WHERE key = 'cut'",
                        "UPDATE counterfoil_decision SET detail = '{\"entries\":[{\"kind\":7}]}' WHERE key = 'lie'",
                        "UPDATE counterfoil_decision SET outcome = 'MAYBE' WHERE key = 'gone'");
            }
            for (String key : List.of("cut", "lie", "gone")) {
                assertThatThrownBy(() -> ledger.apply(Till.cent(key))).isInstanceOf(NotAppliedException.class);
                assertThatThrownBy(() -> ledger.find(key)).isInstanceOf(LedgerException.class);
            }
            BatchException batch = catchThrowableOfType(
                    BatchException.class,
                    () -> ledger.applyEach(List.of(
                            Till.cent("new-1"),
                            Till.cent("cut"),
                            Till.cent("fine"),
                            Till.cent("lie"),
                            Till.cent("gone"),
                            Till.cent("new-2"))));
            assertThat(batch.results().stream().map(r -> r.outcome().isPresent()))
                    .containsExactly(true, false, true, false, false, true);
            assertThat(batch.fate()).isEqualTo(Fate.NOT_APPLIED);
            assertThat(Till.cash(ledger, 0)).isEqualByComparingTo("99.94");
        }
    }

    @Test
    void aFileThatWasDeletedTakesNoMoreUpdates() throws IOException {
        try (JdbcLedger ledger = JdbcLedger.open(url)) {
            Till.apply(ledger, Till.cent("c-1"));
            try (var files = Files.list(directory)) {
                for (Path each : files.toList()) {
                    Files.delete(each);
                }
            }
            assertThatThrownBy(() -> ledger.apply(Till.cent("c-2")))
                    .isInstanceOf(NotAppliedException.class)
                    .hasMessageContaining("books.db")
                    .hasMessageContaining("deleted or replaced");
        }
    }

    @Test
    void aFileThatWasReplacedTakesNoMoreUpdatesUntilItIsOpenedAgain() throws IOException {
        Path copy = directory.resolve("copy.db");
        Files.copy(file, copy);
        try (JdbcLedger ledger = JdbcLedger.open(url)) {
            Till.apply(ledger, Till.cent("c-1"));
            Files.deleteIfExists(directory.resolve("books.db-wal"));
            Files.deleteIfExists(directory.resolve("books.db-shm"));
            Files.move(copy, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            assertThatThrownBy(() -> ledger.apply(Till.cent("c-2"))).isInstanceOf(NotAppliedException.class);
        }
        try (JdbcLedger again = JdbcLedger.open(url)) {
            assertThat(Till.apply(again, Till.cent("c-1")).replayed()).isFalse();
        }
    }

    @Test
    void aCallerWhoWaitsForAStrangerOrForItsTurnCanBeInterrupted() throws Exception {
        try (PlainSql stranger = new PlainSql(file);
                JdbcLedger ledger =
                        // Each with a transaction of its own: with shared commits the second would wait in the queue.
                        JdbcLedger.builder(url)
                                .timeout(Duration.ofSeconds(30))
                                .groupCommit(false)
                                .build()) {
            stranger.run("BEGIN IMMEDIATE");
            AtomicReference<Throwable> first = new AtomicReference<>();
            AtomicReference<Throwable> second = new AtomicReference<>();
            Thread forTheStranger = caller(ledger, "c-1", first);
            awaitInside(forTheStranger, "SqliteDialect");
            Thread forItsTurn = caller(ledger, "c-2", second);
            awaitInside(forItsTurn, "Turnstile");
            long start = System.nanoTime();
            forItsTurn.interrupt();
            forItsTurn.join();
            forTheStranger.interrupt();
            forTheStranger.join();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
            assertThat(first.get()).isInstanceOf(NotAppliedException.class);
            assertThat(second.get()).isInstanceOf(NotAppliedException.class);
            stranger.run("ROLLBACK");
            assertThat(Till.apply(ledger, Till.cent("c-1")).replayed()).isFalse();
        }
    }

    private static Thread caller(JdbcLedger ledger, String key, AtomicReference<Throwable> end) {
        Thread caller = new Thread(() -> {
            try {
                ledger.apply(Till.cent(key));
            } catch (RuntimeException e) {
                end.set(Thread.currentThread().isInterrupted() ? e : new AssertionError("the flag is lost", e));
            }
        });
        caller.start();
        return caller;
    }

    private static void awaitInside(Thread thread, String type) {
        while (Stream.of(thread.getStackTrace())
                .noneMatch(frame -> frame.getClassName().endsWith("." + type))) {
            assertThat(thread.isAlive()).isTrue();
            Thread.onSpinWait();
        }
    }

    @Test
    void closingAnswersTheCallsThatAreUnderWay() throws Exception {
        int threads = 8;
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            JdbcLedger ledger = JdbcLedger.open(url);
            AtomicInteger acknowledged = new AtomicInteger();
            CountDownLatch busy = new CountDownLatch(threads * 3);
            List<Callable<Void>> calls = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                String name = "t" + t;
                calls.add(() -> {
                    try {
                        for (int i = 0; ; i++) {
                            Till.apply(ledger, Till.cent(name + "-" + i));
                            acknowledged.incrementAndGet();
                            busy.countDown();
                        }
                    } catch (IllegalStateException closed) {
                        assertThat(closed).hasMessageContaining("closed");
                        return null;
                    }
                });
            }
            List<Future<Void>> ends = new ArrayList<>();
            calls.forEach(call -> ends.add(executor.submit(call)));
            busy.await();
            ledger.close();
            // The last connection takes the log with it.
            assertThat(directory.resolve("books.db-wal")).doesNotExist();
            try (PlainSql sql = new PlainSql(file)) {
                long decided = sql.count("SELECT count(*) FROM counterfoil_decision");
                for (Future<Void> end : ends) {
                    end.get();
                }
                assertThat(decided).isEqualTo(acknowledged.get() + 1L);
            }
            Till.assertSound(file);
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void afterAFaultInTheBodyTheNextCallGetsAUsableConnection() throws SQLException {
        try (TestPool pool = new TestPool(file, 1);
                JdbcLedger ledger = on(pool)) {
            for (SQLiteErrorCode code : new SQLiteErrorCode[] {
                SQLiteErrorCode.SQLITE_IOERR_READ, SQLiteErrorCode.SQLITE_CORRUPT, SQLiteErrorCode.SQLITE_ERROR
            }) {
                pool.fault(new TestPool.Fault() {
                    @Override
                    public void before(String sql) throws SQLException {
                        if (sql.startsWith("INSERT")) {
                            throw failure(code);
                        }
                    }
                });
                assertThatThrownBy(() -> ledger.apply(Till.cent("c-" + code))).isInstanceOf(NotAppliedException.class);
                pool.noFault();
                assertThat(Till.apply(ledger, Till.cent("c-" + code)).replayed())
                        .isFalse();
            }
        }
        Till.assertSound(file);
    }

    @Test
    void aRollbackThatFailsDoesNotHideWhatWentWrong() throws SQLException {
        try (TestPool pool = new TestPool(file, 1);
                JdbcLedger ledger = on(pool)) {
            pool.fault(new TestPool.Fault() {
                @Override
                public void before(String sql) throws SQLException {
                    if (sql.startsWith("INSERT")) {
                        throw failure(SQLiteErrorCode.SQLITE_FULL);
                    }
                    if (sql.equals("ROLLBACK")) {
                        throw failure(SQLiteErrorCode.SQLITE_IOERR);
                    }
                }
            });
            assertThatThrownBy(() -> ledger.apply(Till.cent("c-1")))
                    .isInstanceOf(NotAppliedException.class)
                    .rootCause()
                    .extracting(cause -> ((SQLException) cause).getErrorCode())
                    .isEqualTo(13);
            pool.noFault();
            assertThat(Till.apply(ledger, Till.cent("c-1")).replayed()).isFalse();
        }
        Till.assertSound(file);
    }
}
