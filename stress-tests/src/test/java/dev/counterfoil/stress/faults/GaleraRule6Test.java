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
import dev.counterfoil.jdbc.dialect.Dialect;
import dev.counterfoil.jdbc.dialect.GaleraDialect;
import dev.counterfoil.jdbc.dialect.MariaDbDialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
    private static final int PAIRS = 150;

    private GaleraFixture galera;

    /** Writes no more than what changes. */
    private static final class WithoutTouch extends GaleraDialect {
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
        private int thrown;

        @Override
        public synchronized void rollback(Connection connection) throws SQLException {
            super.rollback(connection);
            thrown++;
            throw new SQLException("Deadlock found when trying to get lock", "40001", 1213);
        }
    }

    @BeforeEach
    void start() throws SQLException {
        galera = new GaleraFixture();
    }

    @AfterEach
    void end() throws Exception {
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
        return Update.of(key).take(cash(id), amount).build();
    }

    @Test
    void aLedgerSeesByItselfThatItIsInACluster() throws SQLException {
        try (Connection connection = galera.pool(0).getConnection()) {
            assertThat(new MariaDbDialect().on(connection)).isInstanceOf(GaleraDialect.class);
        }
    }

    @Test
    void ofTwoUpdatesThatEachLookAtWhatTheOtherWritesOneIsApplied() throws Exception {
        assertThat(skewed(galera.ledger(0), galera.ledger(1))).isZero();
    }

    @Test
    void whereTheRowThatDecidedIsNotWrittenBothAreApplied() throws Exception {
        assertThat(skewed(galera.ledger(0, new WithoutTouch()), galera.ledger(1, new WithoutTouch())))
                .isPositive();
    }

    /** Of pairs that cannot both be applied one after the other, how many were both applied. */
    private static int skewed(Ledger first, Ledger second) throws Exception {
        first.applyEach(IntStream.range(0, PAIRS)
                .boxed()
                .flatMap(i -> List.of(opening("a" + i), opening("b" + i)).stream())
                .toList());
        int both = 0;
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try {
            CyclicBarrier together = new CyclicBarrier(2);
            for (int i = 0; i < PAIRS; i++) {
                Update one = unlessChanged("one-" + i, "a" + i, "b" + i);
                Update other = unlessChanged("other-" + i, "b" + i, "a" + i);
                // What the first node has made is there on the second.
                assertThat(second.read(AccountId.of("till", "b" + i)).cells()).hasSize(1);
                Future<Outcome> ofFirst = executor.submit(() -> {
                    together.await();
                    return first.apply(one);
                });
                Future<Outcome> ofSecond = executor.submit(() -> {
                    together.await();
                    return second.apply(other);
                });
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

    @Test
    void whatIsSentAgainThroughAnotherNodeGetsTheAnswerOfTheFirst() throws Exception {
        Outcome again = sentAgainElsewhere(new GaleraDialect());
        assertThat(again).isInstanceOfSatisfying(Applied.class, applied -> assertThat(applied.replayed())
                .isTrue());
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
        add(List.of(galera.ledger(0, dialect), galera.ledger(1, dialect)), 40);
        assertThat(dialect.thrown).isPositive();
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
