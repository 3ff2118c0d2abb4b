package dev.counterfoil.spi;

import dev.counterfoil.CellKind;
import dev.counterfoil.spi.AuditStore.EntryRange;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Reads entries page by page. Used by one thread at a time. */
final class EntryPages {
    /** The most rows in a page of entries without long texts. */
    static final int LIGHT = 2000;

    /** Enough to see which of some cells have any. */
    static final int FEW = 200;

    private final AuditCalls calls;
    private final PageSize heavy = new PageSize(60, 250);

    EntryPages(AuditCalls calls) {
        this.calls = calls;
    }

    /** Some entries of a cell: those with {@code after < sequence <= upTo}. */
    record Part(CellRow cell, long after, long upTo) {
        private boolean isHeavy() {
            return cell.kind().equals(CellKind.REGISTER.name());
        }

        private EntryRange range() {
            return new EntryRange(cell.id(), after, upTo);
        }
    }

    /** Hands on the rows of the parts, in order, those of one place in one page; first of cells with small entries. */
    void read(List<Part> parts, Consumer<List<EntryRow>> page) {
        List<EntryRange> light = new ArrayList<>();
        List<EntryRange> texts = new ArrayList<>();
        for (Part part : parts) {
            if (part.after() < part.upTo()) {
                (part.isHeavy() ? texts : light).add(part.range());
            }
        }
        read(light, false, page);
        read(texts, true, page);
    }

    private void read(List<EntryRange> ranges, boolean texts, Consumer<List<EntryRow>> page) {
        List<EntryRange> left = ranges;
        while (!left.isEmpty()) {
            int limit = texts ? heavy.rows() : LIGHT;
            List<EntryRange> asked = left;
            List<EntryRow> rows = calls.read((store, deadline) -> store.entryRows(asked, limit, deadline));
            if (texts) {
                heavy.had(rows.size(), characters(rows));
            }
            boolean last = rows.size() < limit;
            List<EntryRow> whole = last ? rows : withoutLastPlace(rows);
            if (!whole.isEmpty()) {
                page.accept(whole);
            }
            left = last ? List.of() : behind(left, whole.get(whole.size() - 1));
        }
    }

    private static long characters(List<EntryRow> rows) {
        long characters = 0;
        for (EntryRow row : rows) {
            String value = row.value();
            characters += value == null ? 0 : value.length();
        }
        return characters;
    }

    /** Without the rows of the last sequence, of which there may be more in the next page; all where there are no others. */
    private static List<EntryRow> withoutLastPlace(List<EntryRow> rows) {
        EntryRow last = rows.get(rows.size() - 1);
        int end = rows.size() - 1;
        while (end > 0 && isSamePlace(rows.get(end - 1), last)) {
            end--;
        }
        return end == 0 ? rows : rows.subList(0, end);
    }

    private static boolean isSamePlace(EntryRow some, EntryRow other) {
        return some.cellId() == other.cellId() && some.sequence() == other.sequence();
    }

    private static List<EntryRange> behind(List<EntryRange> ranges, EntryRow last) {
        List<EntryRange> left = new ArrayList<>();
        boolean found = false;
        for (EntryRange range : ranges) {
            if (found) {
                left.add(range);
            } else if (range.cellId() == last.cellId()) {
                found = true;
                if (last.sequence() < range.upTo()) {
                    left.add(new EntryRange(range.cellId(), last.sequence(), range.upTo()));
                }
            }
        }
        return left;
    }
}
