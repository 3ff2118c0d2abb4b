package dev.counterfoil.memory;

import dev.counterfoil.spi.Deadline;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Locks that are taken together, in one global order, and given back together. */
final class Locks implements AutoCloseable {
    /** How often a lock is tried before the thread is laid down: an update holds it for less time than that takes. */
    private static final int SPINS = 64;

    private final List<ReentrantLock> held = new ArrayList<>();

    private Locks() {}

    /** Takes all locks in the order given; null where one did not come before the deadline, and then none is held. */
    @SuppressWarnings("LockNotBeforeTry") // given back in close()
    static @Nullable Locks take(Collection<ReentrantLock> inOrder, Deadline deadline) throws InterruptedException {
        Locks locks = new Locks();
        boolean all = false;
        try {
            for (ReentrantLock lock : inOrder) {
                if (!take(lock, deadline)) {
                    return null;
                }
                locks.held.add(lock);
            }
            all = true;
            return locks;
        } finally {
            if (!all) {
                locks.close();
            }
        }
    }

    /** Takes one lock; false where it did not come before the deadline. */
    static boolean take(ReentrantLock lock, Deadline deadline) throws InterruptedException {
        for (int i = 0; i < SPINS; i++) {
            if (lock.tryLock()) {
                return true;
            }
            Thread.onSpinWait();
        }
        return lock.tryLock(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        for (int i = held.size() - 1; i >= 0; i--) {
            held.get(i).unlock();
        }
        held.clear();
    }
}
