package dev.counterfoil.stress.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.Balance;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Ledger;
import dev.counterfoil.Limits;
import dev.counterfoil.Outcome;
import dev.counterfoil.Rejected;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.jdbc.JdbcLedger;
import dev.counterfoil.jdbc.dialect.Dialect;
import dev.counterfoil.jdbc.dialect.GaleraDialect;
import dev.counterfoil.jdbc.dialect.MariaDbDialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rule 6: what a ledger does on a Galera cluster, whose nodes hold locks each for itself, and lag behind each other. */
@Tag("galera")
@Timeout(300)
class GaleraRule6Test {
    private static final Unit SAR = Unit.of("SAR", 2);
    private static final int PAIRS = 30;

    private GaleraFixture galera;

    /** Its transactions wait for each other before they commit, once they are told to. */
    private static class Together extends GaleraDialect {
        private final CyclicBarrier both = new CyclicBarrier(2);
        private final AtomicInteger expected = new AtomicInteger();

        final void expectTwo() {
            expected.set(2);
        }

        @Override
        public void commit(Connection connection) throws SQLException {
            if (expected.getAndDecrement() > 0) {
                try {
                    both.await(20, TimeUnit.SECONDS);
                } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
                    throw new IllegalStateException(e);
                }
            }
            super.commit(connection);
        }
    }

    /** Writes no more than what changes. */
    private static final class WithoutTouch extends Together {
        @Override
        public boolean certifiesWritesOnly() {
            return false;
        }
    }

    /** Does not wait for what other nodes have committed. */
    private static final class WithoutSyncWait extends MariaDbDialect {
        @Override
        public boolean certifiesWritesOnly() {
            return true;
        }
    }

    /** Its transactions that are rolled back fail at that too, as those do that another node has ended before. */
    private static final class RollbackThrows extends GaleraDialect {
        private final AtomicInteger thrown = new AtomicInteger(-1);

        @Override
        public void rollback(Connection connection) throws SQLException {
            super.rollback(connection);
            if (thrown.get() < 0) {
                return;
            }
            thrown.incrementAndGet();
            throw new SQLException("Deadlock found when trying to get lock", "40001", 1213);
        }
    }

    @BeforeEach
    void start() throws Exception {
        galera = new GaleraFixture();
    }

    @AfterEach
    void end() {
        if (galera != null) {
            galera.close();
        }
    }

    private static BalanceId cash(String id) {
        return AccountId.of("till", id).balance("cash", SAR);
    }

    private static Update opening(String id) {
        return Update.of("open-" + id)
                .open(cash(id), "0.00", Limits.nonNegative())
                .build();
    }

    private static Update put(String key, String id, String amount) {
        return Update.of(key).add(cash(id), amount).build();
    }

    private static Update take(String key, String id, String amount) {
        // A refusal that is kept is written, and meets the first answer at its commit.
        return Update.of(key).take(cash(id), amount).retryable().build();
    }

    @Test
    void aLedgerSeesByItselfThatItIsInACluster() throws SQLException {
        try (Connection connection = galera.pool(0).getConnection()) {
            assertThat(new MariaDbDialect().on(connection)).isInstanceOf(GaleraDialect.class);
        }
    }

    @Test
    void ofTwoUpdatesThatEachLookAtWhatTheOtherWritesOneIsApplied() throws Exception {
        assertThat(skewed(new Together())).isZero();
    }

    @Test
    void whereTheRowThatDecidedIsNotWrittenBothAreApplied() throws Exception {
        assertThat(skewed(new WithoutTouch())).isPositive();
    }

    /** Of pairs that cannot both be applied one after the other, how many were both applied. */
    private int skewed(Together dialect) throws Exception {
        Ledger first = galera.ledger(0, dialect);
        Ledger second = galera.ledger(1, dialect);
        first.applyEach(IntStream.range(0, PAIRS)
                .boxed()
                .flatMap(i -> List.of(opening("a" + i), opening("b" + i)).stream())
                .toList());
        // Rows with NULL in an index of several columns are taken for equal: no two decisions would pass at once
        // anyway.
        run("DROP INDEX counterfoil_decision_reference ON counterfoil_decision");
        run("DROP INDEX counterfoil_decision_reverses ON counterfoil_decision");
        int both = 0;
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try {
            for (int i = 0; i < PAIRS; i++) {
                Update one = unlessChanged("one-" + i, "a" + i, "b" + i);
                Update other = unlessChanged("other-" + i, "b" + i, "a" + i);
                dialect.expectTwo();
                Future<Outcome> ofFirst = executor.submit(() -> first.apply(one));
                Future<Outcome> ofSecond = executor.submit(() -> second.apply(other));
                both += ofFirst.get() instanceof Applied && ofSecond.get() instanceof Applied ? 1 : 0;
            }
        } finally {
            executor.shutdownNow();
        }
        System.out.println("both applied: " + both + " of " + PAIRS);
        return both;
    }

    private static Update unlessChanged(String key, String looksAt, String writes) {
        return Update.of(key)
                .requireVersion(cash(looksAt), 1)
                .add(cash(writes), "1.00")
                .build();
    }

    private void run(String sql) throws SQLException {
        try (Connection connection = galera.pool(0).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void whoLocksCellsInATransactionOfHisOwnMeetsWhoDoesTheSameElsewhere() throws Exception {
        assertThat(lockedByBoth(new GaleraDialect())).isFalse();
    }

    @Test
    void whereLocksAreNotWrittenBothHoldTheSameCell() throws Exception {
        assertThat(lockedByBoth(new WithoutTouch())).isTrue();
    }

    /** Two transactions of callers lock one cell on two nodes, and write something of their own. */
    private boolean lockedByBoth(Dialect dialect) throws Exception {
        JdbcLedger first = galera.ledger(0, dialect);
        JdbcLedger second = galera.ledger(1, dialect);
        run("CREATE TABLE own (id bigint PRIMARY KEY)");
        first.apply(opening("t")).orThrow();
        assertThat(second.read(AccountId.of("till", "t")).cells()).hasSize(1);
        try (Connection one = joinable(0);
                Connection other = joinable(1)) {
            lockAndWrite(first, one, 1);
            lockAndWrite(second, other, 2);
            one.commit();
            try {
                other.commit();
                return true;
            } catch (SQLException e) {
                assertThat(e.getErrorCode()).isEqualTo(1213);
                return false;
            }
        }
    }

    private Connection joinable(int node) throws SQLException {
        Connection connection = galera.pool(node).getConnection();
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        return connection;
    }

    private static void lockAndWrite(JdbcLedger ledger, Connection connection, int id) throws SQLException {
        ledger.in(connection).lock(cash("t"));
        try (Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO own VALUES (" + id + ")");
        }
    }

    @Test
    void whatIsSentAgainThroughAnotherNodeGetsTheAnswerOfTheFirst() throws Exception {
        Outcome again = sentAgainElsewhere(new GaleraDialect());
        assertThat(again)
                .isInstanceOfSatisfying(
                        Applied.class, applied -> assertThat(applied.replayed()).isTrue());
    }

    @Test
    void withoutTheWaitItIsToldThatItWasRejectedThoughTheMoneyMoved() throws Exception {
        assertThat(sentAgainElsewhere(new WithoutSyncWait())).isInstanceOf(Rejected.class);
    }

    /** Money comes and goes on one node while another one still works on a large transaction that came before. */
    private Outcome sentAgainElsewhere(Dialect dialect) throws Exception {
        Ledger first = galera.ledger(0, dialect);
        Ledger second = galera.ledger(1, dialect);
        first.apply(opening("t")).orThrow();
        try (Connection connection = galera.pool(0).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE big (id bigint PRIMARY KEY, a bigint, b bigint, KEY (a), KEY (b))");
            assertThat(second.read(AccountId.of("till", "t")).cells()).hasSize(1);
            statement.execute("INSERT INTO big SELECT seq, rand() * 1e9, rand() * 1e9 FROM seq_1_to_150000");
        }
        first.apply(put("in", "t", "100.00")).orThrow();
        first.apply(take("out", "t", "100.00")).orThrow();
        return second.apply(take("out", "t", "100.00"));
    }

    @Test
    void aRollbackThatThrowsReplacesNoVerdict() throws Exception {
        RollbackThrows dialect = new RollbackThrows();
        List<JdbcLedger> ledgers = List.of(galera.ledger(0, dialect), galera.ledger(1, dialect));
        dialect.thrown.set(0);
        add(ledgers, 100);
        assertThat(dialect.thrown).hasPositiveValue();
    }

    @Test
    void listsOnOneCellThroughAllNodesAreAllApplied() throws Exception {
        add(List.of(galera.ledger(0), galera.ledger(1), galera.ledger(2)), 120);
    }

    /** Each ledger adds to one cell, ten updates at a time; all of it is there at the end. */
    private static void add(List<? extends Ledger> ledgers, int each) throws Exception {
        ledgers.get(0).apply(opening("hot")).orThrow();
        ExecutorService executor = Executors.newFixedThreadPool(ledgers.size());
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < ledgers.size(); i++) {
                Ledger ledger = ledgers.get(i);
                String name = "n" + i + "-";
                all.add(executor.submit(() -> {
                    for (int from = 0; from < each; from += 10) {
                        List<Update> list = IntStream.range(from, from + 10)
                                .mapToObj(n -> put(name + n, "hot", "1.00"))
                                .toList();
                        assertThat(ledger.applyEach(list)).allMatch(Applied.class::isInstance);
                    }
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            executor.shutdownNow();
        }
        Balance hot = (Balance) ledgers.get(0).read(AccountId.of("till", "hot")).cells().stream()
                .findFirst()
                .orElseThrow();
        assertThat(hot.amount()).isEqualByComparingTo(Integer.toString(ledgers.size() * each));
    }
}
