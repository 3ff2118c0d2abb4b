package dev.counterfoil.jdbc;

import dev.counterfoil.CellId;
import dev.counterfoil.Fate;
import dev.counterfoil.LedgerException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A later step of a {@link JoinedLedger} needs a cell that somebody else holds. Waiting for it while holding others is how
 * deadlocks come about, so it is not waited for. Nothing was applied by this step, and the caller's transaction can go on;
 * {@link JoinedLedger#lock} takes all cells of a transaction at once.
 */
public final class LockOrderException extends LedgerException {
    private static final long serialVersionUID = 1L;

    private final transient List<CellId> cells;

    LockOrderException(List<CellId> cells, @Nullable Throwable cause) {
        super(
                Fate.NOT_APPLIED,
                "somebody else holds one of " + cells
                        + ", which this transaction locks only now, after others: lock all"
                        + " cells of a transaction at its beginning",
                cause);
        this.cells = cells;
    }

    /** The cells that this step needs beyond those that the transaction holds, one of which was not free. */
    public List<CellId> cells() {
        return cells;
    }
}
