package dev.counterfoil.spi;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets calls in until it is closed, and lets the closer wait for those inside. Those inside are counted in several places, so
 * that threads that have nothing else in common do not meet here.
 */
final class Gate {
    /** A power of two. */
    private static final int COUNTERS = 16;

    /** How far counters lie from each other, so that no two are in one line of a processor's cache. */
    private static final int APART = 16;

    private static final long LOOK_AGAIN_NANOS = 1_000_000;

    private final AtomicLongArray inside = new AtomicLongArray((COUNTERS + 2) * APART);
    private volatile boolean closed;

    void enter() {
        int counter = counter();
        inside.getAndIncrement(counter);
        // Behind the count: either the closer sees it, or it is seen here that he was first.
        if (closed) {
            inside.getAndDecrement(counter);
            throw new IllegalStateException("this ledger is closed");
        }
    }

    /** Refuses where it is closed. */
    void check() {
        enter();
        leave();
    }

    /** To be called by the thread that has entered. */
    void leave() {
        inside.getAndDecrement(counter());
    }

    /** How many calls are inside, or were a moment ago. */
    int inside() {
        long all = 0;
        for (int i = 1; i <= COUNTERS; i++) {
            all += inside.get(i * APART);
        }
        return (int) Math.max(0, all);
    }

    boolean isClosed() {
        return closed;
    }

    /** Closes; true for the one call that did. */
    synchronized boolean close() {
        boolean first = !closed;
        closed = true;
        return first;
    }

    /** Waits for those inside, on and on through interruption, at most for the time given. */
    void awaitEmpty(long nanos) {
        boolean interrupted = false;
        long end = System.nanoTime() + nanos;
        for (int i = 1; i <= COUNTERS; i++) {
            while (inside.get(i * APART) != 0 && end - System.nanoTime() > 0) {
                interrupted |= Thread.interrupted();
                LockSupport.parkNanos(this, LOOK_AGAIN_NANOS);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static int counter() {
        return (((int) Thread.currentThread().getId() & (COUNTERS - 1)) + 1) * APART;
    }
}
