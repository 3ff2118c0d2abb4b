package dev.counterfoil.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.AccountId;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Cell;
import dev.counterfoil.CellId;
import dev.counterfoil.Entry;
import dev.counterfoil.EntryType;
import dev.counterfoil.JournalEntry;
import dev.counterfoil.JournalId;
import dev.counterfoil.Key;
import dev.counterfoil.Limits;
import dev.counterfoil.PageRequest;
import dev.counterfoil.Reason;
import dev.counterfoil.Receipt;
import dev.counterfoil.RegisterEntry;
import dev.counterfoil.RegisterId;
import dev.counterfoil.Rejected;
import dev.counterfoil.Update;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The life of a cell: opened, changed, closed, opened again; registers and journals. */
abstract class CellsContract extends ContractPart {
    CellsContract(LedgerContract store) {
        super(store);
    }

    private static List<CellId> eachKind() {
        return List.of(AVAILABLE, STATUS, USAGE);
    }

    private List<EntryType> types(CellId cell) {
        return Books.history(ledger, cell).stream().map(Entry::type).toList();
    }

    private Cell cell(CellId id) {
        return ledger.read(id.account()).cells().stream()
                .filter(cell -> cell.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    /** Empties the balance, so that all cells can be closed. */
    private void closeAll() {
        applied(Update.of("closing")
                .take(AVAILABLE, "1000")
                .close(AVAILABLE)
                .close(STATUS)
                .close(USAGE));
    }

    @Test
    void openingKeepsUnitLimitsAndFirstValue() {
        Receipt receipt = openAccount().receipt();

        var read = ledger.read(ACCOUNT);
        assertThat(read.balance(AVAILABLE)).isEqualTo("1000.00");
        assertThat(read.find(AVAILABLE).orElseThrow().limits()).isEqualTo(Limits.nonNegative());
        assertThat(read.register(STATUS)).isEqualTo("ACTIVE");
        assertThat(read.count(USAGE)).isZero();
        for (CellId id : eachKind()) {
            assertThat(cell(id).version()).isEqualTo(1);
            assertThat(cell(id).closed()).isFalse();
            assertThat(cell(id).lastUpdate()).isEqualTo(Key.of(OPENING));
            assertThat(cell(id).lastRecordedAt()).isEqualTo(receipt.recordedAt());
            assertThat(types(id)).containsExactly(EntryType.OPEN);
        }
    }

    @Test
    void whatIsThereCannotBeOpened() {
        openAccount();
        Rejected no = refusedAt(
                1,
                STATUS,
                Rejected.WrongState.class,
                Reason.ALREADY_EXISTS,
                update().open(ACCOUNT.journal("new")).open(STATUS, "ACTIVE"));
        assertThat(no.decidedBy()).isEqualTo(Key.of(OPENING));
        refused(Rejected.WrongState.class, Reason.ALREADY_EXISTS, update().open(AVAILABLE));
        refused(Rejected.WrongState.class, Reason.ALREADY_EXISTS, update().open(USAGE));
        JournalId twice = ACCOUNT.journal("twice");
        refusedAt(
                1,
                twice,
                Rejected.WrongState.class,
                Reason.ALREADY_EXISTS,
                update().open(twice).open(twice));
    }

    @Test
    void openIfAbsentMakesWhatIsNotThere() {
        applied(update().openIfAbsent(AVAILABLE, "10.00", Limits.atMost("50"))
                .openIfAbsent(STATUS, "ACTIVE")
                .openIfAbsent(USAGE));

        assertThat(available()).isEqualTo("10.00");
        eachKind().forEach(id -> assertThat(types(id)).containsExactly(EntryType.OPEN));
    }

    @Test
    void openIfAbsentIsContentWithWhatIsThereAndLeavesNoEntry() {
        openAccount();
        Books before = books();
        Receipt receipt = applied(update().openIfAbsent(AVAILABLE, "10.00", Limits.none())
                        .openIfAbsent(STATUS, "OTHER")
                        .openIfAbsent(USAGE))
                .receipt();

        assertThat(receipt.entries()).isEmpty();
        assertThat(books()).as("value and limits too").isEqualTo(before);
    }

    @Test
    void openIfAbsentOfAClosedCellIsRefused() {
        openAccount();
        closeAll();
        for (Update.Builder update : List.of(
                update().openIfAbsent(AVAILABLE), update().openIfAbsent(STATUS, ""), update().openIfAbsent(USAGE))) {
            Rejected no = refused(Rejected.WrongState.class, Reason.CLOSED, update);
            assertThat(no.decidedBy()).isEqualTo(Key.of("closing"));
        }
    }

    @Test
    void onlyABalanceOfZeroCanBeClosed() {
        openAccount();
        Rejected.NotZero no =
                refusedAt(0, AVAILABLE, Rejected.NotZero.class, Reason.NOT_ZERO, update().close(AVAILABLE));
        assertThat(no.observed()).isEqualTo("1000.00");
        assertThat(no.decidedBy()).isEqualTo(Key.of(OPENING));
        refusedAt(
                1,
                AVAILABLE,
                Rejected.NotZero.class,
                Reason.NOT_ZERO,
                update().take(AVAILABLE, "999.99").close(AVAILABLE));

        applied(update().setLimits(AVAILABLE, Limits.none()).take(AVAILABLE, "1000.01"));
        assertThat(refused(Rejected.NotZero.class, Reason.NOT_ZERO, update().close(AVAILABLE))
                        .observed())
                .isEqualTo("-0.01");

        applied(update().add(AVAILABLE, "0.01").close(AVAILABLE));
        assertThat(cell(AVAILABLE).closed()).isTrue();
    }

    @Test
    void aClosedCellTakesNothingButReopen() {
        openAccount();
        closeAll();
        List<Update.Builder> all = List.of(
                update().add(AVAILABLE, "1"),
                update().take(AVAILABLE, "1"),
                update().add(AVAILABLE, "1").force("even by force"),
                update().setLimits(AVAILABLE, Limits.none()),
                update().close(AVAILABLE),
                update().requireOpen(AVAILABLE),
                update().requireAtLeast(AVAILABLE, "0"),
                update().requireAtMost(AVAILABLE, "0"),
                update().requireVersion(AVAILABLE, 3),
                update().compareAndSet(STATUS, "ACTIVE", "x"),
                update().requireValue(STATUS, "ACTIVE"),
                update().close(STATUS),
                update().requireOpen(STATUS),
                update().append(USAGE, "{}"),
                update().close(USAGE),
                update().requireOpen(USAGE));
        for (Update.Builder update : all) {
            Rejected no = refused(Rejected.WrongState.class, Reason.CLOSED, update);
            assertThat(no.index()).isZero();
            assertThat(no.decidedBy()).isEqualTo(Key.of("closing"));
        }
        refused(Rejected.WrongState.class, Reason.ALREADY_EXISTS, update().open(AVAILABLE));
    }

    @Test
    void aClosedCellIsStillRead() {
        openAccount();
        applied(update().append(USAGE, "kept"));
        closeAll();

        var read = ledger.read(ACCOUNT);
        assertThat(read.balance(AVAILABLE)).isEqualTo("0.00");
        assertThat(read.register(STATUS)).isEqualTo("ACTIVE");
        assertThat(read.count(USAGE)).isEqualTo(1);
        assertThat(types(USAGE)).containsExactly(EntryType.OPEN, EntryType.APPEND, EntryType.CLOSE);
        assertThat(ledger.accounts(KIND, "", PageRequest.first(10)).items()).containsExactly(ACCOUNT);
    }

    @Test
    void aReopenedCellGoesOnWithItsValueLimitsAndVersions() {
        openAccount();
        closeAll();
        applied(update().reopen(AVAILABLE).reopen(STATUS).reopen(USAGE));

        assertThat(types(AVAILABLE))
                .containsExactly(EntryType.OPEN, EntryType.INCREMENT, EntryType.CLOSE, EntryType.REOPEN);
        assertThat(cell(AVAILABLE).version()).isEqualTo(4);
        assertThat(cell(STATUS).version()).isEqualTo(3);
        refused(Rejected.OutOfBounds.class, Reason.BELOW_MINIMUM, update().take(AVAILABLE, "0.01"));
        applied(update().add(AVAILABLE, "5")
                .compareAndSet(STATUS, "ACTIVE", "AGAIN")
                .append(USAGE, "again"));
        assertThat(cell(USAGE).version()).isEqualTo(4);
        books();
    }

    @Test
    void whatIsNotClosedCannotBeReopened() {
        openAccount();
        for (CellId id : eachKind()) {
            Rejected no = refusedAt(0, id, Rejected.WrongState.class, Reason.NOT_CLOSED, update().reopen(id));
            assertThat(no.decidedBy()).isEqualTo(Key.of(OPENING));
        }
        refused(Rejected.WrongState.class, Reason.NOT_FOUND, update().reopen(OTHER));
        refused(Rejected.UnitDiffers.class, Reason.UNIT_DIFFERS, update().reopen(ACCOUNT.balance("available", POINTS)));
    }

    @Test
    void aCellCanBeOpenedChangedClosedAndReopenedInOneUpdate() {
        BalanceId cell = ACCOUNT.balance("brief", SAR);
        Receipt receipt = applied(update().open(cell, "5.00", Limits.nonNegative())
                        .take(cell, "5.00")
                        .close(cell)
                        .reopen(cell)
                        .requireVersion(cell, 4)
                        .add(cell, "1.00"))
                .receipt();

        assertThat(receipt.entries()).extracting(e -> e.sequence()).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(receipt.entries()).extracting(e -> e.index()).containsExactly(0, 1, 2, 3, 5);
        assertThat(cell(cell).version()).isEqualTo(5);
        books();
    }

    @Test
    void aRegisterIsSetFromTheExpectedText() {
        openAccount();
        applied(Update.of("pause").compareAndSet(STATUS, "ACTIVE", "PAUSED"));
        Rejected.ValueDiffers no = refusedAt(
                0,
                STATUS,
                Rejected.ValueDiffers.class,
                Reason.VALUE_DIFFERS,
                update().compareAndSet(STATUS, "ACTIVE", "CLOSED"));

        assertThat(no.observed()).isEqualTo("PAUSED");
        assertThat(no.required()).isEqualTo("ACTIVE");
        assertThat(no.decidedBy())
                .as("complete it again, and see who completed it")
                .isEqualTo(Key.of("pause"));
        applied(update().compareAndSet(STATUS, "PAUSED", "").compareAndSet(STATUS, "", "paused"));
        for (String other : List.of("PAUSED", "paused ", " paused", "pausèd")) {
            refused(Rejected.ValueDiffers.class, Reason.VALUE_DIFFERS, update().compareAndSet(STATUS, other, "x"));
        }
        assertThat(ledger.history(STATUS, PageRequest.first(10)).items())
                .extracting(RegisterEntry::after)
                .containsExactly("ACTIVE", "PAUSED", "", "paused");
    }

    @Test
    void aRegisterThatIsOpenedIsSetOnce() {
        RegisterId once = ACCOUNT.register("paid by");
        applied(Update.of("first").open(once, "card"));
        Rejected no = refused(Rejected.WrongState.class, Reason.ALREADY_EXISTS, update().open(once, "cash"));

        assertThat(no.decidedBy()).isEqualTo(Key.of("first"));
        assertThat(ledger.read(ACCOUNT).register(once)).isEqualTo("card");
    }

    @Test
    void equalRecordsOfAJournalStayApart() {
        openAccount();
        applied(update().append(USAGE, "same").append(USAGE, "same"));
        applied(update().append(USAGE, "same").append(USAGE, ""));

        List<JournalEntry> entries =
                ledger.history(USAGE, PageRequest.first(10)).items();
        assertThat(entries).extracting(JournalEntry::payload).containsExactly(null, "same", "same", "same", "");
        assertThat(entries).extracting(JournalEntry::count).containsExactly(0L, 1L, 2L, 3L, 4L);
        assertThat(ledger.read(ACCOUNT).count(USAGE)).isEqualTo(4);
        assertThat(cell(USAGE).version()).isEqualTo(5);
    }

    @Test
    void cellsAreNamedByKindAccountAndName() {
        // What differs in one part, in case, in accents or in blanks is another cell.
        List<BalanceId> cells = List.of(
                AccountId.of(KIND, "a").balance("x", SAR),
                AccountId.of(KIND, "a").balance("X", SAR),
                AccountId.of(KIND, "A").balance("x", SAR),
                AccountId.of(KIND, "a ").balance("x", SAR),
                AccountId.of(KIND, " a").balance("x", SAR),
                AccountId.of(KIND, "á").balance("x", SAR),
                AccountId.of(KIND, "a\u0301").balance("x", SAR),
                AccountId.of(KIND, "a/x").balance("x", SAR),
                AccountId.of("Retainer", "a").balance("x", SAR));
        int n = 0;
        for (BalanceId cell : cells) {
            applied(update().open(cell, Integer.toString(++n), Limits.none()));
        }
        n = 0;
        for (BalanceId cell : cells) {
            assertThat(ledger.read(cell.account()).balance(cell))
                    .as(cell.toString())
                    .isEqualByComparingTo("" + ++n);
            assertThat(Books.history(ledger, cell)).hasSize(1);
        }
    }
}
