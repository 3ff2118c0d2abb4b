package dev.counterfoil.spi;

import dev.counterfoil.AccountId;
import dev.counterfoil.CellId;
import dev.counterfoil.internal.Texts;

/**
 * The identity of a cell in a store. The order is the one in which all stores lock: by the bytes of namespace, kind, id, name.
 *
 * @param namespace the namespace
 * @param account the account
 * @param name the cell's name within the account
 */
public record CellAddress(String namespace, AccountId account, String name) implements Comparable<CellAddress> {
    /** The address of a cell in a namespace. */
    public static CellAddress of(String namespace, CellId cell) {
        return new CellAddress(namespace, cell.account(), cell.name());
    }

    @Override
    public int compareTo(CellAddress other) {
        int order = Texts.compareBinary(namespace, other.namespace);
        if (order == 0) {
            order = Texts.compareBinary(account.kind(), other.account.kind());
        }
        if (order == 0) {
            order = Texts.compareBinary(account.id(), other.account.id());
        }
        return order == 0 ? Texts.compareBinary(name, other.name) : order;
    }
}
