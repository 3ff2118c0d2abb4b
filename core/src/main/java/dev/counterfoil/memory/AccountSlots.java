package dev.counterfoil.memory;

import dev.counterfoil.AccountId;
import dev.counterfoil.Cell;
import dev.counterfoil.memory.AccountSlot.CellSlot;
import dev.counterfoil.memory.AccountSlot.Name;
import dev.counterfoil.spi.CellAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** All accounts of a store, and short ways to their cells. What is found is looked into behind its account's lock only. */
final class AccountSlots {
    private final Map<Name, AccountSlot> accounts = new ConcurrentHashMap<>();
    private final Map<CellAddress, CellSlot> cells = new ConcurrentHashMap<>();

    /** The account, or null where nobody has asked for it to change. */
    @Nullable
    AccountSlot find(Name name) {
        return accounts.get(name);
    }

    /** The account, made where it is not there: without cells it is nothing but a lock. */
    AccountSlot account(String namespace, AccountId id) {
        return accounts.computeIfAbsent(Name.of(namespace, id), unused -> new AccountSlot());
    }

    /** A cell that is there already, or null; it may come a moment later, unless its account is locked. */
    @Nullable
    CellSlot cell(CellAddress address) {
        return cells.get(address);
    }

    /** Makes a cell; its account is locked. */
    CellSlot open(CellAddress address, AccountSlot account, Cell cell) {
        CellSlot slot = new CellSlot(account, cell);
        account.cells.put(address.name(), slot);
        cells.put(address, slot);
        return slot;
    }
}
