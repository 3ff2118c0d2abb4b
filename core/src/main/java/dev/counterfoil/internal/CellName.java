package dev.counterfoil.internal;

import dev.counterfoil.AccountId;
import dev.counterfoil.CellId;

/**
 * The identity of a cell within its namespace, whatever kind and unit a caller expects there.
 *
 * @param account the account
 * @param name the cell's name
 */
record CellName(AccountId account, String name) {
    static CellName of(CellId cell) {
        return new CellName(cell.account(), cell.name());
    }
}
