package dev.counterfoil;

import java.util.Objects;

/**
 * The entries of a cell do not follow from each other, or do not lead to the cell as it stands: somebody changed the store by
 * other means than the library. Nothing was answered from them; verify the cell.
 */
public final class BrokenHistoryException extends LedgerException {
    private static final long serialVersionUID = 1L;

    private final transient CellId cell;
    private final long sequence;

    /**
     * A history that does not hold.
     *
     * @param cell the cell
     * @param sequence the place of the first entry that does not fit
     * @param what what is wrong with it, without amounts
     */
    public BrokenHistoryException(CellId cell, long sequence, String what) {
        super(Fate.NOT_APPLIED, cell + ", entry " + sequence + ": " + what + "; verify this cell", null);
        this.cell = Objects.requireNonNull(cell, "cell");
        this.sequence = sequence;
    }

    /** The cell. */
    public CellId cell() {
        return cell;
    }

    /** The place of the first entry that does not fit. */
    public long sequence() {
        return sequence;
    }
}
