package dev.counterfoil.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.counterfoil.Applied;
import dev.counterfoil.BalanceEntry;
import dev.counterfoil.Decision;
import dev.counterfoil.EntryType;
import dev.counterfoil.Key;
import dev.counterfoil.Limits;
import dev.counterfoil.Outcome;
import dev.counterfoil.PageRequest;
import dev.counterfoil.Reason;
import dev.counterfoil.Receipt;
import dev.counterfoil.ReceiptEntry;
import dev.counterfoil.Rejected;
import dev.counterfoil.Update;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reversals: once for ever, whoever asks. */
abstract class ReversalsContract extends ContractPart {
    ReversalsContract(LedgerContract store) {
        super(store);
    }

    /** Moves 800.00 to the other account, and touches what a reversal leaves alone. */
    private Receipt payment() {
        openAccount();
        applied(update().open(OTHER, "5.00", Limits.nonNegative()));
        return applied(Update.of("pay")
                        .transfer(AVAILABLE, OTHER, "800.00")
                        .compareAndSet(STATUS, "ACTIVE", "PAID")
                        .append(USAGE, "paid"))
                .receipt();
    }

    @Test
    void theOppositeIncrementsAreAppliedInReverseOrder() {
        Receipt payment = payment();
        Receipt reversal = applied(Update.reversalOf("refund", payment)).receipt();

        assertThat(reversal.reverses()).isEqualTo(Key.of("pay"));
        assertThat(reversal.entries())
                .extracting(ReceiptEntry::cell)
                .as("the other way round")
                .containsExactly(OTHER, AVAILABLE);
        assertThat(reversal.balance(AVAILABLE)).isEqualTo("1000.00");
        assertThat(reversal.balance(OTHER)).isEqualTo("5.00");
        var read = ledger.read(ACCOUNT);
        assertThat(read.register(STATUS)).as("registers stay").isEqualTo("PAID");
        assertThat(read.count(USAGE)).as("journals stay").isEqualTo(1);
        books();
    }

    @Test
    void anUpdateIsReversedOnceWhoeverAsks() {
        Receipt payment = payment();
        Applied first = applied(Update.reversalOf("refund-1", payment));
        Rejected.NotReversible second = refusedAt(
                Rejected.NO_OPERATION,
                null,
                Rejected.NotReversible.class,
                Reason.ALREADY_REVERSED,
                Update.reversalOf("refund-2", payment));

        assertThat(second.decidedBy()).isEqualTo(Key.of("refund-1"));
        assertThat(second.reversed()).isEqualTo(Key.of("pay"));
        assertThat(ledger.apply(Update.reversalOf("refund-1", payment).build()))
                .isEqualTo(new Applied(first.receipt(), true));
        assertThat(((Decision) ledger.apply(
                                Update.reversalOf("refund-2", payment).build()))
                        .replayed())
                .isTrue();
        assertThat(available()).isEqualTo("1000.00");
    }

    @Test
    void inOneListTheFirstReverses() {
        Receipt payment = payment();
        List<Outcome> outcomes = ledger.applyEach(List.of(
                Update.reversalOf("a", payment).build(),
                Update.reversalOf("b", payment).build()));

        outcomes.get(0).orThrow();
        Rejected no = refusal(Rejected.NotReversible.class, Reason.ALREADY_REVERSED, outcomes.get(1));
        assertThat(no.decidedBy()).isEqualTo(Key.of("a"));
    }

    @Test
    void ofManyAtOnceOneReverses() throws Exception {
        Receipt payment = payment();
        List<Outcome> outcomes = Crowd.ask(
                8,
                i -> () ->
                        ledger.apply(Update.reversalOf("refund-" + i, payment).build()));

        assertThat(outcomes).filteredOn(Applied.class::isInstance).hasSize(1);
        assertThat(outcomes)
                .filteredOn(outcome -> outcome instanceof Rejected no && no.reason() == Reason.ALREADY_REVERSED)
                .hasSize(7);
        assertThat(available()).isEqualTo("1000.00");
        books();
    }

    @Test
    void aReversalIsRefusedLikeAnyUpdate() {
        Receipt payment = payment();
        applied(Update.of("spent").take(OTHER, "700.00"));
        Rejected no = refusedAt(
                0, OTHER, Rejected.OutOfBounds.class, Reason.BELOW_MINIMUM, Update.reversalOf("refund-1", payment));
        assertThat(no.decidedBy()).isEqualTo(Key.of("spent"));

        applied(update().take(AVAILABLE, "200").close(AVAILABLE).add(OTHER, "700.00"));
        refusedAt(1, AVAILABLE, Rejected.WrongState.class, Reason.CLOSED, Update.reversalOf("refund-2", payment));

        applied(update().reopen(AVAILABLE));
        assertThat(ledger.apply(Update.reversalOf("refund-2", payment).build()))
                .as("refused for ever: use a new key")
                .isInstanceOf(Rejected.WrongState.class);
        applied(Update.reversalOf("refund-3", payment));
    }

    @Test
    void aRefusedReversalDoesNotReverse() {
        Receipt payment = payment();
        applied(update().take(OTHER, "700.00"));
        refused(Rejected.OutOfBounds.class, Reason.BELOW_MINIMUM, Update.reversalOf("a", payment));

        applied(Update.reversalOf("b", payment).force("the customer was promised it"));
        assertThat(ledger.history(OTHER, PageRequest.first(10)).items())
                .extracting(BalanceEntry::forced)
                .containsExactly(null, null, null, "the customer was promised it");
    }

    @Test
    void aReversalMayBeReversedOnce() {
        Receipt payment = payment();
        Receipt refund = applied(Update.reversalOf("refund", payment)).receipt();
        Receipt again = applied(Update.reversalOf("after all", refund)).receipt();

        assertThat(again.reverses()).isEqualTo(Key.of("refund"));
        assertThat(available()).isEqualTo("200.00");
        refused(Rejected.NotReversible.class, Reason.ALREADY_REVERSED, Update.reversalOf("no", refund));
        refused(Rejected.NotReversible.class, Reason.ALREADY_REVERSED, Update.reversalOf("nor", payment));
        applied(Update.reversalOf("and back", again));
        assertThat(available()).isEqualTo("1000.00");
    }

    @Test
    void firstAmountsAreReversedToo() {
        Receipt opening = openAccount().receipt();
        applied(Update.reversalOf("undo", opening));

        assertThat(available()).isEqualTo("0.00");
        applied(update().close(AVAILABLE));
    }

    @Test
    void whatMovedNothingHasNoReversal() {
        openAccount();
        Receipt receipt = applied(update().append(USAGE, "x")).receipt();
        assertThatIllegalArgumentException().isThrownBy(() -> Update.reversalOf("undo", receipt));
    }

    @Test
    void aReversalMayDoWhatMovesNoMoney() {
        Receipt payment = payment();
        applied(Update.reversalOf("refund", payment)
                .compareAndSet(STATUS, "PAID", "REFUNDED")
                .append(USAGE, "refunded")
                .requireAtLeast(AVAILABLE, "1000"));
        assertThat(ledger.read(ACCOUNT).register(STATUS)).isEqualTo("REFUNDED");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Update.reversalOf("more", payment).add(AVAILABLE, "1.00"));
    }

    @Test
    void whatWasNeverAppliedHereCannotBeReversed() {
        Receipt payment = payment();
        Receipt elsewhere = new Receipt(
                Key.of("other scope", "pay"), payment.recordedAt(), null, null, null, null, payment.entries());
        Rejected.NotReversible no = refusedAt(
                Rejected.NO_OPERATION,
                null,
                Rejected.NotReversible.class,
                Reason.NOT_FOUND,
                Update.reversalOf("refund", elsewhere));
        assertThat(no.reversed()).isEqualTo(Key.of("other scope", "pay"));
        assertThat(no.decidedBy()).isNull();

        refused(
                Rejected.OutOfBounds.class,
                Reason.BELOW_MINIMUM,
                Update.of("refused").take(AVAILABLE, "9999"));
        Receipt forged =
                new Receipt(Key.of("refused"), payment.recordedAt(), null, null, null, null, payment.entries());
        refused(Rejected.NotReversible.class, Reason.NOT_FOUND, Update.reversalOf("refund-2", forged));
    }

    @Test
    void whatIsMovedBackMustBeWhatWasMoved() {
        Receipt payment = payment();
        Receipt more = new Receipt(
                payment.key(),
                payment.recordedAt(),
                null,
                null,
                null,
                null,
                List.of(new ReceiptEntry.OfBalance(
                        0, OTHER, EntryType.INCREMENT, 2, amount("800.01"), amount("805.01"))));
        refused(Rejected.NotReversible.class, Reason.NOT_FOUND, Update.reversalOf("more", more));
        Receipt half = new Receipt(
                payment.key(),
                payment.recordedAt(),
                null,
                null,
                null,
                null,
                payment.entries().subList(0, 1));
        refused(Rejected.NotReversible.class, Reason.NOT_FOUND, Update.reversalOf("half", half));

        applied(Update.reversalOf("refund", payment));
    }

    @Test
    void anUpdateOfTheSameListCanBeReversedThere() {
        Receipt opening = openAccount().receipt();
        Receipt expected = new Receipt(
                Key.of("pay"),
                opening.recordedAt(),
                null,
                null,
                null,
                null,
                List.of(new ReceiptEntry.OfBalance(
                        0, AVAILABLE, EntryType.INCREMENT, 2, amount("-1.00"), amount("999.00"))));
        List<Outcome> outcomes = ledger.applyEach(List.of(
                Update.reversalOf("too early", expected).build(),
                Update.of("pay").take(AVAILABLE, "1.00").build(),
                Update.reversalOf("in time", expected).build()));

        refusal(Rejected.NotReversible.class, Reason.NOT_FOUND, outcomes.get(0));
        outcomes.get(2).orThrow();
        assertThat(available()).isEqualTo("1000.00");
    }
}
