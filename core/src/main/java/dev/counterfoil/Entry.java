package dev.counterfoil;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The permanent trace of one operation in its cell. A cell is the fold of its entries: applying them in order to nothing
 * gives the cell as it stands.
 */
public sealed interface Entry permits BalanceEntry, RegisterEntry, JournalEntry {
    /** The cell. */
    CellId cell();

    /** Its place in the cell: 1, 2, 3 … without a gap, equal to the cell's version after it. */
    long sequence();

    /** What it is the trace of. */
    EntryType type();

    /** The key of the update that it is part of. */
    Key key();

    /** The position of the operation in that update, from 0. */
    int index();

    /** When it was recorded, by the store's clock, in microseconds; never decreases within a cell. */
    Instant recordedAt();

    /** The caller's own time for it, or null where none was given. */
    @Nullable
    Instant effectiveAt();
}
