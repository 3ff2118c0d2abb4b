package dev.counterfoil.spi;

import dev.counterfoil.CellId;
import dev.counterfoil.CellKind;
import dev.counterfoil.Entry;
import dev.counterfoil.HistoryFilter;
import dev.counterfoil.Page;
import dev.counterfoil.PageRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads entries in short steps and passes over what a filter does not want, up to a bound. Entries never change. */
final class FilteredHistory {
    /** The most entries that a call looks at, and as many more as its last step has. */
    private static final int MOST_LOOKED_AT = 10_000;

    private static final int LONGEST_STEP = 1000;

    private final StoreLedger ledger;
    private final LedgerStore store;

    FilteredHistory(StoreLedger ledger, LedgerStore store) {
        this.ledger = ledger;
        this.store = store;
    }

    /** A page of the entries that a filter wants. */
    <T extends Entry> Page<T> page(CellId cell, HistoryFilter filter, PageRequest page, Class<T> type) {
        CellAddress address = CellAddress.of(ledger.settings().namespace(), Objects.requireNonNull(cell, "cell"));
        if (Objects.requireNonNull(filter, "filter").forcedOnly() && cell.kind() != CellKind.BALANCE) {
            throw new IllegalArgumentException(cell + ": only limits of a balance can be passed by force");
        }
        long after = StoreLedger.sequence(page.cursor());
        return ledger.inside(() -> new Run<>(cell, address, filter, page, type).from(after));
    }

    /** One call. */
    private final class Run<T extends Entry> {
        private final CellId cell;
        private final CellAddress address;
        private final HistoryFilter filter;
        private final PageRequest page;
        private final Class<T> type;
        private final Deadline deadline = ledger.deadline();
        private final List<T> items = new ArrayList<>();
        private Instant asOf = Instant.MIN;

        Run(CellId cell, CellAddress address, HistoryFilter filter, PageRequest page, Class<T> type) {
            this.cell = cell;
            this.address = address;
            this.filter = filter;
            this.page = page;
            this.type = type;
        }

        Page<T> from(long cursor) {
            long after = begin(cursor);
            int step = Math.min(LONGEST_STEP, page.limit() + 1);
            for (int looked = 0; looked < MOST_LOOKED_AT; step = Math.min(LONGEST_STEP, 2 * step)) {
                List<Entry> entries =
                        read(after, step).map(LedgerStore.CellHistory::entries).orElse(List.of());
                for (Entry entry : entries) {
                    if (filter.to() != null && !entry.recordedAt().isBefore(filter.to())) {
                        return page(null);
                    }
                    if (filter.matches(entry)) {
                        if (items.size() == page.limit()) {
                            return page(entry.sequence() - 1);
                        }
                        items.add(type.cast(entry));
                    }
                    after = entry.sequence();
                }
                if (entries.size() < step) {
                    return page(null);
                }
                looked += step;
            }
            return page(after);
        }

        private Page<T> page(@Nullable Long after) {
            return new Page<>(items, StoreLedger.next(after == null ? null : Long.toString(after), page), asOf);
        }

        /** Behind which sequence to begin: not before the cursor, and not before the beginning in time. */
        private long begin(long cursor) {
            Instant from = filter.from();
            if (from == null) {
                return cursor;
            }
            LedgerStore.CellHistory found = read(cursor, 1).orElse(null);
            if (found == null
                    || found.entries().isEmpty()
                    || !found.entries().get(0).recordedAt().isBefore(from)) {
                return cursor;
            }
            Entry last = new CellEntries(ledger, store, found.cell()).last(at -> at.isBefore(from), deadline);
            return last == null ? cursor : last.sequence();
        }

        private Optional<LedgerStore.CellHistory> read(long after, int limit) {
            var reading = ledger.read(deadline, () -> store.readHistory(address, after, limit, deadline));
            asOf = reading.asOf();
            reading.value().ifPresent(found -> PastReads.requireSame(cell, found.cell()));
            return reading.value();
        }
    }
}
