package dev.counterfoil.jdbc;

import static dev.counterfoil.jdbc.ServerBooks.cash;
import static dev.counterfoil.jdbc.ServerBooks.cell;
import static dev.counterfoil.jdbc.ServerBooks.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.Applied;
import dev.counterfoil.BatchException;
import dev.counterfoil.Fate;
import dev.counterfoil.Ledger;
import dev.counterfoil.Limits;
import dev.counterfoil.NotAppliedException;
import dev.counterfoil.Outcome;
import dev.counterfoil.Reason;
import dev.counterfoil.Rejected;
import dev.counterfoil.Update;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Parked cells: a stranger has locked one of a thousand, and nobody waits for him but those who need that one. He lets go
 * only when the test has seen what went on without him.
 */
@Timeout(60)
abstract class ParkedContract {
    private static final int CELLS = 1000;
    private static final String HELD = "100";
    private static final String SKIP = " SKIP LOCKED";

    /** New books. */
    abstract ServerBooks books() throws SQLException;

    private ServerBooks books;
    private Ledger other;

    @BeforeEach
    void openCells() throws SQLException {
        books = books();
        other = books.ledger();
        Update.Builder opening = Update.of("opening");
        for (int i = 0; i < CELLS; i++) {
            opening.open(cell(Integer.toString(i)), "0.00", Limits.nonNegative());
        }
        other.apply(opening.build()).orThrow();
    }

    @AfterEach
    void closeBooks() throws SQLException {
        books.close();
    }

    private static Update add(String key, String id) {
        return Update.of(key).add(cell(id), "1.00").build();
    }

    /** One update for each cell, in their order; a few more, behind them in the list, go on with what the held one gets. */
    private static List<Update> list() {
        List<Update> list = new ArrayList<>();
        for (int i = 0; i < CELLS; i++) {
            list.add(add("u-" + i, Integer.toString(i)));
            if (i == 120) {
                list.add(Update.of("moves-on")
                        .transfer(cell(HELD), cell("101"), "1.00")
                        .build());
                list.add(Update.of("takes-both").take(cell("101"), "2.00").build());
            } else if (i == 900) {
                list.add(Update.of("comes-late").take(cell(HELD), "1.00").build());
            }
        }
        return list;
    }

    private static final List<String> BEHIND = List.of("u-" + HELD, "moves-on", "takes-both", "comes-late");

    private long decided() throws SQLException {
        return books.count(books.table("decision")) - 1;
    }

    @Test
    void theOthersOfAListAreAppliedWhileAStrangerHoldsOneCell() throws Exception {
        List<Update> list = list();
        Ledger ledger = books.ledger();
        Future<List<Outcome>> call;
        try (Connection stranger = books.strangerHolding(cell(HELD))) {
            call = books.begin(() -> ledger.applyEach(list));
            books.await(() -> decided() == list.size() - BEHIND.size());
            for (String key : BEHIND) {
                assertThat(other.find(key)).as(key).isEmpty();
            }
            assertThat(call).isNotDone();
            stranger.rollback();
        }

        List<Outcome> outcomes = get(call);
        for (int i = 0; i < list.size(); i++) {
            Outcome outcome = outcomes.get(i);
            assertThat(outcome.key()).isEqualTo(list.get(i).key());
            if (outcome.key().value().equals("comes-late")) {
                // In the order of the list the money has moved on before it comes.
                assertThat(outcome)
                        .isInstanceOfSatisfying(
                                Rejected.class, no -> assertThat(no.reason()).isEqualTo(Reason.BELOW_MINIMUM));
            } else {
                assertThat(outcome.orThrow().replayed()).isFalse();
            }
        }
        books.assertSound();
    }

    @Test
    void afterOneWaitAllOthersAreApplied() throws Exception {
        assertThat(decidedAfterOneWait(new Stage())).isEqualTo(199);
    }

    @Test
    void withoutSkippingNoneIs() throws Exception {
        assertThat(decidedAfterOneWait(new Stage().without(SKIP))).isZero();
    }

    /** How many of 200 are decided when the locks are asked for the third time. */
    private long decidedAfterOneWait(Stage stage) throws Exception {
        stage.stopsBefore(sql -> Stage.locks(sql) && stage.locksSent() == 3);
        Ledger ledger = books.ledger(stage);
        List<Update> list = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            list.add(add("u-" + i, Integer.toString(i)));
        }
        try (Connection stranger = books.strangerHolding(cell(HELD))) {
            Future<List<Outcome>> call = books.begin(() -> ledger.applyEach(list));
            stage.awaitStopped();
            long decided = decided();
            stranger.rollback();
            stage.letGo();
            assertThat(get(call)).hasSize(200).allMatch(Applied.class::isInstance);
            return decided;
        }
    }

    @Test
    void ifHeNeverLetsGoThoseWhoNeedItAreNotAppliedAtTheDeadline() throws Exception {
        List<Update> list = list();
        Ledger ledger = books.ledger(new Stage(), books.pool(2), Duration.ofMillis(1500));
        try (Connection stranger = books.strangerHolding(cell(HELD))) {
            BatchException batch = catchThrowableOfType(BatchException.class, () -> ledger.applyEach(list));

            assertThat(batch.fate()).isEqualTo(Fate.NOT_APPLIED);
            for (int i = 0; i < list.size(); i++) {
                boolean behind = BEHIND.contains(list.get(i).key().value());
                assertThat(batch.results().get(i).fault().isPresent())
                        .as(list.get(i).key().value())
                        .isEqualTo(behind);
            }
            assertThat(decided()).isEqualTo(list.size() - BEHIND.size());
            stranger.rollback();
        }
        assertThat(cash(other, HELD)).isZero();
        books.assertSound();
        assertThat(ledger.applyEach(list))
                .filteredOn(o -> o instanceof Applied a && !a.replayed())
                .as("the same list again")
                .hasSize(3);
    }

    @Test
    void inTheOrderOfTheListTheFirstHasTheKeyAndTheReferenceThoughItIsParked() throws Exception {
        List<Update> list = List.of(
                Update.of("k").add(cell(HELD), "1.00").reference("invoice/1").build(),
                add("k", "1"),
                Update.of("k-2").add(cell("2"), "1.00").reference("invoice/1").build(),
                add("k-3", "3"));
        Ledger ledger = books.ledger();
        Future<List<Outcome>> call;
        try (Connection stranger = books.strangerHolding(cell(HELD))) {
            call = books.begin(() -> ledger.applyEach(list));
            books.await(() -> other.find("k-3").isPresent());
            stranger.rollback();
        }

        assertThat(get(call).get(0)).isInstanceOf(Applied.class);
        assertThat(cash(other, "1")).isZero();
        assertThat(cash(other, "2")).isZero();
    }

    @Test
    void aLockedCellIsNotTakenForAMissingOne() throws Exception {
        List<Outcome> outcomes = heldAndMissing(new Stage());
        assertThat(outcomes.get(0)).isInstanceOf(Applied.class);
        assertThat(outcomes.get(1)).isInstanceOf(Rejected.class);
    }

    @Test
    void withoutTheSecondLookItWouldBe() throws Exception {
        assertThat(heldAndMissing(new Stage().withoutTheSecondLook())).allMatch(Rejected.class::isInstance);
    }

    /** What becomes of one that needs the held cell, and of one that needs a cell that is not there. */
    private List<Outcome> heldAndMissing(Stage stage) throws Exception {
        Ledger ledger = books.ledger(stage);
        Future<List<Outcome>> call;
        try (Connection stranger = books.strangerHolding(cell(HELD))) {
            call = books.begin(() -> ledger.applyEach(List.of(add("held", HELD), add("missing", "none"))));
            books.await(() -> other.find("missing").isPresent());
            stranger.rollback();
        }
        return get(call);
    }

    @Test
    void aDecideThatIsParkedRunsItsFunctionWhenItHasTheLocks() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        Stage stage = new Stage();
        // Before its locked run: the first run, which has no locks, is made stale.
        stage.stopsBefore(sql -> Stage.locks(sql) && stage.locksSent() == 2);
        Ledger ledger = books.ledger(stage);
        Future<Outcome> call = books.begin(() -> ledger.decide("k", "add", List.of(cell(HELD)), now -> {
            if (runs.incrementAndGet() == 1) {
                books.applyElsewhere(other, add("stale", HELD));
            }
            return now.update().add(cell(HELD), "1.00").build();
        }));
        stage.awaitStopped();
        try (Connection stranger = books.strangerHolding(cell(HELD))) {
            stage.letGo();
            books.await(() -> stage.sent(SKIP) >= 2);
            assertThat(runs.get()).isEqualTo(1);
            stranger.rollback();
        }
        assertThat(get(call)).isInstanceOf(Applied.class);
        assertThat(runs.get()).isEqualTo(2);
    }

    @Test
    void withAPoolOfOneTheOthersGoOnBetweenTheTries() throws Exception {
        HikariDataSource pool = books.pool(1);
        Ledger ledger = books.ledger(new Stage(), pool, Duration.ofSeconds(10));
        Future<Outcome> parked;
        try (Connection stranger = books.strangerHolding(cell(HELD))) {
            parked = books.begin(() -> ledger.apply(add("parked", HELD)));
            books.awaitBlocked(1);
            for (int i = 0; i < 5; i++) {
                ledger.apply(add("other-" + i, "1")).orThrow();
            }
            books.await(() -> pool.getHikariPoolMXBean().getActiveConnections() == 0);
            assertThat(parked).as("it sleeps, and holds no connection").isNotDone();
            stranger.rollback();
        }
        assertThat(get(parked)).isInstanceOf(Applied.class);
    }

    @Test
    void ifItWaitedInTheDatabaseNobodyElseWouldGetTheConnection() throws Exception {
        HikariDataSource pool = books.pool(1);
        Ledger ledger = books.ledger(new Stage().patient(), pool, Duration.ofSeconds(10));
        Future<Outcome> parked;
        Future<Outcome> waits;
        try (Connection stranger = books.strangerHolding(cell(HELD))) {
            parked = books.begin(() -> ledger.apply(add("parked", HELD)));
            books.awaitBlocked(1);
            waits = books.begin(() -> ledger.apply(add("other", "1")));
            books.await(() -> pool.getHikariPoolMXBean().getThreadsAwaitingConnection() == 1);
            assertThat(books.blocked())
                    .as("the one connection waits for the stranger")
                    .isEqualTo(1);
            assertThat(waits).isNotDone();
            stranger.rollback();
        }
        assertThat(get(parked)).isInstanceOf(Applied.class);
        assertThat(get(waits)).isInstanceOf(Applied.class);
    }

    @Test
    void oneUpdateAloneIsTriedUntilTheDeadline() throws Exception {
        Stage stage = new Stage();
        Ledger ledger = books.ledger(stage, books.pool(1), Duration.ofMillis(1500));
        try (Connection stranger = books.strangerHolding(cell(HELD))) {
            assertThatThrownBy(() -> ledger.apply(add("k", HELD))).isInstanceOf(NotAppliedException.class);
            assertThat(stage.sent(SKIP)).as("tries").isGreaterThan(1);
            stranger.rollback();
        }
        assertThat(ledger.apply(add("k", HELD)).orThrow().replayed()).isFalse();
    }
}
