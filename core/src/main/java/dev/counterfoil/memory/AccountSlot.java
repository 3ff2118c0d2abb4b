package dev.counterfoil.memory;

import dev.counterfoil.AccountId;
import dev.counterfoil.Cell;
import dev.counterfoil.Entry;
import dev.counterfoil.internal.Texts;
import dev.counterfoil.spi.CellAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/** The cells of one account with their entries, all guarded by one lock. */
final class AccountSlot {
    final ReentrantLock lock = new ReentrantLock();
    final SortedMap<String, CellSlot> cells = new TreeMap<>(Texts::compareBinary);

    /** A cell with all its entries. */
    static final class CellSlot {
        final AccountSlot account;
        final List<Entry> entries = new ArrayList<>();
        Cell cell;

        CellSlot(AccountSlot account, Cell cell) {
            this.account = account;
            this.cell = cell;
        }
    }

    /** Compares a cell with another of the same namespace, in the order of {@link CellAddress}. */
    static int compare(CellAddress cell, AccountId account, String name) {
        int order = Texts.compareBinary(cell.account().kind(), account.kind());
        if (order == 0) {
            order = Texts.compareBinary(cell.account().id(), account.id());
        }
        return order == 0 ? Texts.compareBinary(cell.name(), name) : order;
    }

    /** The name of an account within the store, in the order in which accounts are locked and listed. */
    record Name(String namespace, String kind, String id) implements Comparable<Name> {
        static Name of(String namespace, AccountId account) {
            return new Name(namespace, account.kind(), account.id());
        }

        AccountId account() {
            return AccountId.of(kind, id);
        }

        @Override
        public int compareTo(Name other) {
            int order = Texts.compareBinary(namespace, other.namespace);
            if (order == 0) {
                order = Texts.compareBinary(kind, other.kind);
            }
            return order == 0 ? Texts.compareBinary(id, other.id) : order;
        }
    }
}
