package dev.counterfoil.memory;

import dev.counterfoil.AccountId;
import dev.counterfoil.Cell;
import dev.counterfoil.Entry;
import dev.counterfoil.memory.AccountSlot.CellSlot;
import dev.counterfoil.spi.CellAddress;
import dev.counterfoil.spi.Deadline;
import dev.counterfoil.spi.StoredCells;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The cells of a request, their accounts locked in one global order until it is closed. */
final class HeldCells implements AutoCloseable {
    private final AccountSlots slots;
    private final CellAddress[] addresses;
    private final AccountSlot[] accounts;
    private final @Nullable CellSlot[] cells;

    /** How many of the addresses have their account locked. */
    private int held;

    private HeldCells(AccountSlots slots, CellAddress[] addresses) {
        this.slots = slots;
        this.addresses = addresses;
        this.accounts = new AccountSlot[addresses.length];
        this.cells = new CellSlot[addresses.length];
    }

    /**
     * Locks the accounts of cells; null where a lock did not come before the deadline, and then none is held.
     *
     * @param sorted the cells, in an order that keeps accounts together and sorted
     * @param slots where they are
     */
    static @Nullable HeldCells take(Collection<CellAddress> sorted, AccountSlots slots, Deadline deadline)
            throws InterruptedException {
        HeldCells cells = new HeldCells(slots, sorted.toArray(new CellAddress[0]));
        boolean all = false;
        try {
            all = cells.lock(deadline);
        } finally {
            if (!all) {
                cells.close();
            }
        }
        return all ? cells : null;
    }

    private boolean lock(Deadline deadline) throws InterruptedException {
        for (int i = 0; i < addresses.length; i++) {
            CellAddress address = addresses[i];
            CellSlot known = slots.cell(address);
            AccountSlot account = known != null ? known.account : slots.account(address.namespace(), address.account());
            accounts[i] = account;
            if (isFirstOfItsAccount(i) && !Locks.take(account.lock, deadline)) {
                return false;
            }
            held = i + 1;
            cells[i] = known != null ? known : account.cells.get(address.name());
        }
        return true;
    }

    private boolean isFirstOfItsAccount(int i) {
        return i == 0 || accounts[i] != accounts[i - 1];
    }

    /** A cell of the request, or null where it is not there. */
    @Nullable
    Cell cell(CellAddress address) {
        int i = indexOf(address.account(), address.name());
        CellSlot slot = i < 0 ? null : cells[i];
        return slot == null ? null : slot.cell;
    }

    /** All that are there. */
    StoredCells stored(Instant asOf) {
        Map<CellAddress, Cell> found = new HashMap<>();
        for (int i = 0; i < addresses.length; i++) {
            CellSlot slot = cells[i];
            if (slot != null) {
                found.put(addresses[i], slot.cell);
            }
        }
        return new StoredCells(found, asOf);
    }

    /** True where the request has this cell, and it is not there. */
    boolean lacks(Cell cell) {
        return cells[indexOf(cell)] == null;
    }

    /** Makes or changes a cell. */
    void put(Cell cell) {
        int i = indexOf(cell);
        CellSlot slot = cells[i];
        if (slot == null) {
            cells[i] = slots.open(addresses[i], accounts[i], cell);
        } else {
            slot.cell = cell;
        }
    }

    /** Adds an entry to a cell that is there. */
    void add(Entry entry) {
        CellSlot slot = cells[indexOf(entry.cell().account(), entry.cell().name())];
        Objects.requireNonNull(slot).entries.add(entry);
    }

    private int indexOf(Cell cell) {
        return indexOf(cell.id().account(), cell.id().name());
    }

    /** All addresses of a request are of one namespace, and sorted. */
    private int indexOf(AccountId account, String name) {
        int low = 0;
        int high = addresses.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = AccountSlot.compare(addresses[middle], account, name);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    @Override
    public void close() {
        for (int i = held - 1; i >= 0; i--) {
            if (isFirstOfItsAccount(i)) {
                accounts[i].lock.unlock();
            }
        }
        held = 0;
    }
}
