package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.counterfoil.Applied;
import dev.counterfoil.BalanceId;
import dev.counterfoil.CellId;
import dev.counterfoil.Fate;
import dev.counterfoil.KeyReused;
import dev.counterfoil.NotAppliedException;
import dev.counterfoil.Outcome;
import dev.counterfoil.Update;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** PROTOCOL, rule 10: who waits for whom in joined transactions, where rows are locked. */
abstract class JoinedWaitingContract extends JoinedFixture {
    private static final int ROUNDS = 40;

    private Calls calls;

    JoinedWaitingContract(JoinedBooks books) {
        super(books);
    }

    @BeforeEach
    void openCalls() {
        calls = new Calls();
    }

    @AfterEach
    void closeCalls() {
        calls.close();
    }

    private static Update move(String key, int from, int to) {
        return Update.of(key)
                .transfer(Till.drawer(from), Till.drawer(to), "1.00")
                .build();
    }

    @Test
    void theFirstStepWaitsForWhoHoldsACell() throws Exception {
        Connection holder = begin();
        ledger.in(holder).post(move("first", 3, 4));
        Connection connection = begin();
        Future<Applied> waiting = calls.call(() -> ledger.in(connection).post(move("second", 3, 4)));
        books().awaitBlocked(pool, waiting);
        holder.commit();
        Calls.get(waiting);
        connection.commit();
        assertCash(3, "98.00");
    }

    @Test
    void lockWaitsForWhoHoldsACellToo() throws Exception {
        Connection holder = begin();
        ledger.in(holder).lock(Till.drawer(3));
        Connection connection = begin();
        JoinedLedger joined = ledger.in(connection);
        Future<?> waiting = calls.call(() -> {
            joined.lock(Till.drawer(5), Till.drawer(3));
            return null;
        });
        books().awaitBlocked(pool, waiting);
        holder.rollback();
        Calls.get(waiting);
        joined.post(move("t-1", 3, 5));
        connection.commit();
        assertCash(3, "99.00");
    }

    @Test
    void aFirstStepThatWaitsInVainIsAFault() throws SQLException {
        Connection holder = begin();
        ledger.in(holder).lock(Till.drawer(3));
        try (JdbcLedger hasty = JdbcLedger.builder(pool)
                .namespace("hasty")
                .timeout(Duration.ofSeconds(1))
                .build()) {
            Till.apply(hasty, Till.opening());
            hasty.in(holder).lock(Till.drawer(3));
            Connection connection = begin();
            String before = books().settings(connection);
            JoinedLedger joined = hasty.in(connection);
            assertThatThrownBy(() -> joined.post(move("t-1", 3, 4)))
                    .isInstanceOf(NotAppliedException.class)
                    .hasMessageContaining("somebody else holds a cell that it needs");
            assertThatThrownBy(() -> joined.post(Till.cent("c-1"))).isInstanceOf(IllegalStateException.class);
            assertThat(books().settings(connection)).isEqualTo(before);
        }
    }

    @Test
    void aLaterStepDoesNotWaitAndNamesTheCellsAndTheTransactionGoesOn() throws SQLException {
        Connection holder = begin();
        ledger.in(holder).lock(Till.drawer(3));
        Connection connection = begin();
        String before = books().settings(connection);
        JoinedLedger joined = ledger.in(connection);
        send(connection, "before");
        joined.post(Till.cent("c-1"));
        long start = System.nanoTime();
        assertThatThrownBy(() -> joined.post(move("t-1", 0, 3))).isInstanceOfSatisfying(LockOrderException.class, e -> {
            assertThat(e.cells()).containsExactly(Till.drawer(3));
            assertThat(e.fate()).isEqualTo(Fate.NOT_APPLIED);
        });
        assertThatThrownBy(() -> joined.lock(Till.drawer(5), Till.drawer(3), Till.drawer(1)))
                .isInstanceOfSatisfying(
                        LockOrderException.class,
                        e -> assertThat(e.cells()).containsExactlyInAnyOrder(Till.drawer(3), Till.drawer(5)));
        assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start))
                .as("not the ten seconds that a first step waits")
                .isLessThan(8);
        assertThat(books().settings(connection)).isEqualTo(before);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();

        send(connection, "after");
        joined.post(Till.cent("c-2"));
        holder.rollback();
        joined.post(move("t-1", 0, 3));
        connection.commit();
        assertThat(sent()).containsExactly("after", "before");
        assertThat(ledger.find("t-1")).isPresent();
        assertCash(0, "98.98");
        assertCash(3, "101.00");
    }

    @Test
    void aCellThatWasMissedIsNoneThatIsHeld() throws SQLException {
        Connection connection = begin();
        JoinedLedger joined = ledger.in(connection);
        joined.lock(Till.drawer(0), Till.drawer(50));
        joined.tryPost(move("refused", 0, 51));
        Till.apply(
                ledger,
                Update.of("meanwhile")
                        .open(Till.drawer(50))
                        .open(Till.drawer(51))
                        .build());
        ledger.in(begin()).lock(Till.drawer(50), Till.drawer(51));
        for (int drawer : new int[] {50, 51}) {
            assertThatThrownBy(() -> joined.post(move("t-" + drawer, 0, drawer)))
                    .isInstanceOfSatisfying(
                            LockOrderException.class, e -> assertThat(e.cells()).containsExactly(Till.drawer(drawer)));
        }
    }

    /** Each holds one cell before either asks for the second: what comes of it follows from how they ask. */
    private List<Throwable> opposite(Second second) throws Exception {
        CyclicBarrier bothHoldOne = new CyclicBarrier(2);
        List<Future<Throwable>> ends = new ArrayList<>();
        for (int[] order : new int[][] {{0, 1}, {1, 0}}) {
            Connection connection = begin();
            ends.add(calls.call(() -> catchThrowable(() -> {
                try {
                    second.run(connection, order[0], order[1], bothHoldOne);
                } finally {
                    connection.rollback();
                }
            })));
        }
        return Arrays.asList(Calls.get(ends.get(0)), Calls.get(ends.get(1)));
    }

    private interface Second {
        void run(Connection connection, int first, int second, CyclicBarrier bothHoldOne) throws Exception;
    }

    private void lockBySql(Connection connection, int drawer) throws SQLException {
        JoinedBooks.one(
                connection,
                "SELECT id FROM counterfoil_cell WHERE namespace = 'test-" + test()
                        + "' AND account_kind = 'drawer' AND account_id = '" + drawer
                        + "' AND name = 'cash' FOR UPDATE");
    }

    /** The twin without the rule. */
    @Test
    void whoWaitsForASecondCellInTheOppositeOrderMeetsADeadlock() throws Exception {
        List<Throwable> ends = opposite((connection, first, second, bothHoldOne) -> {
            lockBySql(connection, first);
            bothHoldOne.await(Calls.PATIENCE_SECONDS, TimeUnit.SECONDS);
            lockBySql(connection, second);
        });
        assertThat(ends).anyMatch(SQLException.class::isInstance);
    }

    @Test
    void whoPostsInTheOppositeOrderIsToldSoAtOnceAndNoDeadlockIsMet() throws Exception {
        CyclicBarrier bothAsked = new CyclicBarrier(2);
        List<Throwable> ends = opposite((connection, first, second, bothHoldOne) -> {
            JoinedLedger joined = ledger.in(connection);
            joined.lock(Till.drawer(first));
            bothHoldOne.await(Calls.PATIENCE_SECONDS, TimeUnit.SECONDS);
            Throwable no = catchThrowable(() -> joined.lock(Till.drawer(second)));
            bothAsked.await(Calls.PATIENCE_SECONDS, TimeUnit.SECONDS);
            throw (Exception) no;
        });
        assertThat(ends).hasOnlyElementsOfType(LockOrderException.class);
    }

    @Test
    void twoCallersWhoLockAllFirstInAnyOrderNeverMeetADeadlock() throws Exception {
        long seed = System.nanoTime();
        System.out.println(getClass().getSimpleName() + ": seed " + seed);
        List<Future<Void>> callers = new ArrayList<>();
        for (int caller = 0; caller < 2; caller++) {
            Random random = new Random(seed + caller);
            String name = "caller-" + caller + "-";
            callers.add(calls.call(() -> {
                Connection connection = begin();
                for (int round = 0; round < ROUNDS; round++) {
                    List<CellId> cells = new ArrayList<>();
                    for (int i = 0; i < 4; i++) {
                        cells.add(Till.drawer(i));
                    }
                    Collections.shuffle(cells, random);
                    JoinedLedger joined = ledger.in(connection);
                    joined.lock(cells);
                    BalanceId from = (BalanceId) cells.get(0);
                    BalanceId to = (BalanceId) cells.get(1);
                    joined.post(Update.of(name + round + "-out")
                            .transfer(from, to, "0.01")
                            .build());
                    joined.post(Update.of(name + round + "-back")
                            .transfer(to, from, "0.01")
                            .build());
                    connection.commit();
                }
                return null;
            }));
        }
        for (Future<Void> caller : callers) {
            Calls.get(caller);
        }
        assertCash(0, "100.00");
        assertThat(ledger.find("caller-1-" + (ROUNDS - 1) + "-back")).isPresent();
    }

    private Future<Outcome> openMeanwhile(Connection other, Connection connection, Update theirs, Update ours)
            throws Exception {
        send(connection, "before");
        ledger.in(other).post(theirs);
        Future<Outcome> waiting = calls.call(() -> ledger.in(connection).tryPost(ours));
        books().awaitBlocked(pool, waiting);
        return waiting;
    }

    private static Update open(int drawer) {
        return Update.of("open").open(Till.drawer(drawer)).build();
    }

    @Test
    void aKeyThatAnotherTransactionCommitsMeanwhileIsDecidedAgainBehindTheSavepoint() throws Exception {
        Connection other = begin();
        Connection connection = begin();
        Future<Outcome> waiting = openMeanwhile(other, connection, open(60), open(60));
        other.commit();
        assertThat(Calls.get(waiting)).isInstanceOfSatisfying(Applied.class, again -> {
            assertThat(again.replayed()).isTrue();
            assertThat(again.provisional()).isFalse();
        });
        connection.commit();
        assertThat(sent()).containsExactly("before");
    }

    @Test
    void aKeyThatAnotherTransactionCommitsMeanwhileWithOtherContentIsSaidToBeReused() throws Exception {
        Connection other = begin();
        Connection connection = begin();
        Future<Outcome> waiting = openMeanwhile(other, connection, open(60), open(61));
        other.commit();
        assertThat(Calls.get(waiting)).isInstanceOf(KeyReused.class);
        connection.commit();
        assertThat(sent()).containsExactly("before");
        assertThat(ledger.read(Till.drawer(61).account()).find(Till.drawer(61))).isEmpty();
    }

    @Test
    void aKeyThatAnotherTransactionGivesUpIsOurs() throws Exception {
        Connection other = begin();
        Connection connection = begin();
        Future<Outcome> waiting = openMeanwhile(other, connection, open(60), open(61));
        other.rollback();
        assertThat(Calls.get(waiting))
                .isInstanceOfSatisfying(
                        Applied.class, ours -> assertThat(ours.replayed()).isFalse());
        connection.commit();
        assertCash(61, "0.00");
    }
}
