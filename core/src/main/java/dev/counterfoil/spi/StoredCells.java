package dev.counterfoil.spi;

import dev.counterfoil.Cell;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * Cells as a store read them.
 *
 * @param cells those that are there
 * @param asOf the moment, by the store's clock
 */
public record StoredCells(Map<CellAddress, Cell> cells, Instant asOf) {
    /** The version of a cell; 0 where it is not there. */
    public long version(CellAddress address) {
        Cell cell = cells.get(address);
        return cell == null ? 0 : cell.version();
    }

    /** A cell that is there. */
    Cell cell(CellAddress address) {
        return Objects.requireNonNull(cells.get(address), "not there");
    }
}
