package dev.counterfoil.jdbc;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.CellId;
import dev.counterfoil.Outcome;
import dev.counterfoil.Snapshot;
import dev.counterfoil.Update;
import java.util.Collection;
import java.util.List;

/**
 * The ledger inside a transaction of the caller's own: what is posted here is there with the caller's own rows, or not at all.
 *
 * <p>Nothing here commits, rolls back more than its own step, or tries again after a conflict. Outcomes are
 * {@linkplain Applied#provisional() provisional}: they count if the caller commits, and are gone, refusals too, if he rolls
 * back. The cells stay locked until then, so the transaction must be short.
 *
 * <p>A refusal leaves the transaction as it was, and so does a {@link LockOrderException}. After any other fault of a step the
 * transaction must be rolled back and begun again; this object then refuses further steps.
 *
 * <p>The first step waits for its cells, at most as long as a call of the ledger may take. Later ones do not wait for cells
 * that they need in addition.
 *
 * <p>Good for one transaction, and not safe for use by several threads at once. Hand it on inside the transaction: a second one
 * knows neither what the first has locked, nor what it has decided, nor that it failed.
 */
public interface JoinedLedger {
    /**
     * Posts an update.
     *
     * @return that it was applied, now or under the same key before
     * @throws dev.counterfoil.RefusedException if it was refused
     * @throws dev.counterfoil.LedgerException if it could not be decided; nothing was applied
     */
    default Applied post(Update update) {
        return tryPost(update).orThrow();
    }

    /**
     * Posts an update, and returns a refusal.
     *
     * @throws dev.counterfoil.LedgerException if it could not be decided; nothing was applied
     */
    Outcome tryPost(Update update);

    /**
     * Locks cells until the transaction ends: all that it will need, so that no later step meets one that is taken. Cells that
     * are not there yet cannot be locked, and are no error.
     *
     * @param cells 1 to 1,000 cells, in any order
     * @throws dev.counterfoil.LedgerException if they could not be locked
     */
    void lock(Collection<? extends CellId> cells);

    /** Locks cells until the transaction ends, as {@link #lock(Collection)} does. */
    default void lock(CellId... cells) {
        lock(List.of(cells));
    }

    /**
     * Reads accounts as the transaction sees them, its own steps included. What is not locked may change at once.
     *
     * @param accounts 1 to 1,000 accounts
     */
    Snapshot read(AccountId... accounts);
}
