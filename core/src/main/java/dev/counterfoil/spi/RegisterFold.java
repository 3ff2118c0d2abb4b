package dev.counterfoil.spi;

import dev.counterfoil.EntryType;
import dev.counterfoil.spi.CellRow.CellState;
import org.jspecify.annotations.Nullable;

/** What the entries of a register make of it: the text that was set last. */
final class RegisterFold implements ContentFold {
    /** What was set last; null where that cannot be known. */
    private @Nullable String text;

    /** The text that the last entry says was there after it; null where it says none. */
    private @Nullable String recorded;

    RegisterFold(@Nullable String text, @Nullable String recorded) {
        this.text = text;
        this.recorded = recorded;
    }

    @Override
    public void take(EntryRow entry, EntryType type, Before before, Faults faults) {
        if (entry.delta() != null || entry.amount() != null || entry.records() != null) {
            faults.row("an entry of a register with an amount or a count");
        }
        if (entry.minimum() != null || entry.maximum() != null) {
            faults.row("an entry of a register with limits");
        }
        String after = entry.value();
        if (after == null) {
            faults.row("an entry of a register without a text");
        }
        boolean gap = before == Before.A_GAP;
        if (type == EntryType.OPEN || type == EntryType.COMPARE_AND_SET || type == EntryType.ACCEPT) {
            text = after;
        } else {
            text = gap ? after : text;
            String expected = type == EntryType.RESTORE ? text : recorded;
            if (!gap && expected != null && after != null && !expected.equals(after)) {
                faults.after(Differences.shown(expected), Differences.shown(after));
            }
        }
        recorded = after;
    }

    @Override
    public void compare(CellState state, Differences differences) {
        if (text != null) {
            differences.look("text", text, state.value());
        }
        differences.look("amount", null, state.amount());
        differences.look("minimum", null, state.minimum());
        differences.look("maximum", null, state.maximum());
        differences.look("records", null, state.records());
    }

    @Override
    public @Nullable CellState state(boolean closed) {
        return text == null ? null : new CellState(null, null, null, text, null, closed);
    }

    @Override
    public ContentFold copy() {
        return new RegisterFold(text, recorded);
    }
}
