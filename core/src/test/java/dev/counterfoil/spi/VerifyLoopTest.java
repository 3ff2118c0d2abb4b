package dev.counterfoil.spi;

import static dev.counterfoil.spi.Verifying.MONEY;
import static dev.counterfoil.spi.Verifying.calls;
import static dev.counterfoil.spi.Verifying.found;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.counterfoil.Finding;
import dev.counterfoil.Ledger;
import dev.counterfoil.NotAppliedException;
import dev.counterfoil.Update;
import dev.counterfoil.Verification;
import dev.counterfoil.VerifyListener;
import dev.counterfoil.VerifyRequest;
import dev.counterfoil.spi.AuditStore.EntryRange;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How a verification goes through the books, beside traffic too. */
class VerifyLoopTest {
    private static final CellAddress ADDRESS = CellAddress.of("", MONEY);

    private int keys;

    private void change(Ledger ledger) {
        ledger.apply(Update.of("more" + ++keys).add(MONEY, "1.00").build()).orThrow();
    }

    /** Changes a balance behind each call. */
    private final class Busy extends DelegatingAudit {
        private final Ledger ledger;

        Busy(LedgerStore store) {
            super(store.audit());
            this.ledger = new StoreLedger(store, LedgerSettings.defaults());
        }

        @Override
        public List<CellRow> cellRows(
                String namespace,
                @Nullable String kind,
                String idPrefix,
                @Nullable List<String> after,
                boolean checkpoints,
                int limit,
                Deadline deadline)
                throws StoreException {
            List<CellRow> rows = super.cellRows(namespace, kind, idPrefix, after, checkpoints, limit, deadline);
            change(ledger);
            return rows;
        }

        @Override
        public @Nullable CellRow cellRow(CellAddress cell, Deadline deadline) throws StoreException {
            CellRow row = super.cellRow(cell, deadline);
            change(ledger);
            return row;
        }

        @Override
        public List<EntryRow> entryRows(List<EntryRange> ranges, int limit, Deadline deadline) throws StoreException {
            change(ledger);
            List<EntryRow> rows = super.entryRows(ranges, limit, deadline);
            change(ledger);
            return rows;
        }
    }

    @Test
    void whatIsOnItsWayIsNoFinding() {
        AuditStore busy = new Busy(Verifying.sound());
        assertThat(found(busy)).isEmpty();
        assertThat(found(busy, VerifyRequest.all().sinceLast())).isEmpty();
        assertThat(found(busy, VerifyRequest.all().sinceLast())).isEmpty();
        assertThat(keys).isGreaterThan(20);
    }

    @Test
    void theRowOfACellIsReadBeforeItsEntriesBecauseTheOtherWayRoundSoundBooksLookDamaged() throws StoreException {
        LedgerStore store = Verifying.sound();
        Ledger ledger = new StoreLedger(store, LedgerSettings.defaults());
        CellRow first = store.audit().cellRow(ADDRESS, Verifying.soon());
        assertThat(first).isNotNull();
        List<EntryRow> entries = entries(store, first.id(), Long.MAX_VALUE);
        change(ledger);
        CellRow later = store.audit().cellRow(ADDRESS, Verifying.soon());
        assertThat(later).isNotNull();
        assertThat(folded(later, entries))
                .as("entries first, then cells")
                .containsExactly("SEQUENCE_GAP acc/a:money #6");

        change(ledger);
        assertThat(folded(later, entries(store, later.id(), later.version())))
                .as("cells first, then their entries up to there")
                .isEmpty();
    }

    private static List<EntryRow> entries(LedgerStore store, long id, long upTo) throws StoreException {
        return store.audit().entryRows(List.of(new EntryRange(id, 0, upTo)), 100, Verifying.soon());
    }

    private static List<String> folded(CellRow cell, List<EntryRow> entries) {
        List<Finding> found = new ArrayList<>();
        CellFold fold = CellFold.of(cell);
        entries.forEach(entry -> fold.take(entry, found::add));
        fold.end(cell, found::add);
        return found.stream().map(Finding::toString).toList();
    }

    /** Does not give the last entry of a balance, some times. */
    private static AuditStore lagging(int times) {
        return new DelegatingAudit(Verifying.sound().audit()) {
            private int left = times;

            @Override
            public List<EntryRow> entryRows(List<EntryRange> ranges, int limit, Deadline deadline)
                    throws StoreException {
                List<EntryRow> all = super.entryRows(ranges, limit, deadline);
                List<EntryRow> rows =
                        all.stream().filter(row -> row.sequence() != 5).toList();
                return rows.size() == all.size() || left-- <= 0 ? all : rows;
            }
        };
    }

    @Test
    void aReaderThatIsBehindGivesNoFindingBecauseOfTheSecondLook() {
        assertThat(found(lagging(0))).isEmpty();
        assertThat(found(lagging(1))).isEmpty();
        assertThat(found(lagging(100))).containsExactly("SEQUENCE_GAP acc/a:money #5");
    }

    @Test
    void pagesAreBoundedWhateverTheSizeOfACell() {
        DamagedBooks books = Verifying.books();
        EntryRow last = books.entry("a:log", 3);
        for (long i = 4; i <= 9_000; i++) {
            books.entries.add(With.changed(With.changed(last, "sequence", i), "records", i - 1));
        }
        books.decision("k6", row -> With.changed(row, "entries", null));
        books.cell(
                "a:log",
                row -> With.changed(
                        With.changed(row, "version", 9_000L), "state", With.changed(row.state(), "records", 8_999L)));
        Verification result = Verifying.verify(books, VerifyRequest.of("acc", ""), new VerifyListener() {});
        assertThat(result.first()).isEmpty();
        assertThat(result.entries()).isEqualTo(9_010);
        assertThat(books.mostRows).isEqualTo(EntryPages.LIGHT);
    }

    @Test
    void longTextsMakeSmallPages() {
        DamagedBooks books = Verifying.books();
        EntryRow last = books.entry("a:status", 2);
        String text = "x".repeat(65_536);
        for (long i = 3; i <= 1_000; i++) {
            books.entries.add(With.changed(With.changed(last, "sequence", i), "value", text));
        }
        books.cell(
                "a:status",
                row -> With.changed(
                        With.changed(row, "version", 1_000L), "state", With.changed(row.state(), "value", text)));
        books.decision("k4", row -> With.changed(row, "entries", null));
        int[] most = new int[1];
        AuditStore watched = new DelegatingAudit(books) {
            @Override
            public List<EntryRow> entryRows(List<EntryRange> ranges, int limit, Deadline deadline)
                    throws StoreException {
                List<EntryRow> rows = super.entryRows(ranges, limit, deadline);
                most[0] = Math.max(most[0], rows.size());
                return rows;
            }
        };
        assertThat(found(watched)).isEmpty();
        assertThat(most[0]).isLessThanOrEqualTo(250);
    }

    @Test
    void repeatedEntriesAreFoundAcrossPages() {
        DamagedBooks books = Verifying.books();
        EntryRow last = books.entry("a:log", 3);
        for (long i = 4; i <= 5_000; i++) {
            EntryRow row = With.changed(With.changed(last, "sequence", i), "records", i - 1);
            books.entries.add(row);
            if (i >= 1_990 && i <= 2_010) {
                books.entries.add(row);
            }
        }
        books.decision("k6", row -> With.changed(row, "entries", null));
        books.cell(
                "a:log",
                row -> With.changed(
                        With.changed(row, "version", 5_000L), "state", With.changed(row.state(), "records", 4_999L)));
        assertThat(found(books)).hasSize(21).allMatch(text -> text.startsWith("SEQUENCE_REPEATED"));
    }

    @Test
    void sinceTheLastOnlyNewEntriesAreLookedAt() {
        LedgerStore store = Verifying.sound();
        Ledger ledger = new StoreLedger(store, LedgerSettings.defaults());
        VerifyRequest request = VerifyRequest.all().sinceLast();
        assertThat(ledger.verify(request).entries()).isEqualTo(13);
        Verification idle = ledger.verify(request);
        assertThat(idle.entries()).isZero();
        assertThat(idle.decisions()).isZero();
        assertThat(idle.cells()).isEqualTo(4);
        change(ledger);
        change(ledger);
        Verification result = ledger.verify(request);
        assertThat(result.entries()).isEqualTo(2);
        assertThat(result.decisions()).isEqualTo(2);
        assertThat(result.sound()).isTrue();
    }

    @Test
    void aCellWithAFindingGetsNoCheckpoint() {
        DamagedBooks books = Verifying.books();
        VerifyRequest request = VerifyRequest.of("acc", "").sinceLast();
        books.entry("a:money", 3, row -> With.changed(row, "amount", "49.00"));
        assertThat(found(books, request)).hasSize(3);
        assertThat(books.checkpoints)
                .hasSize(1)
                .as("but that of the other account")
                .isNotEmpty();
        assertThat(found(books, request)).as("told again").hasSize(3);
    }

    @Test
    void damageBehindACheckpointIsFoundAndEntriesThatAreGoneToo() {
        DamagedBooks books = Verifying.books();
        VerifyRequest request = VerifyRequest.all().sinceLast();
        assertThat(found(books, request)).isEmpty();
        assertThat(books.checkpoints).hasSize(4);
        books.cell("b:money", row -> With.changed(row, "state", With.changed(row.state(), "amount", "1.00")));
        assertThat(found(books, request)).containsExactly("CELL_DIFFERS acc/b:money");

        DamagedBooks less = Verifying.books();
        assertThat(found(less, request)).isEmpty();
        less.entries.remove(less.entry("a:money", 5));
        less.cell(
                "a:money",
                row -> With.changed(
                        With.changed(With.changed(row, "version", 4L), "lastKey", "k6"),
                        "state",
                        With.changed(row.state(), "amount", "50.00")));
        assertThat(found(less, request)).containsExactly("SEQUENCE_GAP acc/a:money #5");

        DamagedBooks back = Verifying.books();
        assertThat(found(back, request)).isEmpty();
        back.cell("a:money", row -> With.changed(row, "version", 4L));
        assertThat(found(back, request)).containsExactly("CELL_DIFFERS acc/a:money");
    }

    @Test
    void progressIsToldFirstAndThenAtMostFourTimesASecond() {
        AtomicLong now = new AtomicLong();
        List<Verification> told = new ArrayList<>();
        VerifyListener listener = new VerifyListener() {
            @Override
            public void onProgress(Verification soFar) {
                told.add(soFar);
            }
        };
        new VerifyRun("", VerifyRequest.all(), calls(Verifying.books()), listener, now::get).run();
        assertThat(told).hasSize(1);
        assertThat(told.get(0).cellsInAll()).isEqualTo(4);
        assertThat(told.get(0).cells()).isZero();
        told.clear();
        new VerifyRun("", VerifyRequest.all(), calls(Verifying.books()), listener, () -> now.addAndGet(125_000_000))
                .run();
        assertThat(told).hasSizeBetween(2, 4);
        assertThat(told.get(1).entries()).isPositive();
    }

    @Test
    void closingTheLedgerEndsItBetweenTwoCalls() {
        Gate gate = new Gate();
        DamagedBooks books = Verifying.books();
        VerifyListener closing = new VerifyListener() {
            @Override
            public void onProgress(Verification soFar) {
                gate.close();
            }
        };
        assertThatExceptionOfType(NotAppliedException.class)
                .isThrownBy(() ->
                        new VerifyRun("", VerifyRequest.all(), calls(books, gate), closing, System::nanoTime).run())
                .withMessageContaining("closed");
        gate.awaitEmpty(0);
        assertThat(books.calls).isZero();
    }
}
