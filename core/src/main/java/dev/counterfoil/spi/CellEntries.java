package dev.counterfoil.spi;

import dev.counterfoil.BrokenHistoryException;
import dev.counterfoil.Cell;
import dev.counterfoil.CellId;
import dev.counterfoil.Entry;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a cell up to the version in which it was seen. They are there for ever, so each look is a short read of its
 * own; recorded times never decrease along them, so a time is found by halving.
 */
final class CellEntries {
    private final StoreLedger ledger;
    private final LedgerStore store;
    private final CellAddress address;
    private final Cell cell;

    CellEntries(StoreLedger ledger, LedgerStore store, Cell cell) {
        this.ledger = ledger;
        this.store = store;
        this.address = CellAddress.of(ledger.settings().namespace(), cell.id());
        this.cell = cell;
    }

    CellId cell() {
        return cell.id();
    }

    /** As many as asked for or as there are, behind a sequence. */
    List<Entry> after(long sequence, int limit, Deadline deadline) {
        int expected = (int) Math.min(limit, cell.version() - sequence);
        if (expected <= 0) {
            return List.of();
        }
        var reading = ledger.read(deadline, () -> store.readHistory(address, sequence, expected, deadline));
        List<Entry> found =
                reading.value().map(LedgerStore.CellHistory::entries).orElse(List.of());
        for (int i = 0; i < expected; i++) {
            if (i >= found.size() || found.get(i).sequence() != sequence + 1 + i) {
                throw new BrokenHistoryException(cell.id(), sequence + 1 + i, "is not there");
            }
        }
        return found;
    }

    private Entry at(long sequence, Deadline deadline) {
        return after(sequence - 1, 1, deadline).get(0);
    }

    /**
     * The last one whose recorded time is within a bound, or null where none is.
     *
     * @param within true up to some time and false from then on
     */
    @Nullable
    Entry last(Predicate<Instant> within, Deadline deadline) {
        if (within.test(cell.lastRecordedAt())) {
            return at(cell.version(), deadline);
        }
        Entry last = null;
        long in = 0;
        long out = cell.version();
        while (out - in > 1) {
            long middle = in + (out - in) / 2;
            Entry entry = at(middle, deadline);
            if (within.test(entry.recordedAt())) {
                in = middle;
                last = entry;
            } else {
                out = middle;
            }
        }
        return last;
    }
}
