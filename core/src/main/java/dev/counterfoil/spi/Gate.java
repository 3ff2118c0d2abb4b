package dev.counterfoil.spi;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Lets calls in until it is closed, and lets the closer wait for those inside. */
final class Gate {
    private static final long CLOSED = 1L << 62;

    private final AtomicLong state = new AtomicLong();
    private final CountDownLatch empty = new CountDownLatch(1);

    void enter() {
        if (state.incrementAndGet() >= CLOSED) {
            leave();
            throw new IllegalStateException("this ledger is closed");
        }
    }

    /** Refuses where it is closed. */
    void check() {
        enter();
        leave();
    }

    void leave() {
        if (state.decrementAndGet() == CLOSED) {
            empty.countDown();
        }
    }

    boolean isClosed() {
        return state.get() >= CLOSED;
    }

    /** Closes; true for the one call that did. */
    boolean close() {
        long before = state.getAndUpdate(s -> s | CLOSED);
        if (before == 0) {
            empty.countDown();
        }
        return before < CLOSED;
    }

    /** Waits for those inside, on and on through interruption, at most for the time given. */
    void awaitEmpty(long nanos) {
        boolean interrupted = false;
        long end = System.nanoTime() + nanos;
        try {
            while (true) {
                try {
                    boolean unused = empty.await(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
