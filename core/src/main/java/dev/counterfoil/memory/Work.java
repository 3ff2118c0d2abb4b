package dev.counterfoil.memory;

import dev.counterfoil.Cell;
import dev.counterfoil.CellId;
import dev.counterfoil.Entry;
import dev.counterfoil.Key;
import dev.counterfoil.spi.CellAddress;
import dev.counterfoil.spi.DecisionId;
import dev.counterfoil.spi.Judgement;
import dev.counterfoil.spi.ReferenceId;
import dev.counterfoil.spi.StoredDecision;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The cells of one update while it is judged: their accounts are locked until it is closed. */
final class Work implements Judgement.View, AutoCloseable {
    private final Space space;

    /** By the position of the operation; one cell may be there several times. */
    private final CellSlot[] cells;

    Work(Space space, CellSlot[] cells) {
        this.space = space;
        this.cells = cells;
    }

    @Override
    public @Nullable Cell get(int index, CellId id) {
        CellSlot slot = cells[index];
        return slot.next == null ? slot.cell : slot.next;
    }

    @Override
    public void put(int index, Cell cell) {
        cells[index].next = cell;
    }

    @Override
    public @Nullable Cell before(CellAddress address) {
        return space.cell(address).cell;
    }

    @Override
    public @Nullable StoredDecision decision(DecisionId id) {
        return space.decision(id.key());
    }

    @Override
    public @Nullable Key reference(ReferenceId id) {
        return space.reference(id.reference());
    }

    @Override
    public @Nullable Key reversal(DecisionId reversed) {
        return space.reversal(reversed.key());
    }

    /** True where it makes cells. */
    boolean opens() {
        for (CellSlot slot : cells) {
            if (slot.cell == null && slot.next != null) {
                return true;
            }
        }
        return false;
    }

    /** Lets stand what it makes of the cells, with the entries. */
    void commit(List<Entry> entries) {
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            cells[entry.index()].commit(entry);
        }
    }

    @Override
    public void close() {
        for (CellSlot slot : cells) {
            slot.next = null;
        }
    }
}
