package dev.counterfoil.spi;

import dev.counterfoil.EntryType;
import dev.counterfoil.spi.CellRow.CellState;
import org.jspecify.annotations.Nullable;

/** What the entries of one kind of cell make of it. Used by one thread at a time. */
interface ContentFold {
    /** Where an entry is wrong. */
    interface Faults {
        /** The amount, count or text after it is not what it should be. */
        void after(String expected, String observed);

        /** It passed a limit. */
        void limit(String limit, String after);

        /** An amount of it cannot be read. */
        void amount(String column, @Nullable String observed);

        /** Something else of it is nothing that the ledger writes. */
        void row(String what);
    }

    /** What may be between an entry and the one that was taken before it. */
    enum Before {
        /** Nothing: they follow each other. */
        NOTHING,
        /** Others that are missing. */
        A_GAP
    }

    /** Takes the next entry, whose type is one of this kind of cell. */
    void take(EntryRow entry, EntryType type, Before before, Faults faults);

    /** Tells where a cell is not what the entries make of it; not where that cannot be known. */
    void compare(CellState state, Differences differences);

    /** What the entries make of the cell; null where that cannot be known. */
    @Nullable
    CellState state(boolean closed);

    /** One that goes on from here by itself. */
    ContentFold copy();
}
