package dev.counterfoil.stress.history;

import static dev.counterfoil.stress.history.Tale.again;
import static dev.counterfoil.stress.history.Tale.applied;
import static dev.counterfoil.stress.history.Tale.appliedOn;
import static dev.counterfoil.stress.history.Tale.notApplied;
import static dev.counterfoil.stress.history.Tale.refused;
import static dev.counterfoil.stress.history.Tale.reused;
import static dev.counterfoil.stress.history.Tale.unknown;
import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.stress.history.Finding.Rule;
import org.junit.jupiter.api.Test;

/** Short histories, each with one thing wrong or with nothing wrong. Times are the numbers in front. */
class CheckerTest {
    private static final String ADD = "add load/1:points 5";
    private static final String ADDED = "load/1:points#2 5 15";
    private static final String ADDED_NEXT = "load/1:points#3 5 20";
    private static final String MOVE = "transfer load/1:money load/2:money 10.00";
    private static final String MOVED = "load/1:money#2 -10.00 90.00; load/2:money#2 10.00 110.00";

    private final Tale tale = new Tale();

    @Test
    void aSoundHistoryHasNoFindings() {
        tale.done(10, 20, "a", ADD, ADDED)
                .done(15, 30, "b", MOVE, MOVED)
                .update(40, 50, "b", MOVE, again(applied(MOVED)))
                .update(40, 50, "b", ADD, reused(applied(MOVED)))
                .done(
                        41,
                        60,
                        "c",
                        "set load/1:status new c; append load/1:log c",
                        "load/1:status#2 set c; load/1:log#2 append 1")
                .read(5, 45, "load/1:money#1 100.00; load/2:money#1 100.00; load/0:money#1 100.00")
                .read(35, 45, "load/1:money#2 90.00; load/2:money#2 110.00; load/0:money#1 100.00")
                .update(70, 80, "d", "take load/1:points 16", refused("BELOW_MINIMUM", "load/1:points a 15"))
                .update(70, 80, "e", "expect load/1:points 1; " + ADD, refused("VERSION_DIFFERS", "load/1:points a #2"))
                .update(90, 95, "f", ADD, notApplied())
                .findsNothing(96, 97, "f");
        assertThat(tale.findings()).isEmpty();
    }

    @Test
    void whatNobodyWasToldMayBeThereOrNot() {
        assertThat(new Tale().update(10, 20, "a", ADD, unknown()).findings()).isEmpty();
        assertThat(new Tale()
                        .update(10, 20, "a", ADD, unknown())
                        .there("a", ADDED)
                        .findings())
                .isEmpty();
        assertThat(new Tale()
                        .update(10, Long.MAX_VALUE, "a", ADD, Answer.NONE)
                        .update(30, 40, "a", ADD, again(applied(ADDED)))
                        .there("a", ADDED)
                        .findings())
                .isEmpty();
    }

    @Test
    void anAcknowledgedUpdateThatIsNotThereIsLost() {
        tale.update(10, 20, "a", ADD, applied(ADDED));
        assertThat(tale.rules()).containsExactly(Rule.LOST);
        assertThat(tale.findings().get(0).keys()).containsExactly("a");
        assertThat(tale.findings().get(0).lines()).containsExactly("tale:1");
    }

    @Test
    void anUpdateWhosePlaceAnotherTookIsLost() {
        tale.update(10, 20, "a", ADD, applied(ADDED)).done(10, 20, "b", ADD, ADDED);
        assertThat(tale.rules()).containsExactly(Rule.LOST);
    }

    @Test
    void halfAnUpdateIsPartial() {
        tale.update(10, 20, "a", MOVE, applied(MOVED)).there("a", "load/1:money#2 -10.00 90.00");
        assertThat(tale.rules()).containsExactly(Rule.PARTIAL);
        Tale untold = new Tale().update(10, 20, "a", MOVE, unknown()).there("a", "load/1:money#2 -10.00 90.00");
        assertThat(untold.rules()).containsExactly(Rule.PARTIAL);
    }

    @Test
    void entriesBesideTheReceiptAreDoubled() {
        tale.done(10, 20, "a", ADD, ADDED).there("a", ADDED_NEXT);
        assertThat(tale.rules()).contains(Rule.DOUBLED);
    }

    @Test
    void aKeyThatIsDecidedTwiceIsSeen() {
        tale.update(10, 20, "a", ADD, applied(ADDED))
                .update(30, 40, "a", ADD, applied(ADDED_NEXT))
                .there("a", ADDED)
                .there("a", ADDED_NEXT);
        assertThat(tale.rules()).contains(Rule.DECIDED_TWICE, Rule.ANSWER_CHANGED, Rule.DOUBLED);
    }

    @Test
    void aRepeatThatIsAnsweredInAnotherWayIsSeen() {
        tale.done(10, 20, "a", ADD, ADDED).update(30, 40, "a", ADD, again(applied(ADDED_NEXT)));
        assertThat(tale.rules()).containsExactly(Rule.ANSWER_CHANGED);
        Tale refusal = new Tale()
                .update(10, 20, "a", "take load/1:points 11", refused("BELOW_MINIMUM", "load/1:points open-1 10"))
                .update(30, 40, "a", "take load/1:points 11", again(refused("CLOSED", "")));
        assertThat(refusal.rules()).containsExactly(Rule.ANSWER_CHANGED);
    }

    @Test
    void anotherContentIsNoRepeatAndARepeatIsNoOtherContent() {
        tale.done(10, 20, "a", ADD, ADDED).update(30, 40, "a", MOVE, again(applied(ADDED)));
        assertThat(tale.rules()).containsExactly(Rule.CONTENT_CONFUSED);
        Tale same = new Tale().done(10, 20, "a", ADD, ADDED).update(30, 40, "a", ADD, reused(applied(ADDED)));
        assertThat(same.rules()).containsExactly(Rule.CONTENT_CONFUSED);
    }

    @Test
    void whatNobodySentIsAStranger() {
        assertThat(tale.there("x", ADDED).rules()).containsExactly(Rule.STRANGER);
    }

    @Test
    void whatWasRefusedOrNotAppliedMustNotBeThere() {
        tale.update(10, 20, "a", ADD, refused("CLOSED", "")).there("a", ADDED);
        assertThat(tale.rules()).containsExactly(Rule.REFUSED_IS_THERE);
        Tale fault = new Tale().update(10, 20, "a", ADD, notApplied()).there("a", ADDED);
        assertThat(fault.rules()).containsExactly(Rule.NOT_APPLIED_IS_THERE);
        Tale stale = new Tale()
                .update(10, 20, "a", "expect load/1:points 9; " + ADD, refused("VERSION_DIFFERS", ""))
                .there("a", ADDED);
        assertThat(stale.rules()).containsExactly(Rule.NOT_APPLIED_IS_THERE);
    }

    @Test
    void whatAnUpdateDidMustBeWhatItWasAskedToDo() {
        tale.done(10, 20, "a", "add load/1:points 6", ADDED);
        assertThat(tale.rules()).containsExactly(Rule.NOT_AS_ASKED);
        Tale register = new Tale()
                .done(10, 20, "a", "set load/1:status new a", "load/1:status#2 set a")
                .done(30, 40, "b", "set load/1:status new b", "load/1:status#3 set b");
        assertThat(register.rules()).containsExactly(Rule.NOT_AS_ASKED);
        Tale record = new Tale().done(10, 20, "a", "append load/1:log other", "load/1:log#2 append 1");
        assertThat(record.rules()).containsExactly(Rule.NOT_AS_ASKED);
    }

    @Test
    void aReferenceIsHeldOnce() {
        tale.done(10, 20, "a", "reference r; " + ADD, ADDED).done(30, 40, "b", "reference r; " + ADD, ADDED_NEXT);
        assertThat(tale.rules()).containsExactly(Rule.REFERENCE_TWICE);
        Tale free = new Tale().update(10, 20, "a", "reference r; " + ADD, refused("REFERENCE_TAKEN", ""));
        assertThat(free.rules()).containsExactly(Rule.REFERENCE_TWICE);
    }

    @Test
    void anUpdateIsReversedOnce() {
        tale.done(10, 20, "a", ADD, ADDED)
                .done(30, 40, "b", "reverse a", "load/1:points#3 -5 10")
                .done(50, 60, "c", "reverse a", "load/1:points#4 -5 5");
        assertThat(tale.rules()).containsExactly(Rule.REVERSED_TWICE);
    }

    @Test
    void whatWasSeenMustHaveBeenThere() {
        tale.done(10, 20, "a", ADD, ADDED).read(30, 40, "load/1:points#2 16");
        assertThat(tale.rules()).containsExactly(Rule.SEEN_BUT_NEVER_THERE);
        assertThat(new Tale().read(30, 40, "load/1:points#2 15").rules()).containsExactly(Rule.SEEN_BUT_NEVER_THERE);
        Tale refusal = new Tale()
                .update(10, 20, "a", "take load/1:points 11", refused("BELOW_MINIMUM", "load/1:points open-1 9"));
        assertThat(refusal.rules()).containsExactly(Rule.SEEN_BUT_NEVER_THERE);
    }

    @Test
    void aRefusalNeedsACause() {
        tale.update(10, 20, "a", "take load/1:points 10", refused("BELOW_MINIMUM", "load/1:points open-1 10"));
        assertThat(tale.rules()).containsExactly(Rule.REFUSED_WITHOUT_CAUSE);
    }

    @Test
    void limitsAreNotPassed() {
        tale.done(10, 20, "a", "take load/1:points 11", "load/1:points#2 -11 -1");
        assertThat(tale.rules()).containsExactly(Rule.LIMIT_PASSED);
        Tale above = new Tale().done(10, 20, "a", "add load/1:points 31", "load/1:points#2 31 41");
        assertThat(above.rules()).containsExactly(Rule.LIMIT_PASSED);
    }

    @Test
    void aReadOfHalfAnUpdateIsTornAndTheTotalIsWrong() {
        tale.done(10, 20, "a", MOVE, MOVED)
                .read(12, 18, "load/0:money#1 100.00; load/1:money#2 90.00; load/2:money#1 100.00");
        assertThat(tale.rules()).containsExactly(Rule.TOTAL_CHANGED, Rule.TORN_READ);
    }

    @Test
    void aReadMixedOfTwoTimesIsTornEvenWhereNoUpdateTouchesBothCells() {
        tale.done(10, 90, "a", ADD, ADDED)
                .done(10, 90, "b", "expect load/1:points 2; add load/2:points 1", "load/2:points#2 1 11")
                .read(10, 90, "load/1:points#1 10; load/2:points#2 11");
        assertThat(tale.rules()).containsExactly(Rule.TORN_READ);
    }

    @Test
    void aReadThatMissesWhatWasAnsweredBeforeItIsStale() {
        tale.done(10, 20, "a", ADD, ADDED).read(21, 30, "load/1:points#1 10");
        assertThat(tale.rules()).containsExactly(Rule.STALE_READ);
        Tale backwards = new Tale()
                .done(10, 90, "a", ADD, ADDED)
                .read(20, 30, "load/1:points#2 15")
                .read(31, 40, "load/1:points#1 10");
        assertThat(backwards.rules()).containsExactly(Rule.STALE_READ);
        Tale find = new Tale().done(10, 20, "a", ADD, ADDED).findsNothing(21, 30, "a");
        assertThat(find.rules()).containsExactly(Rule.STALE_READ);
    }

    @Test
    void aReadThatSeesWhatIsSentAfterItIsWrongToo() {
        tale.done(30, 40, "a", ADD, ADDED).read(10, 20, "load/1:points#2 15");
        assertThat(tale.rules()).containsExactly(Rule.STALE_READ);
    }

    @Test
    void whereACrashTakesBackWhatWasOnlyLookedAtTheRestIsCheckedAlone() {
        tale.done(10, 20, "a", ADD, ADDED)
                .read(30, 40, "load/1:points#3 20")
                .findsNothing(30, 40, "a")
                .update(
                        30,
                        40,
                        "b",
                        "expect load/1:points 1; " + ADD,
                        refused("VERSION_DIFFERS", "load/1:points x #3"));
        assertThat(tale.rules()).containsExactlyInAnyOrder(Rule.SEEN_BUT_NEVER_THERE, Rule.STALE_READ);
        assertThat(tale.findingsWithoutLooks()).isEmpty();
        tale.there("b", ADDED_NEXT);
        assertThat(tale.findingsWithoutLooks()).extracting(Finding::rule).contains(Rule.NOT_APPLIED_IS_THERE);
    }

    @Test
    void aRefusalByWhatWasLongOverIsStale() {
        tale.done(10, 20, "a", ADD, ADDED)
                .update(30, 40, "b", "take load/1:points 12", refused("BELOW_MINIMUM", "load/1:points open-1 10"));
        assertThat(tale.rules()).containsExactly(Rule.STALE_READ);
    }

    @Test
    void whatWasSentLaterComesLater() {
        tale.done(30, 40, "b", ADD, ADDED).done(10, 20, "a", ADD, ADDED_NEXT);
        assertThat(tale.rules()).containsExactly(Rule.REAL_TIME_BROKEN);
        assertThat(tale.findings().get(0).keys()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void theSendThatMayHaveDoneItCountsAndNotOneThatSurelyDidNothing() {
        tale.update(10, 20, "b", ADD, notApplied())
                .update(30, 40, "b", ADD, applied(ADDED))
                .there("b", ADDED)
                .done(21, 25, "a", ADD, ADDED_NEXT);
        assertThat(tale.rules()).containsExactly(Rule.REAL_TIME_BROKEN);
        Tale unknown = new Tale()
                .update(10, 20, "b", ADD, unknown())
                .update(30, 40, "b", ADD, again(applied(ADDED)))
                .there("b", ADDED)
                .done(21, 25, "a", ADD, ADDED_NEXT);
        assertThat(unknown.findings()).isEmpty();
    }

    @Test
    void aNotAppliedThatWasAppliedIsSeenByWhoSawItBeforeItWasSentAgain() {
        tale.update(10, 20, "a", ADD, notApplied())
                .read(30, 40, "load/1:points#2 15")
                .update(50, 60, "a", ADD, again(applied(ADDED)))
                .there("a", ADDED);
        assertThat(tale.rules()).containsExactly(Rule.STALE_READ);
    }

    @Test
    void cellsAgreeOnTheOrder() {
        String both = "add load/1:points 1; add load/2:points 1";
        tale.update(10, 90, "a", both, applied("load/1:points#2 1 11; load/2:points#3 1 12"))
                .update(10, 90, "b", both, applied("load/1:points#3 1 12; load/2:points#2 1 11"))
                .there("a", "load/1:points#2 1 11")
                .there("b", "load/1:points#3 1 12; load/2:points#2 1 11");
        // In the order of the cell.
        tale.there("a", "load/2:points#3 1 12");
        assertThat(tale.rules()).contains(Rule.NO_COMMON_ORDER);
    }

    @Test
    void aDecisionOnWhatWasNotSoAnyMoreIsSeen() {
        String sweep = "sweep load/1 load/2";
        String swept = "load/1:money#2 -50.00 50.00; load/2:money#2 50.00 150.00";
        tale.done(
                        10,
                        90,
                        "a",
                        "set load/1:status new a; transfer load/1:money load/0:money 10.00",
                        "load/1:status#2 set a; load/1:money#3 -10.00 40.00; load/0:money#2 10.00 110.00")
                .update(10, 90, "b", sweep, appliedOn("load/1:money#1 100.00; load/1:status#2 a", swept));
        assertThat(tale.there("b", swept).rules()).contains(Rule.NO_COMMON_ORDER);
    }

    @Test
    void sumsAndSequencesAreLookedAt() {
        assertThat(tale.done(10, 20, "a", ADD, "load/1:points#2 5 16").rules()).containsExactly(Rule.WRONG_SUM);
        assertThat(new Tale().done(10, 20, "a", ADD, "load/1:points#3 5 15").rules())
                .containsExactly(Rule.SEQUENCE_GAP);
    }

    @Test
    void anAnswerThatNoLedgerGivesIsSeen() {
        tale.update(10, 20, "a", ADD, Answer.other(Answer.Type.BROKEN, "java.lang.IllegalStateException"));
        assertThat(tale.rules()).containsExactly(Rule.BROKEN_ANSWER);
    }
}
