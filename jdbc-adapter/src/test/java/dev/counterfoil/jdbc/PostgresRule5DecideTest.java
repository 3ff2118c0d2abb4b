package dev.counterfoil.jdbc;

import static dev.counterfoil.jdbc.PostgresBooks.cash;
import static dev.counterfoil.jdbc.PostgresBooks.cell;
import static dev.counterfoil.jdbc.PostgresBooks.get;
import static dev.counterfoil.jdbc.PostgresBooks.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.counterfoil.Applied;
import dev.counterfoil.BalanceId;
import dev.counterfoil.DecideFunction;
import dev.counterfoil.Ledger;
import dev.counterfoil.NotAppliedException;
import dev.counterfoil.Outcome;
import dev.counterfoil.Reason;
import dev.counterfoil.Rejected;
import dev.counterfoil.Update;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rule 5, decide starves where it can only hope: so its second run happens under the locks of all that it declared. */
@Timeout(60)
class PostgresRule5DecideTest {
    private static final BalanceId A = cell("A");
    private static final BalanceId B = cell("B");
    private static final List<BalanceId> BOTH = List.of(A, B);

    private PostgresBooks books;
    private Ledger other;

    @BeforeEach
    void openCells() throws SQLException {
        books = new PostgresBooks();
        other = books.ledger();
        other.apply(PostgresBooks.opening("A", "B")).orThrow();
    }

    @AfterEach
    void closeBooks() throws SQLException {
        books.close();
    }

    /** Sixteen callers that do nothing but add to A, until they are told to stop. */
    private final class Crowd implements AutoCloseable {
        private static final int SIZE = 16;

        private final AtomicBoolean goOn = new AtomicBoolean(true);
        private final AtomicLong applied = new AtomicLong();
        private final List<Future<Void>> callers = new ArrayList<>();

        Crowd() throws SQLException {
            Ledger ledger = books.ledger(new Stage().patient(), books.pool(SIZE), Duration.ofSeconds(30));
            for (int caller = 0; caller < SIZE; caller++) {
                String name = "crowd-" + caller + "-";
                callers.add(books.begin(() -> {
                    for (int i = 0; goOn.get(); i++) {
                        ledger.apply(Update.of(name + i).add(A, "1.00").build()).orThrow();
                        applied.incrementAndGet();
                    }
                    return null;
                }));
            }
            books.await(() -> applied.get() > SIZE);
        }

        @Override
        public void close() throws SQLException {
            goOn.set(false);
            books.await(() -> callers.stream().allMatch(Future::isDone));
        }
    }

    @Test
    void aDecideEndsInTwoRunsWhereAnOptimisticLoopStarves() throws Exception {
        int calls = 6;
        int tries = 4 * calls;
        AtomicInteger runs = new AtomicInteger();
        int lucky = 0;
        Ledger patient = books.ledger(new Stage().patient());
        try (Crowd crowd = new Crowd()) {
            for (int i = 0; i < calls; i++) {
                assertThat(patient.decide("d-" + i, "take", BOTH, now -> {
                            runs.incrementAndGet();
                            return now.update()
                                    .transfer(A, B, half(now.balance(A)))
                                    .build();
                        }))
                        .isInstanceOf(Applied.class);
            }
            for (int i = 0; i < tries; i++) {
                var seen = patient.read(A.account());
                Update update = Update.of("o-" + i)
                        .requireVersion(A, seen.find(A).orElseThrow().version())
                        .transfer(A, B, half(seen.balance(A)))
                        .build();
                lucky += patient.apply(update) instanceof Applied ? 1 : 0;
            }
            assertThat(crowd.callers).as("the crowd was there all the time").noneMatch(Future::isDone);
        }

        System.out.println("decide: " + calls + " of " + calls + " calls, " + runs + " runs; optimistic: " + lucky
                + " of " + tries + " tries");
        assertThat(runs.get()).isBetween(calls, 2 * calls);
        assertThat(4 * lucky).as("tries that the loop had use of").isLessThanOrEqualTo(tries);
        books.assertSound();
    }

    private static BigDecimal half(BigDecimal amount) {
        return amount.movePointLeft(1).setScale(2, RoundingMode.CEILING);
    }

    /** Makes the first run stale, and does something in the second. */
    private DecideFunction staleAtFirst(Runnable inside) {
        AtomicInteger runs = new AtomicInteger();
        return now -> {
            if (runs.incrementAndGet() == 1) {
                books.applyElsewhere(other, Update.of("stale").add(A, "1.00").build());
            } else {
                inside.run();
            }
            return now.update().take(A, now.balance(A)).build();
        };
    }

    @Test
    void theSecondRunHasTheLocksOfAllThatWasDeclared() throws Exception {
        Connection stranger = books.stranger();
        List<String> free = new ArrayList<>();
        assertThat(other.decide("k", "take all", BOTH, staleAtFirst(() -> free.addAll(free(stranger)))))
                .isInstanceOf(Applied.class);

        assertThat(free).as("free while the function ran").isEmpty();
        assertThat(free(stranger)).as("free afterwards").containsExactlyInAnyOrder("A", "B");
        assertThat(cash(other, "A")).isZero();
    }

    private List<String> free(Connection stranger) {
        try {
            return PostgresBooks.query(
                    stranger, "SELECT account_id FROM " + books.table("cell") + " FOR NO KEY UPDATE SKIP LOCKED");
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void callsIntoALedgerFromInsideAreRefusedForTheyWouldWaitForThemselves() throws Exception {
        Connection stranger = books.stranger();
        run(stranger, "SET lock_timeout = '100ms'");
        List<String> seen = new ArrayList<>();
        DecideFunction function = staleAtFirst(() -> {
            assertThatThrownBy(
                            () -> other.apply(Update.of("inside").add(A, "1.00").build()))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> other.read(A.account())).isInstanceOf(IllegalStateException.class);
            seen.add("refused");
            // What would come of it.
            assertThatThrownBy(() -> run(stranger, "UPDATE " + books.table("cell") + " SET touch = touch"))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("55P03"));
        });

        assertThat(other.decide("k", "take all", BOTH, function)).isInstanceOf(Applied.class);
        assertThat(seen).containsExactly("refused");
    }

    @Test
    void aFunctionThatIsLateUnderTheLocksChangesNothingAndFreesThem() throws Exception {
        Ledger hasty = books.ledger(new Stage(), books.pool(3), Duration.ofMillis(500));
        DecideFunction slow =
                staleAtFirst(() -> LockSupport.parkNanos(Duration.ofMillis(700).toNanos()));

        assertThatThrownBy(() -> hasty.decide("k", "take all", BOTH, slow)).isInstanceOf(NotAppliedException.class);
        assertThat(other.find("k")).isEmpty();
        assertThat(cash(other, "A")).isEqualTo("101.00");
        assertThat(free(books.stranger())).containsExactlyInAnyOrder("A", "B");
    }

    @Test
    void theKeyIsLookedUpBeforeTheFunctionRuns() throws SQLException {
        assertThat(runsOfARepeat(new Stage(), "k-1")).isZero();
    }

    @Test
    void withoutTheLookUpARepeatWouldDecideAgain() throws SQLException {
        assertThat(runsOfARepeat(new Stage().without(Stage.LookUp.KEYS), "k-1")).isPositive();
    }

    private int runsOfARepeat(Stage stage, String key) throws SQLException {
        AtomicInteger runs = new AtomicInteger();
        DecideFunction add = now -> {
            runs.incrementAndGet();
            return now.update().add(A, "1.00").build();
        };
        other.decide(key, "add", BOTH, add).orThrow();
        runs.set(0);
        Ledger ledger = books.ledger(stage, books.pool(2), Duration.ofMillis(400));
        try {
            assertThat(ledger.decide(key, "add", BOTH, add).orThrow().replayed())
                    .isTrue();
        } catch (NotAppliedException e) {
            assertThat(stage.failures("23505"))
                    .as("the index let no second one through")
                    .isPositive();
        }
        assertThat(cash(other, "A")).isEqualTo("101.00");
        return runs.get();
    }

    @Test
    void twoThatReadBothAndTakeFromOneDoNotTakeTheLast() throws Exception {
        List<Outcome> outcomes = twoThatTakeTheLast(new Stage());

        assertThat(outcomes.get(0)).isInstanceOf(Applied.class);
        assertThat(outcomes.get(1))
                .isInstanceOfSatisfying(
                        Rejected.class, no -> assertThat(no.reason()).isEqualTo(Reason.DECLINED));
    }

    @Test
    void withoutTheLocksBothDo() throws Exception {
        assertThat(twoThatTakeTheLast(new Stage().without(" FOR NO KEY UPDATE OF c")))
                .allMatch(Applied.class::isInstance);
        assertThat(cash(other, "A").add(cash(other, "B"))).isZero();
    }

    /** Each takes 100.00 from another balance, if both together have 200.00; the first is stopped before its commit. */
    private List<Outcome> twoThatTakeTheLast(Stage stage) throws Exception {
        Ledger ledger = books.ledger(stage.patient().stopsBeforeCommit());
        Future<Outcome> first = books.begin(() -> ledger.decide("k-1", "take", BOTH, takes(A)));
        stage.awaitStopped();
        Future<Outcome> second = books.begin(() -> ledger.decide("k-2", "take", BOTH, takes(B)));
        books.await(() -> second.isDone() || books.blocked() == 1);
        stage.letGo();
        return List.of(get(first), get(second));
    }

    private static DecideFunction takes(BalanceId cell) {
        return now -> now.balance(A).add(now.balance(B)).compareTo(new BigDecimal("200.00")) < 0
                ? now.decline("LAST", "not the last")
                : now.update().take(cell, "100.00").build();
    }
}
