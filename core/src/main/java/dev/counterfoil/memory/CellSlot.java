package dev.counterfoil.memory;

import dev.counterfoil.Cell;
import dev.counterfoil.Entry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The place of a cell, with all its entries: guarded by the lock of its account. */
final class CellSlot {
    final AccountSlot account;
    final List<Entry> entries = new ArrayList<>();

    /** The cell, or null where it is not there. */
    @Nullable
    Cell cell;

    /** What an update makes of it while it is judged. */
    @Nullable
    Cell next;

    CellSlot(AccountSlot account) {
        this.account = account;
    }
}
