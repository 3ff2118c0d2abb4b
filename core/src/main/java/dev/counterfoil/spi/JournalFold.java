package dev.counterfoil.spi;

import dev.counterfoil.EntryType;
import dev.counterfoil.spi.CellRow.CellState;
import org.jspecify.annotations.Nullable;

/** What the entries of a journal make of it: how many records were appended. */
final class JournalFold implements ContentFold {
    /** How many; null where that cannot be known. */
    private @Nullable Long records;

    /** How many the last entry says there were after it; null where it does not say. */
    private @Nullable Long recorded;

    JournalFold(@Nullable Long records, @Nullable Long recorded) {
        this.records = records;
        this.recorded = recorded;
    }

    @Override
    public void take(EntryRow entry, EntryType type, Before before, Faults faults) {
        if (entry.delta() != null || entry.amount() != null || entry.value() != null) {
            faults.row("an entry of a journal with an amount or a text");
        }
        if (entry.minimum() != null || entry.maximum() != null) {
            faults.row("an entry of a journal with limits");
        }
        Long after = entry.records();
        if (after == null) {
            faults.row("an entry of a journal without a count");
        }
        boolean gap = before == Before.A_GAP;
        long more = type == EntryType.APPEND ? 1 : 0;
        Long counted = records == null || gap ? null : Long.valueOf(records + more);
        Long followed = recorded == null || gap ? null : Long.valueOf(recorded + more);
        Long expected = type == EntryType.RESTORE ? counted : followed;
        if (expected != null && after != null && !expected.equals(after)) {
            faults.after(expected.toString(), after.toString());
        }
        records = counted == null ? after : counted;
        recorded = after;
    }

    @Override
    public void compare(CellState state, Differences differences) {
        if (records != null) {
            differences.look("records", records, state.records());
        }
        differences.look("amount", null, state.amount());
        differences.look("minimum", null, state.minimum());
        differences.look("maximum", null, state.maximum());
        differences.look("text", null, state.value());
    }

    @Override
    public @Nullable CellState state(boolean closed) {
        return records == null ? null : new CellState(null, null, null, null, records, closed);
    }

    @Override
    public ContentFold copy() {
        return new JournalFold(records, recorded);
    }
}
