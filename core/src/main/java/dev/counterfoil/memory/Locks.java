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
    private final List<ReentrantLock> held = new ArrayList<>();

    private Locks() {}

    /** Takes all locks in the order given; null where one did not come before the deadline, and then none is held. */
    @SuppressWarnings("LockNotBeforeTry") // given back in close()
    static @Nullable Locks take(Collection<ReentrantLock> inOrder, Deadline deadline) throws InterruptedException {
        Locks locks = new Locks();
        boolean all = false;
        try {
            for (ReentrantLock lock : inOrder) {
                if (!lock.tryLock() && !lock.tryLock(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
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

    @Override
    public void close() {
        for (int i = held.size() - 1; i >= 0; i--) {
            held.get(i).unlock();
        }
        held.clear();
    }
}
