package dev.counterfoil.memory;

import dev.counterfoil.Cell;
import dev.counterfoil.Entry;
import java.time.Instant;
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

    // When the cell was last recorded: here, because the cell's own time lies far away in memory.
    private long lastSecond = Long.MIN_VALUE;
    private int lastNano;

    CellSlot(AccountSlot account) {
        this.account = account;
    }

    /** A time by a clock that may have gone back; but not before the last time of the cell. */
    Instant notBefore(Instant time) {
        long second = time.getEpochSecond();
        int nano = time.getNano();
        return second < lastSecond || (second == lastSecond && nano < lastNano)
                ? Instant.ofEpochSecond(lastSecond, lastNano)
                : time;
    }

    /** Adds an entry, and lets stand what the update makes of the cell. */
    void commit(Entry entry) {
        entries.add(entry);
        Instant time = entry.recordedAt();
        lastSecond = time.getEpochSecond();
        lastNano = time.getNano();
        cell = next == null ? cell : next;
    }
}
