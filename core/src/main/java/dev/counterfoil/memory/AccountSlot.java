package dev.counterfoil.memory;

import dev.counterfoil.Cell;
import dev.counterfoil.internal.Texts;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One account: the lock that guards its cells. Without cells it is nothing but a lock. */
final class AccountSlot {
    private static final Comparator<Cell> BY_NAME =
            Comparator.comparing(cell -> cell.id().name(), Texts::compareBinary);

    final ReentrantLock lock = new ReentrantLock();

    /** Unlike that of any other account of the store; locks are taken in the order of these. */
    final long number;

    private final Map<String, CellSlot> cells = new ConcurrentHashMap<>(1);

    AccountSlot(long number) {
        this.number = number;
    }

    /** The place of a cell, made where it is not there. */
    CellSlot cell(String name) {
        return cells.computeIfAbsent(name, unused -> new CellSlot(this));
    }

    /** The place of a cell, or null where nobody has asked for it to change. */
    @Nullable
    CellSlot find(String name) {
        return cells.get(name);
    }

    /** The cells that are there, by name. The account is locked. */
    List<Cell> cells() {
        return cells.values().stream()
                .map(slot -> slot.cell)
                .filter(Objects::nonNull)
                .sorted(BY_NAME)
                .toList();
    }
}
