package dev.counterfoil.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.counterfoil.AccountId;
import dev.counterfoil.BalanceEntry;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Cell;
import dev.counterfoil.Decision;
import dev.counterfoil.Entry;
import dev.counterfoil.EntryType;
import dev.counterfoil.JournalEntry;
import dev.counterfoil.Key;
import dev.counterfoil.Limits;
import dev.counterfoil.Reason;
import dev.counterfoil.Receipt;
import dev.counterfoil.ReceiptEntry;
import dev.counterfoil.RegisterEntry;
import dev.counterfoil.Rejected;
import dev.counterfoil.Update;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Receipts, entries and the times on them. */
abstract class ReceiptsContract extends ContractPart {
    ReceiptsContract(LedgerContract store) {
        super(store);
    }

    @Test
    void aReceiptSaysWhatWasDone() {
        openAccount();
        Instant effective = Instant.parse("2026-02-28T23:59:59.000001Z");
        Receipt receipt = applied(Update.of(Key.of("client", "consume"))
                        .requireValue(STATUS, "ACTIVE")
                        .take(AVAILABLE, "800.00")
                        .append(USAGE, "{\"hours\":4}")
                        .compareAndSet(STATUS, "ACTIVE", "LOW")
                        .take(AVAILABLE, "0.50")
                        .metadata("order 7")
                        .reference("order/7")
                        .effectiveAt(effective))
                .receipt();

        assertThat(receipt.key()).isEqualTo(Key.of("client", "consume"));
        assertThat(receipt.metadata()).isEqualTo("order 7");
        assertThat(receipt.reference()).isEqualTo("order/7");
        assertThat(receipt.effectiveAt()).isEqualTo(effective);
        assertThat(receipt.reverses()).isNull();
        assertThat(receipt.entries())
                .containsExactly(
                        new ReceiptEntry.OfBalance(
                                1, AVAILABLE, EntryType.INCREMENT, 2, amount("-800.00"), amount("200.00")),
                        new ReceiptEntry.OfJournal(2, USAGE, EntryType.APPEND, 2, 1),
                        new ReceiptEntry.OfRegister(3, STATUS, EntryType.COMPARE_AND_SET, 2, "LOW"),
                        new ReceiptEntry.OfBalance(
                                4, AVAILABLE, EntryType.INCREMENT, 3, amount("-0.50"), amount("199.50")));
        assertThat(receipt.balance(AVAILABLE)).as("the last of them").isEqualTo("199.50");
        assertThat(receipt.register(STATUS)).isEqualTo("LOW");
        assertThat(receipt.count(USAGE)).isEqualTo(1);
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(() -> receipt.balance(OTHER));
    }

    @Test
    void whatWasNotGivenIsNull() {
        Receipt receipt = openAccount().receipt();
        assertThat(receipt.metadata()).isNull();
        assertThat(receipt.reference()).isNull();
        assertThat(receipt.effectiveAt()).isNull();
        assertThat(ledger.find(OPENING).orElseThrow().orThrow().receipt()).isEqualTo(receipt);
    }

    @Test
    void theEntriesOfTheHistoryAreThoseOfTheReceipt() {
        openAccount();
        Instant effective = Instant.parse("1969-12-31T23:59:59.999999Z");
        applied(update().take(AVAILABLE, "1000.00")
                .setLimits(AVAILABLE, Limits.between("-5.00", "5"))
                .take(AVAILABLE, "7.00")
                .force("agreed")
                .add(AVAILABLE, "7")
                .close(AVAILABLE)
                .reopen(AVAILABLE)
                .append(USAGE, "{}")
                .effectiveAt(effective));

        Books books = books();
        List<ReceiptEntry> lines = new ArrayList<>();
        for (Key key : List.of(Key.of(OPENING), books.cells().get(0).lastUpdate())) {
            Receipt receipt = ledger.find(key).orElseThrow().orThrow().receipt();
            lines.addAll(receipt.entries());
            for (ReceiptEntry line : receipt.entries()) {
                Entry entry = books.entriesOf(line.cell()).get((int) line.sequence() - 1);
                assertThat(entry.key()).isEqualTo(key);
                assertThat(entry.index()).isEqualTo(line.index());
                assertThat(entry.type()).isEqualTo(line.type());
                assertThat(entry.recordedAt()).isEqualTo(receipt.recordedAt());
                assertThat(entry.effectiveAt()).isEqualTo(receipt.effectiveAt());
                assertThat(line(entry)).isEqualTo(line);
            }
        }
        assertThat(lines)
                .hasSize(books.entries().values().stream().mapToInt(List::size).sum());
    }

    private static ReceiptEntry line(Entry entry) {
        if (entry instanceof BalanceEntry e) {
            return new ReceiptEntry.OfBalance(e.index(), e.cell(), e.type(), e.sequence(), e.delta(), e.after());
        }
        if (entry instanceof RegisterEntry e) {
            return new ReceiptEntry.OfRegister(e.index(), e.cell(), e.type(), e.sequence(), e.after());
        }
        JournalEntry e = (JournalEntry) entry;
        return new ReceiptEntry.OfJournal(e.index(), e.cell(), e.type(), e.sequence(), e.count());
    }

    @Test
    void anUpdateHasOneTimeInMicroseconds() {
        Receipt receipt =
                applied(update().open(AVAILABLE).open(OTHER).open(STATUS, "")).receipt();
        assertThat(receipt.recordedAt()).isEqualTo(receipt.recordedAt().truncatedTo(ChronoUnit.MICROS));
        for (Cell cell : books().cells()) {
            assertThat(cell.lastRecordedAt()).isEqualTo(receipt.recordedAt());
        }
    }

    @Test
    void recordedTimesAreThoseOfNow() {
        // The store's clock may be another than ours: a day apart would be a wrong zone or unit.
        Instant recorded = openAccount().receipt().recordedAt();
        assertThat(recorded)
                .isBetween(Instant.now().minusSeconds(43_200), Instant.now().plusSeconds(43_200));
        Instant asOf = ledger.read(ACCOUNT).asOf();
        assertThat(asOf).isBetween(recorded.minusSeconds(5), recorded.plusSeconds(600));
    }

    @Test
    void recordedTimesNeverDecreaseWithinACell() {
        openAccount();
        Instant last = Instant.EPOCH;
        for (int i = 0; i < 200; i++) {
            Instant recorded = applied(update().append(USAGE, "x")).recordedAt();
            assertThat(recorded).isAfterOrEqualTo(last);
            last = recorded;
        }
        books();
    }

    @Test
    void aClockThatGoesBackIsHeldByTheCells() {
        Instant noon = Instant.parse("2026-11-22T12:00:00Z");
        AtomicReference<Instant> clock = new AtomicReference<>(noon);
        ledger = openWithClock(clock::get);
        assertThat(openAccount().recordedAt()).isEqualTo(noon);
        clock.set(noon.plusSeconds(60).plusNanos(1999));
        assertThat(applied(update().open(OTHER)).recordedAt())
                .as("cut to microseconds")
                .isEqualTo(noon.plusSeconds(60).plusNanos(1000));

        clock.set(noon.minusSeconds(3600));
        assertThat(applied(update().add(AVAILABLE, "1.00")).recordedAt()).isEqualTo(noon);
        assertThat(applied(update().transfer(AVAILABLE, OTHER, "1.00")).recordedAt())
                .as("the latest of all cells that it touches")
                .isEqualTo(noon.plusSeconds(60).plusNanos(1000));
        assertThat(applied(update().requireOpen(OTHER)).recordedAt())
                .as("a check touches as well")
                .isEqualTo(noon.plusSeconds(60).plusNanos(1000));
        assertThat(refused(Rejected.OutOfBounds.class, Reason.BELOW_MINIMUM, update().take(AVAILABLE, "9999"))
                        .recordedAt())
                .isEqualTo(noon.plusSeconds(60).plusNanos(1000));
        assertThat(((Decision) ledger.decide("no", "r", List.of(OTHER), now -> now.decline("NO", ""))).recordedAt())
                .as("reading touches as well")
                .isEqualTo(noon.plusSeconds(60).plusNanos(1000));
        BalanceId elsewhere = AccountId.of(KIND, "44").balance("b", SAR);
        assertThat(applied(update().open(elsewhere)).recordedAt())
                .as("which touches none of them")
                .isEqualTo(noon.minusSeconds(3600));
        books();
    }

    @Test
    void aRefusalIsNotOlderThanWhatItObserved() {
        Instant opened = openAccount().recordedAt();
        Rejected no = refused(Rejected.OutOfBounds.class, Reason.BELOW_MINIMUM, update().take(AVAILABLE, "2000"));
        assertThat(no.recordedAt()).isAfterOrEqualTo(opened);
        assertThat(no.recordedAt()).isEqualTo(no.recordedAt().truncatedTo(ChronoUnit.MICROS));
    }
}
