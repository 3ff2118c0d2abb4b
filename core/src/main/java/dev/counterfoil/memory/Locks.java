package dev.counterfoil.memory;

import dev.counterfoil.spi.Deadline;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Locks that are taken together, in one global order, and given back together. */
final class Locks implements AutoCloseable {
    /** How often a lock is tried before the thread is laid down: an update holds it for less time than that takes. */
    private static final int SPINS = 64;

    private final ReentrantLock[] locks;
    private int held;

    private Locks(ReentrantLock[] locks) {
        this.locks = locks;
    }

    /** The locks of accounts, each once, in the global order. */
    static ReentrantLock[] of(Collection<AccountSlot> accounts) {
        return accounts.stream()
                .sorted(Comparator.comparingLong(account -> account.number))
                .distinct()
                .map(account -> account.lock)
                .toArray(ReentrantLock[]::new);
    }

    /** The locks of the accounts of cells, each once, in the global order. */
    static ReentrantLock[] of(CellSlot[] cells) {
        if (cells.length > 2) {
            return of(Arrays.stream(cells).map(cell -> cell.account).toList());
        }
        AccountSlot one = cells[0].account;
        AccountSlot other = cells[cells.length - 1].account;
        if (one == other) {
            return new ReentrantLock[] {one.lock};
        }
        return one.number < other.number
                ? new ReentrantLock[] {one.lock, other.lock}
                : new ReentrantLock[] {other.lock, one.lock};
    }

    /** Takes all of them, which are in the global order, without laying down the thread; or none, where one is not free. */
    static boolean takeNow(ReentrantLock[] inOrder) {
        for (int i = 0; i < inOrder.length; i++) {
            if (!spin(inOrder[i])) {
                giveBack(inOrder, i);
                return false;
            }
        }
        return true;
    }

    /** Gives back as many of them as are held, from the first one on. */
    static void giveBack(ReentrantLock[] locks, int held) {
        for (int i = held - 1; i >= 0; i--) {
            locks[i].unlock();
        }
    }

    /** Takes all of them, which are in the global order; null where one did not come before the deadline. */
    static @Nullable Locks take(ReentrantLock[] inOrder, Deadline deadline) throws InterruptedException {
        Locks locks = new Locks(inOrder);
        try {
            while (locks.held < inOrder.length && take(inOrder[locks.held], deadline)) {
                locks.held++;
            }
        } catch (InterruptedException e) {
            locks.close();
            throw e;
        }
        if (locks.held == inOrder.length) {
            return locks;
        }
        locks.close();
        return null;
    }

    private static boolean take(ReentrantLock lock, Deadline deadline) throws InterruptedException {
        return spin(lock) || lock.tryLock(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
    }

    private static boolean spin(ReentrantLock lock) {
        for (int i = 0; i < SPINS; i++) {
            if (lock.tryLock()) {
                return true;
            }
            Thread.onSpinWait();
        }
        return false;
    }

    @Override
    public void close() {
        giveBack(locks, held);
        held = 0;
    }
}
