package dev.counterfoil.jdbc;

import static dev.counterfoil.jdbc.ServerBooks.cell;
import static dev.counterfoil.jdbc.ServerBooks.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.counterfoil.Applied;
import dev.counterfoil.Key;
import dev.counterfoil.KeyReused;
import dev.counterfoil.Ledger;
import dev.counterfoil.Limits;
import dev.counterfoil.NotAppliedException;
import dev.counterfoil.Outcome;
import dev.counterfoil.Reason;
import dev.counterfoil.Receipt;
import dev.counterfoil.Rejected;
import dev.counterfoil.Update;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Rule 2, keys are not protected by the locks of cells. Two updates that share a key, a reference or nothing but a cell that
 * is not there yet lock nothing in common: they meet at the unique index, which lets one of them through.
 */
@Timeout(60)
abstract class Rule2KeysContract {
    /** New books. */
    abstract ServerBooks books() throws SQLException;

    private ServerBooks books;

    @BeforeEach
    void openCells() throws SQLException {
        books = books();
        books.ledger()
                .apply(Update.of("opening")
                        .open(cell("A"), "100.00", Limits.nonNegative())
                        .open(cell("B"), "100.00", Limits.nonNegative())
                        .build())
                .orThrow();
    }

    @AfterEach
    void closeBooks() throws SQLException {
        books.close();
    }

    /** Two calls that meet, the index at which they do, and what the later one is answered. */
    record Meeting(String name, Call first, Call second, String index, Consumer<Outcome> answer) {
        @Override
        public String toString() {
            return name;
        }
    }

    private interface Call {
        Outcome on(Ledger ledger);
    }

    private static Call sends(Update update) {
        return ledger -> ledger.apply(update);
    }

    private static Update.Builder adds(String key, String id) {
        return Update.of(key).add(cell(id), "1.00");
    }

    private static Update.Builder opens(String key, String id) {
        return Update.of(key).open(cell(id), "1.00", Limits.none());
    }

    private static Call decides(String id) {
        return ledger -> ledger.decide(
                "k",
                "add",
                List.of(cell(id)),
                now -> now.update().add(cell(id), "1.00").build());
    }

    static Stream<Meeting> meetings() {
        Consumer<Outcome> reused = outcome -> assertThat(outcome)
                .isInstanceOfSatisfying(
                        KeyReused.class,
                        no -> assertThat(no.stored().replayed()).isTrue());
        Consumer<Outcome> replayed =
                outcome -> assertThat(outcome.orThrow().replayed()).isTrue();
        Consumer<Outcome> taken = outcome -> assertThat(outcome).isInstanceOfSatisfying(Rejected.class, no -> {
            assertThat(no.reason()).isEqualTo(Reason.REFERENCE_TAKEN);
            assertThat(no.decidedBy()).isEqualTo(Key.of("k"));
        });
        Call refused = sends(Update.of("k").take(cell("A"), "101.00").build());
        return Stream.of(
                new Meeting(
                        "one key for other cells",
                        sends(adds("k", "A").build()),
                        sends(adds("k", "B").build()),
                        "decision_key",
                        reused),
                new Meeting(
                        "one key for other cells that are not open yet",
                        sends(opens("k", "X").build()),
                        sends(opens("k", "Y").build()),
                        "decision_key",
                        reused),
                new Meeting(
                        "one update for a cell that is not open yet",
                        sends(opens("k", "X").build()),
                        sends(opens("k", "X").build()),
                        "cell_address",
                        replayed),
                new Meeting(
                        "one key for a refusal and another update",
                        refused,
                        sends(adds("k", "B").build()),
                        "decision_key",
                        reused),
                new Meeting("one key for decisions on other cells", decides("A"), decides("B"), "decision_key", reused),
                new Meeting(
                        "one reference for other cells",
                        sends(adds("k", "A").reference("invoice/1").build()),
                        sends(adds("k-2", "B").reference("invoice/1").build()),
                        "decision_reference",
                        taken),
                new Meeting(
                        "one reference for other cells that are not open yet",
                        sends(opens("k", "X").reference("invoice/1").build()),
                        sends(opens("k-2", "Y").reference("invoice/1").build()),
                        "decision_reference",
                        taken));
    }

    static Stream<Meeting> meetingsAtADecision() {
        return meetings().filter(meeting -> meeting.index().startsWith("decision"));
    }

    @ParameterizedTest
    @MethodSource("meetings")
    void oneIsAppliedAndTheOtherIsAnsweredByIt(Meeting meeting) throws Exception {
        Stage one = new Stage();
        Stage two = new Stage();
        oneIsAppliedAndTheOtherIsAnsweredByIt(
                meeting, one, two, books.ledger(one.patient()), books.ledger(two.patient()));
    }

    @ParameterizedTest
    @MethodSource("meetings")
    void soItIsForTwoCallersOfOneLedger(Meeting meeting) throws Exception {
        Stage stage = new Stage().patient();
        Ledger ledger = books.ledger(stage);
        oneIsAppliedAndTheOtherIsAnsweredByIt(meeting, stage, stage, ledger, ledger);
    }

    private void oneIsAppliedAndTheOtherIsAnsweredByIt(
            Meeting meeting, Stage one, Stage two, Ledger ledger, Ledger another) throws Exception {
        one.stopsBeforeCommit();
        Future<Outcome> first = books.begin(() -> meeting.first().on(ledger));
        one.awaitStopped();
        Future<Outcome> second = books.begin(() -> meeting.second().on(another));
        books.awaitBlocked(1);
        one.letGo();

        assertThat(get(first).key()).isEqualTo(Key.of("k"));
        meeting.answer().accept(get(second));
        boolean waitedForTheCell = meeting.index().equals("cell_address") && books.locksWhatIsNotCommitted();
        assertThat(two.failures(books.duplicate())).isEqualTo(waitedForTheCell ? 0 : 1);
        books.assertSound();
    }

    @ParameterizedTest
    @MethodSource("meetingsAtADecision")
    void withoutTheIndexBothAreDecided(Meeting meeting) throws Exception {
        books.dropIndex(meeting.index());
        Stage stage = new Stage().stopsBeforeCommit();
        Ledger ledger = books.ledger(stage);
        Ledger another = books.ledger();
        Future<Outcome> first = books.begin(() -> meeting.first().on(ledger));
        stage.awaitStopped();
        assertThat(meeting.second().on(another).orThrow().replayed()).isFalse();
        stage.letGo();

        assertThat(get(first).key()).isEqualTo(Key.of("k"));
        assertThatThrownBy(books::assertSound)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("two");
    }

    @Test
    void twoReversalsOfOneUpdateMeetAtItsCells() throws Exception {
        Receipt receipt = moved();
        Stage one = new Stage().stopsBeforeCommit();
        Stage two = new Stage().patient();
        Ledger ledger = books.ledger(one);
        Ledger another = books.ledger(two);
        Future<Outcome> first = books.begin(() -> ledger.apply(reversal("r-1", receipt)));
        one.awaitStopped();
        Future<Outcome> second = books.begin(() -> another.apply(reversal("r-2", receipt)));
        books.awaitBlocked(1);
        one.letGo();

        assertThat(get(first)).isInstanceOf(Applied.class);
        assertThat(get(second)).isInstanceOfSatisfying(Rejected.class, no -> {
            assertThat(no.reason()).isEqualTo(Reason.ALREADY_REVERSED);
            assertThat(no.decidedBy()).isEqualTo(Key.of("r-1"));
        });
        assertThat(two.failures(books.duplicate())).isZero();
        books.assertSound();
    }

    private Receipt moved() {
        return books.ledger()
                .apply(Update.of("moved").transfer(cell("A"), cell("B"), "5.00").build())
                .orThrow()
                .receipt();
    }

    private static Update reversal(String key, Receipt receipt) {
        return Update.reversalOf(key, receipt).build();
    }

    /** The look-up is the fast way. Even if it saw nothing at all, there would not be two. */
    @ParameterizedTest
    @EnumSource
    void theIndexAloneLetsNoSecondOneThrough(Stage.LookUp lookUp) throws SQLException {
        Receipt receipt = moved();
        Stage stage = new Stage().without(lookUp);
        Ledger blind = books.ledger(stage, books.pool(2), Duration.ofMillis(600));
        books.ledger().apply(secondOf(lookUp, "first", receipt)).orThrow();
        String key = lookUp == Stage.LookUp.KEYS ? "first" : "second";

        assertThatThrownBy(() -> blind.apply(secondOf(lookUp, key, receipt))).isInstanceOf(NotAppliedException.class);
        assertThat(stage.failures(books.duplicate())).isGreaterThan(1);
        books.assertSound();
    }

    @ParameterizedTest
    @EnumSource
    void withoutIndexAndLookUpThereAreTwo(Stage.LookUp lookUp) throws SQLException {
        Receipt receipt = moved();
        for (String index : List.of("decision_key", "decision_reference", "decision_reverses")) {
            books.dropIndex(index);
        }
        Ledger blind = books.ledger(new Stage().without(lookUp));
        books.ledger().apply(secondOf(lookUp, "first", receipt)).orThrow();
        String key = lookUp == Stage.LookUp.KEYS ? "first" : "second";

        assertThat(blind.apply(secondOf(lookUp, key, receipt)).orThrow().replayed())
                .isFalse();
    }

    private static Update secondOf(Stage.LookUp lookUp, String key, Receipt receipt) {
        return switch (lookUp) {
            case KEYS -> adds(key, "A").build();
            case REFERENCES -> adds(key, "A").reference("invoice/1").build();
            default -> reversal(key, receipt);
        };
    }
}
