package dev.counterfoil.internal;

import dev.counterfoil.Cell;
import dev.counterfoil.CellId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The cells that an update has changed so far, each once, in the order of their first change. */
final class ChangedCells {
    /** Up to so many, looking at each is cheaper than keeping an index. */
    private static final int FEW = 8;

    private final List<Cell> cells = new ArrayList<>(2);

    /** Where each is in the list; null while there are few. */
    private @Nullable Map<CellName, Integer> index;

    @Nullable
    Cell get(CellId id) {
        int at = indexOf(id);
        return at < 0 ? null : cells.get(at);
    }

    void put(Cell cell) {
        int at = indexOf(cell.id());
        if (at >= 0) {
            cells.set(at, cell);
            return;
        }
        cells.add(cell);
        Map<CellName, Integer> known = index;
        if (known != null) {
            known.put(CellName.of(cell.id()), cells.size() - 1);
        } else if (cells.size() > FEW) {
            index = indexed();
        }
    }

    /** All of them; not to be changed. */
    List<Cell> all() {
        return cells;
    }

    private int indexOf(CellId id) {
        Map<CellName, Integer> known = index;
        if (known != null) {
            return known.getOrDefault(CellName.of(id), -1);
        }
        for (int i = 0; i < cells.size(); i++) {
            CellId other = cells.get(i).id();
            if (other.account().equals(id.account()) && other.name().equals(id.name())) {
                return i;
            }
        }
        return -1;
    }

    private Map<CellName, Integer> indexed() {
        Map<CellName, Integer> all = new HashMap<>();
        for (int i = 0; i < cells.size(); i++) {
            all.put(CellName.of(cells.get(i).id()), i);
        }
        return all;
    }
}
