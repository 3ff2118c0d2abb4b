package dev.counterfoil.spi;

import dev.counterfoil.Cell;
import dev.counterfoil.CellId;
import org.jspecify.annotations.Nullable;

/** The cells of one update while it is evaluated: as they stand, with what its operations have changed so far. */
public interface WorkingCells {
    /**
     * The cell that an operation addresses, or null where none is there.
     *
     * @param index the operation's position
     * @param id what it expects there
     */
    @Nullable
    Cell get(int index, CellId id);

    /**
     * Makes or changes the cell of an operation.
     *
     * @param index the operation's position
     * @param cell the cell as it is after it
     */
    void put(int index, Cell cell);
}
