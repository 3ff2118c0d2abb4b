package dev.counterfoil.stress.history;

import dev.counterfoil.AccountId;
import dev.counterfoil.BalanceEntry;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Cell;
import dev.counterfoil.CellId;
import dev.counterfoil.Entry;
import dev.counterfoil.JournalEntry;
import dev.counterfoil.JournalId;
import dev.counterfoil.Ledger;
import dev.counterfoil.Limits;
import dev.counterfoil.Page;
import dev.counterfoil.PageRequest;
import dev.counterfoil.RegisterId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a ledger holds, read through its public calls when all is quiet.
 *
 * @param cells the cells as they stand
 * @param entries the entries of each, oldest first
 */
record Book(Map<String, Seen> cells, Map<String, List<Line>> entries) {
    /**
     * An entry with what stands beside it.
     *
     * @param trace the entry
     * @param key the key of its update
     * @param index the place of its step in the update
     * @param payload a journal's record, or null
     * @param limits the limits that begin with it, or null
     * @param recordedAt when it was recorded
     */
    record Line(
            Trace trace,
            String key,
            int index,
            @Nullable String payload,
            @Nullable Limits limits,
            Instant recordedAt) {}

    private static final int PAGE = 1000;

    /** All accounts of the load. */
    static Book of(Ledger ledger) {
        Map<String, Seen> cells = new LinkedHashMap<>();
        Map<String, List<Line>> entries = new LinkedHashMap<>();
        for (AccountId account : all(page -> ledger.accounts(World.KIND, "", page))) {
            for (Cell cell : ledger.read(account).cells()) {
                Seen seen = Seen.of(cell);
                cells.put(seen.cell(), seen);
                entries.put(
                        seen.cell(),
                        all(page -> history(ledger, cell.id(), page)).stream()
                                .map(Book::line)
                                .toList());
            }
        }
        return new Book(cells, entries);
    }

    private static Page<? extends Entry> history(Ledger ledger, CellId cell, PageRequest page) {
        if (cell instanceof BalanceId balance) {
            return ledger.history(balance, page);
        }
        if (cell instanceof RegisterId register) {
            return ledger.history(register, page);
        }
        return ledger.history((JournalId) cell, page);
    }

    private static <T> List<T> all(Function<PageRequest, Page<? extends T>> pages) {
        List<T> items = new ArrayList<>();
        Optional<PageRequest> next = Optional.of(PageRequest.first(PAGE));
        while (next.isPresent()) {
            Page<? extends T> page = pages.apply(next.get());
            items.addAll(page.items());
            next = page.next();
        }
        return items;
    }

    private static Line line(Entry entry) {
        return new Line(
                Trace.of(entry),
                entry.key().toString(),
                entry.index(),
                entry instanceof JournalEntry journal ? journal.payload() : null,
                entry instanceof BalanceEntry balance ? balance.limits() : null,
                entry.recordedAt());
    }

    /** The entries of each key, by the place of their step. */
    Map<String, List<Line>> byKey() {
        Map<String, List<Line>> byKey = new LinkedHashMap<>();
        entries.values()
                .forEach(lines -> lines.forEach(line -> byKey.computeIfAbsent(line.key(), key -> new ArrayList<>())
                        .add(line)));
        byKey.values().forEach(lines -> lines.sort(Comparator.comparingInt(Line::index)));
        return byKey;
    }

    /** The entry of a place in a cell, or null where there is none. */
    @Nullable
    Line at(String cell, long sequence) {
        List<Line> lines = entries.getOrDefault(cell, List.of());
        boolean there = sequence >= 1 && sequence <= lines.size();
        return there ? lines.get((int) sequence - 1) : null;
    }
}
