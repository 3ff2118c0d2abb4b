package dev.counterfoil.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.counterfoil.Applied;
import dev.counterfoil.Balance;
import dev.counterfoil.BalanceEntry;
import dev.counterfoil.CellId;
import dev.counterfoil.EntryType;
import dev.counterfoil.HistoryFilter;
import dev.counterfoil.Key;
import dev.counterfoil.KeyReused;
import dev.counterfoil.NotCorrectableException;
import dev.counterfoil.Outcome;
import dev.counterfoil.PageRequest;
import dev.counterfoil.Reason;
import dev.counterfoil.Receipt;
import dev.counterfoil.ReceiptEntry;
import dev.counterfoil.RegisterEntry;
import dev.counterfoil.Rejected;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.VerifyRequest;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Corrections of cells whose rows nobody has damaged: what is refused, and what was counted in the world. */
abstract class CorrectionContract extends ContractPart {
    private static final Key COUNT = Key.of("stock", "count-1");

    CorrectionContract(LedgerContract store) {
        super(store);
    }

    private void sound() {
        assertThat(ledger.verify(VerifyRequest.all()).first()).isEmpty();
        assertThat(ledger.verify(VerifyRequest.all().sinceLast()).first()).isEmpty();
    }

    private Applied count(String amount) {
        return ledger.acceptObserved(COUNT, AVAILABLE, amount, "counted by hand")
                .orThrow();
    }

    private Balance available42() {
        return ledger.read(ACCOUNT).find(AVAILABLE).orElseThrow();
    }

    @Test
    void aCellThatIsWhatItsEntriesSayIsNotCorrected() {
        openAccount();
        applied(update().take(AVAILABLE, "1.50").append(USAGE, "1"));
        Books before = books();
        Key key = Key.of(fresh());
        for (CellId cell : List.of(AVAILABLE, STATUS, USAGE)) {
            notCorrectable(() -> ledger.restoreFromEntries(key, cell, "why"));
        }
        notCorrectable(() -> ledger.acceptObserved(key, AVAILABLE, "998.5", "why"));
        notCorrectable(() -> ledger.acceptObserved(key, STATUS, "ACTIVE", "why"));
        assertThat(books()).isEqualTo(before);
        assertThat(ledger.find(key)).as("the key is free").isEmpty();
        applied(Update.of(key).take(AVAILABLE, "1.00"));
    }

    private static void notCorrectable(ThrowingCallable call) {
        assertThatExceptionOfType(NotCorrectableException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.findings()).isEmpty());
    }

    @Test
    void aCellThatIsNotThereOrAnotherOneIsNotCorrected() {
        openAccount();
        Key key = Key.of(fresh());
        notCorrectable(() -> ledger.restoreFromEntries(key, OTHER, "why"));
        notCorrectable(() -> ledger.restoreFromEntries(key, ACCOUNT.journal("status"), "why"));
        notCorrectable(() -> ledger.acceptObserved(key, ACCOUNT.register("usage"), "x", "why"));
        notCorrectable(
                () -> ledger.acceptObserved(key, ACCOUNT.balance("available", Unit.of("EUR", 2)), "1.00", "why"));
        notCorrectable(() -> ledger.namespace("elsewhere").restoreFromEntries(key, AVAILABLE, "why"));
    }

    @Test
    void anAmountThatWasCountedIsAcceptedWithTheDifferenceAsAnEntry() {
        openAccount();
        Applied applied = count("900");
        assertThat(applied.replayed()).isFalse();
        Receipt receipt = applied.receipt();
        assertThat(receipt.key()).isEqualTo(COUNT);
        assertThat(receipt.metadata()).isEqualTo("counted by hand");
        assertThat(receipt.entries())
                .containsExactly(new ReceiptEntry.OfBalance(
                        0, AVAILABLE, EntryType.ACCEPT, 2, amount("-100.00"), amount("900.00")));
        Balance balance = available42();
        assertThat(balance.amount()).isEqualTo("900.00");
        assertThat(balance.version()).isEqualTo(2);
        assertThat(balance.lastUpdate()).isEqualTo(COUNT);
        assertThat(balance.lastRecordedAt()).isEqualTo(receipt.recordedAt());
        BalanceEntry entry =
                ledger.history(AVAILABLE, PageRequest.first(10)).items().get(1);
        assertThat(entry)
                .isEqualTo(new BalanceEntry(
                        AVAILABLE,
                        2,
                        EntryType.ACCEPT,
                        amount("-100.00"),
                        amount("900.00"),
                        null,
                        "counted by hand",
                        COUNT,
                        0,
                        receipt.recordedAt(),
                        null));
        books();
        sound();
    }

    @Test
    void aCorrectionCountsOnceUnderItsKey() {
        openAccount();
        Receipt receipt = count("900.00").receipt();
        applied(update().take(AVAILABLE, "1.00"));
        Applied again = count("900");
        assertThat(again.replayed()).isTrue();
        assertThat(again.receipt()).isEqualTo(receipt);
        assertThat(available()).isEqualTo("899.00");
        assertThat(ledger.find(COUNT)).contains(again);
        List<Outcome> others = List.of(
                ledger.acceptObserved(COUNT, AVAILABLE, "901.00", "counted by hand"),
                ledger.acceptObserved(COUNT, AVAILABLE, "900.00", "another reason"),
                ledger.acceptObserved(COUNT, STATUS, "900.00", "counted by hand"),
                ledger.restoreFromEntries(COUNT, AVAILABLE, "counted by hand"),
                ledger.apply(Update.of(COUNT).take(AVAILABLE, "1.00").build()));
        assertThat(others).allMatch(KeyReused.class::isInstance);
        assertThat(ledger.acceptObserved(Key.of(OPENING), AVAILABLE, "1.00", "why"))
                .isInstanceOf(KeyReused.class);
        assertThat(available()).isEqualTo("899.00");
        sound();
    }

    @Test
    void limitsDoNotBindACorrectionButWhatComesBehindIt() {
        openAccount();
        count("-5.00");
        sound();
        refusal(
                Rejected.class,
                Reason.BELOW_MINIMUM,
                ledger.apply(update().take(AVAILABLE, "0.01").build()));
        applied(update().add(AVAILABLE, "1.00"));
        assertThat(available()).isEqualTo("-4.00");
        sound();
    }

    @Test
    void aCorrectionIsNotAmongWhatPassedALimitByForce() {
        openAccount();
        count("-5.00");
        applied(update().take(AVAILABLE, "1.00").force("agreed"));
        assertThat(ledger.history(AVAILABLE, HistoryFilter.all().withForcedOnly(), PageRequest.first(10))
                        .items())
                .extracting(BalanceEntry::forced)
                .containsExactly("agreed");
    }

    @Test
    void aCorrectionCanBeReversed() {
        openAccount();
        Receipt receipt = count("900.00").receipt();
        applied(Update.reversalOf("undo", receipt));
        assertThat(available()).isEqualTo("1000.00");
        sound();
    }

    @Test
    void aTextThatWasFoundIsAccepted() {
        openAccount();
        Applied applied = ledger.acceptObserved(COUNT, STATUS, "", "as the other system has it")
                .orThrow();
        assertThat(applied.receipt().register(STATUS)).isEmpty();
        RegisterEntry entry =
                ledger.history(STATUS, PageRequest.first(10)).items().get(1);
        assertThat(entry.type()).isEqualTo(EntryType.ACCEPT);
        assertThat(entry.forced()).isEqualTo("as the other system has it");
        applied(update().compareAndSet(STATUS, "", "ACTIVE"));
        books();
        sound();
    }

    @Test
    void aClosedCellStaysClosed() {
        openAccount();
        applied(update().close(STATUS).take(AVAILABLE, "1000.00").close(AVAILABLE));
        ledger.acceptObserved(Key.of(fresh()), STATUS, "GONE", "why").orThrow();
        count("0.01");
        assertThat(available42().closed()).isTrue();
        assertThat(available()).isEqualTo("0.01");
        refusal(
                Rejected.class,
                Reason.CLOSED,
                ledger.apply(update().take(AVAILABLE, "0.01").build()));
        books();
        sound();
        applied(update().reopen(AVAILABLE).take(AVAILABLE, "0.01"));
        sound();
    }

    @Test
    void badInputIsRefusedBeforeAnythingIsSent() {
        openAccount();
        for (String reason : List.of("", " ", "a\nb", "x".repeat(256))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ledger.acceptObserved(COUNT, AVAILABLE, "1.00", reason));
        }
        for (String observed : List.of("", "1.001", "1E2", "abc", "9".repeat(37))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ledger.acceptObserved(COUNT, AVAILABLE, observed, "why"));
        }
        assertThatIllegalStateException()
                .isThrownBy(() -> ledger.decide(fresh(), "correct", List.of(AVAILABLE), now -> {
                    ledger.restoreFromEntries(COUNT, AVAILABLE, "why");
                    return now.decline("NO", "never");
                }));
        assertThat(ledger.find(COUNT)).isEmpty();
    }
}
