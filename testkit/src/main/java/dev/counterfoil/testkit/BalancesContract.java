package dev.counterfoil.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.Balance;
import dev.counterfoil.BalanceEntry;
import dev.counterfoil.BalanceId;
import dev.counterfoil.CellKind;
import dev.counterfoil.Entry;
import dev.counterfoil.EntryType;
import dev.counterfoil.Key;
import dev.counterfoil.Limits;
import dev.counterfoil.PageRequest;
import dev.counterfoil.Reason;
import dev.counterfoil.Receipt;
import dev.counterfoil.Rejected;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Money: increments, limits, force, transfers. */
abstract class BalancesContract extends ContractPart {
    private static final BalanceId LINE = ACCOUNT.balance("credit line", SAR);

    BalancesContract(LedgerContract store) {
        super(store);
    }

    private Rejected.OutOfBounds outOfBounds(Reason reason, Update.Builder update) {
        return refused(Rejected.OutOfBounds.class, reason, update);
    }

    @Test
    void incrementsAreSignedAndTheVerbsGiveTheSign() {
        openAccount();
        Receipt receipt = applied(update().increment(AVAILABLE, "0.50")
                        .increment(AVAILABLE, "-0.25")
                        .add(AVAILABLE, "10.00")
                        .take(AVAILABLE, "1.00"))
                .receipt();

        assertThat(receipt.entries()).extracting(e -> e.type()).containsOnly(EntryType.INCREMENT);
        assertThat(receipt.balance(AVAILABLE)).isEqualTo("1009.25");
        assertThat(available()).isEqualTo("1009.25");
        assertThat(ledger.read(ACCOUNT).find(AVAILABLE).orElseThrow().version()).isEqualTo(5);
    }

    @Test
    void aDecreaseMayEndOnTheMinimumAndNotBelowIt() {
        openAccount();
        Rejected.OutOfBounds no = outOfBounds(Reason.BELOW_MINIMUM, update().take(AVAILABLE, "1000.01"));
        assertThat(no.index()).isZero();
        assertThat(no.cell()).isEqualTo(AVAILABLE);
        assertThat(no.before()).isEqualTo("1000.00");
        assertThat(no.after()).isEqualTo("-0.01");
        assertThat(no.limit()).isEqualTo("0.00");
        assertThat(no.decidedBy()).isEqualTo(Key.of(OPENING));

        applied(update().take(AVAILABLE, "1000.00"));
        assertThat(available()).isEqualTo("0.00");
    }

    @Test
    void anIncreaseMayEndOnTheMaximumAndNotAboveIt() {
        applied(Update.of("line").open(LINE, "90.00", Limits.between("-50", "100")));
        Rejected.OutOfBounds no = outOfBounds(Reason.ABOVE_MAXIMUM, update().add(LINE, "10.01"));
        assertThat(no.before()).isEqualTo("90.00");
        assertThat(no.after()).isEqualTo("100.01");
        assertThat(no.limit()).isEqualTo("100.00");
        assertThat(no.decidedBy()).isEqualTo(Key.of("line"));

        applied(update().add(LINE, "10.00"));
        applied(update().take(LINE, "150.00"));
        outOfBounds(Reason.BELOW_MINIMUM, update().take(LINE, "0.01"));
    }

    @Test
    void limitsLookInOneDirectionOnly() {
        applied(update().open(LINE, "10.00", Limits.none()));
        applied(update().setLimits(LINE, Limits.between("100", "200")));
        applied(update().add(LINE, "5.00"));
        Rejected.OutOfBounds no = outOfBounds(Reason.BELOW_MINIMUM, update().take(LINE, "0.01"));
        assertThat(no.limit()).isEqualTo("100.00");

        applied(update().setLimits(LINE, Limits.between("-5", "5")));
        applied(update().take(LINE, "1.00"));
        outOfBounds(Reason.ABOVE_MAXIMUM, update().add(LINE, "0.01"));
        assertThat(ledger.read(ACCOUNT).balance(LINE)).isEqualTo("14.00");
    }

    @Test
    void eachOperationMustBeAllowedAtItsOwnStep() {
        openAccount();
        Rejected.OutOfBounds no = outOfBounds(
                Reason.BELOW_MINIMUM, update().take(AVAILABLE, "1500").add(AVAILABLE, "1500"));
        assertThat(no.index()).isZero();

        applied(update().add(AVAILABLE, "1500").take(AVAILABLE, "1500"));
    }

    @Test
    void aRefusalNamesTheUpdateThatLastChangedTheBalance() {
        openAccount();
        applied(Update.of("spent-it").take(AVAILABLE, "900.00"));
        applied(update().append(USAGE, "later, but elsewhere"));

        assertThat(outOfBounds(Reason.BELOW_MINIMUM, update().take(AVAILABLE, "100.01"))
                        .decidedBy())
                .isEqualTo(Key.of("spent-it"));
        Rejected own = outOfBounds(
                Reason.BELOW_MINIMUM, Update.of("own").take(AVAILABLE, "60").take(AVAILABLE, "60"));
        assertThat(own.index()).isEqualTo(1);
        assertThat(own.decidedBy()).as("its own first step").isEqualTo(Key.of("own"));
    }

    @Test
    void theSameBalanceMayAppearManyTimes() {
        openAccount();
        Update.Builder many = update();
        for (int i = 0; i < Update.MAX_OPERATIONS; i++) {
            many.take(AVAILABLE, "0.01");
        }
        assertThat(applied(many).receipt().entries()).hasSize(Update.MAX_OPERATIONS);
        assertThat(available()).isEqualTo("990.00");
        books();
    }

    @Test
    void aTransferMovesBetweenTwoBalances() {
        openAccount();
        applied(update().open(OTHER));
        applied(update().transfer(AVAILABLE, OTHER, "800.00"));
        assertThat(ledger.read(ACCOUNT, OTHER.account()).balance(OTHER)).isEqualTo("800.00");

        Rejected no = outOfBounds(Reason.BELOW_MINIMUM, update().transfer(AVAILABLE, OTHER, "200.01"));
        assertThat(no.index()).isZero();
        assertThat(books().total("available")).isEqualByComparingTo("1000.00");
    }

    @Test
    void forcePassesLimitsAndMarksOnlyTheEntriesThatPassedOne() {
        openAccount();
        applied(update().add(AVAILABLE, "1.00")
                .take(AVAILABLE, "1002.00")
                .add(AVAILABLE, "0.50")
                .take(AVAILABLE, "0.25")
                .force("the manager said so"));

        assertThat(available()).isEqualTo("-0.75");
        assertThat(ledger.history(AVAILABLE, PageRequest.first(10)).items())
                .extracting(BalanceEntry::forced)
                .containsExactly(null, null, "the manager said so", null, "the manager said so");
        applied(update().setLimits(AVAILABLE, Limits.atMost("0")));
        applied(update().add(AVAILABLE, "5.00").force("bonus"));
        assertThat(last(AVAILABLE).forced()).isEqualTo("bonus");
        books();
    }

    private BalanceEntry last(BalanceId cell) {
        List<Entry> entries = Books.history(ledger, cell);
        return (BalanceEntry) entries.get(entries.size() - 1);
    }

    @Test
    void forcePassesNothingButLimits() {
        openAccount();
        refused(
                Rejected.NotMet.class,
                Reason.BELOW_REQUIRED,
                update().requireAtLeast(AVAILABLE, "2000").force("x"));
        refused(
                Rejected.NotZero.class,
                Reason.NOT_ZERO,
                update().close(AVAILABLE).force("x"));
        refused(
                Rejected.WrongState.class,
                Reason.NOT_FOUND,
                update().add(OTHER, "1").force("x"));
        outOfBounds(Reason.OVERFLOW, update().add(AVAILABLE, "9".repeat(36)).force("x"));
    }

    @Test
    void moreThan38DigitsIsOverflowInBothDirections() {
        String greatest = "9".repeat(36) + ".99";
        applied(Update.of("rich").open(LINE, greatest, Limits.none()).open(OTHER, "-" + greatest, Limits.none()));

        Rejected.OutOfBounds up = outOfBounds(Reason.OVERFLOW, update().add(LINE, "0.01"));
        assertThat(up.before()).isEqualTo(greatest);
        assertThat(up.after()).isEqualTo("1" + "0".repeat(36) + ".00");
        assertThat(up.limit()).isEqualTo(greatest);
        assertThat(up.decidedBy()).isEqualTo(Key.of("rich"));
        Rejected.OutOfBounds down = outOfBounds(Reason.OVERFLOW, update().take(OTHER, "0.01"));
        assertThat(down.limit()).isEqualTo("-" + greatest);
        assertThat(((Rejected.OutOfBounds) ledger.find(up.key()).orElseThrow()).after())
                .isEqualTo(up.after());

        applied(update().take(LINE, greatest).add(LINE, greatest));
    }

    @Test
    void aBalanceThatIsNotThereIsNotFound() {
        Rejected no = refusedAt(0, OTHER, Rejected.WrongState.class, Reason.NOT_FOUND, update().add(OTHER, "1.00"));
        assertThat(no.decidedBy()).isNull();
        assertThat(ledger.accounts(KIND, "", PageRequest.first(10)).items())
                .as("asking for an account does not make it")
                .isEmpty();
    }

    @Test
    void anotherUnitUnderTheNameIsRefused() {
        openAccount();
        for (Unit unit : List.of(Unit.of("EUR", 2), Unit.of("SAR", 3), Unit.of("sar", 2))) {
            BalanceId asked = ACCOUNT.balance("available", unit);
            Rejected.UnitDiffers no =
                    refusedAt(0, asked, Rejected.UnitDiffers.class, Reason.UNIT_DIFFERS, update().add(asked, "1"));
            assertThat(no.observed()).isEqualTo(SAR);
            assertThat(no.required()).isEqualTo(unit);
            assertThat(no.decidedBy()).isEqualTo(Key.of(OPENING));
            refused(Rejected.UnitDiffers.class, Reason.UNIT_DIFFERS, update().requireOpen(asked));
            refused(Rejected.UnitDiffers.class, Reason.UNIT_DIFFERS, update().openIfAbsent(asked));
            refused(Rejected.WrongState.class, Reason.ALREADY_EXISTS, update().open(asked));
        }
    }

    @Test
    void anotherKindUnderTheNameIsRefused() {
        openAccount();
        BalanceId asked = ACCOUNT.balance("status", SAR);
        Rejected.WrongKind no =
                refusedAt(0, asked, Rejected.WrongKind.class, Reason.WRONG_KIND, update().add(asked, "1"));
        assertThat(no.observed()).isEqualTo(CellKind.REGISTER);
        assertThat(no.required()).isEqualTo(CellKind.BALANCE);
        assertThat(no.decidedBy()).isEqualTo(Key.of(OPENING));
        refused(Rejected.WrongKind.class, Reason.WRONG_KIND, update().close(ACCOUNT.register("usage")));
        refused(Rejected.WrongKind.class, Reason.WRONG_KIND, update().requireVersion(ACCOUNT.journal("available"), 1));
        refused(Rejected.WrongKind.class, Reason.WRONG_KIND, update().openIfAbsent(ACCOUNT.journal("available")));
        refused(Rejected.WrongState.class, Reason.ALREADY_EXISTS, update().open(ACCOUNT.journal("available")));
    }

    @Test
    void otherLimitsAreRecordedAndTheAmountMayLieOutside() {
        openAccount();
        applied(update().setLimits(AVAILABLE, Limits.between("-10.50", "20")));

        Balance balance = ledger.read(ACCOUNT).find(AVAILABLE).orElseThrow();
        assertThat(balance.limits()).isEqualTo(Limits.between("-10.50", "20"));
        assertThat(balance.amount()).isEqualTo("1000.00");
        BalanceEntry entry = last(AVAILABLE);
        assertThat(entry.type()).isEqualTo(EntryType.SET_LIMITS);
        assertThat(entry.limits()).isEqualTo(Limits.between("-10.50", "20"));
        assertThat(entry.delta()).isEqualTo("0.00");
        assertThat(entry.sequence()).isEqualTo(2);
    }

    @Test
    void limitsOfTheSameUpdateCountFromTheirPlaceOn() {
        openAccount();
        applied(update().setLimits(AVAILABLE, Limits.atLeast("-500")).take(AVAILABLE, "1500.00"));
        Rejected no = outOfBounds(
                Reason.BELOW_MINIMUM,
                update().take(AVAILABLE, "100")
                        .setLimits(AVAILABLE, Limits.none())
                        .add(AVAILABLE, "1"));
        assertThat(no.index()).isZero();
    }

    @Test
    void unitsOfScaleZeroCountInWholeNumbers() {
        BalanceId points = ACCOUNT.balance("points", POINTS);
        applied(update().open(points, 5, Limits.nonNegative()));
        applied(update().add(points, 10).take(points, 15));
        assertThat(ledger.read(ACCOUNT).balance(points)).isEqualTo("0");
    }
}
