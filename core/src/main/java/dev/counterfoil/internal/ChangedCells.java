package dev.counterfoil.internal;

import dev.counterfoil.Cell;
import dev.counterfoil.CellId;
import dev.counterfoil.spi.WorkingCells;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Cells found by their name; those that an update has changed so far, each once, in the order of their first change. */
public final class ChangedCells implements WorkingCells {
    /** Up to so many, looking at each is cheaper than keeping an index. */
    private static final int FEW = 8;

    private final Function<CellId, @Nullable Cell> stored;
    private final List<Cell> cells = new ArrayList<>(2);

    /** Where each is in the list; null while there are few. */
    private @Nullable Map<CellName, Integer> places;

    /** No cell is changed yet. */
    public ChangedCells(Function<CellId, @Nullable Cell> stored) {
        this.stored = stored;
    }

    @Override
    public @Nullable Cell get(int index, CellId id) {
        int at = indexOf(id);
        return at < 0 ? stored.apply(id) : cells.get(at);
    }

    @Override
    public void put(int index, Cell cell) {
        int at = indexOf(cell.id());
        if (at >= 0) {
            cells.set(at, cell);
            return;
        }
        cells.add(cell);
        Map<CellName, Integer> known = places;
        if (known != null) {
            known.put(CellName.of(cell.id()), cells.size() - 1);
        } else if (cells.size() > FEW) {
            places = placed();
        }
    }

    /** Those that have changed; not to be changed. */
    public List<Cell> all() {
        return cells;
    }

    private int indexOf(CellId id) {
        Map<CellName, Integer> known = places;
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

    private Map<CellName, Integer> placed() {
        Map<CellName, Integer> all = new HashMap<>();
        for (int i = 0; i < cells.size(); i++) {
            all.put(CellName.of(cells.get(i).id()), i);
        }
        return all;
    }
}
