package dev.counterfoil.jdbc.internal;

import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The queue of this JVM's threads for one file: first in, first out, and only the first asks for the file's lock.
 *
 * <p>It counts its users (shares, and turns held or waited for), and is over for good when the last one has left.
 */
final class TurnQueue {

    private final Path file;
    private final ProcessLock processLock;
    private final Semaphore head = new Semaphore(1, true);
    private final AtomicInteger users = new AtomicInteger(1);

    /** A queue with one user. */
    TurnQueue(Path file) {
        this.file = file;
        this.processLock = new ProcessLock(file);
    }

    /** Adds a user, unless the last one has left. */
    boolean join() {
        return users.getAndUpdate(n -> n == 0 ? 0 : n + 1) != 0;
    }

    /** Takes a user away; true for the last one, who must {@link #end} the queue. */
    boolean leave() {
        return users.decrementAndGet() == 0;
    }

    /** Closes the lock file; may be called again, and returns only when that is done. */
    void end() {
        processLock.end();
    }

    /** Waits for the turn of the calling thread; {@code afterwards} runs when the turn has been given back. */
    Turnstile.Pass enter(long timeoutNanos, Runnable afterwards) throws InterruptedException, TimeoutException {
        long timeout = Math.max(0, timeoutNanos);
        long start = System.nanoTime();
        Turn turn = new Turn(afterwards);
        boolean entered = false;
        if (head.tryAcquire(timeout, TimeUnit.NANOSECONDS)) {
            try {
                entered = processLock.acquire(timeout - (System.nanoTime() - start));
            } finally {
                if (!entered) {
                    head.release();
                }
            }
        }
        if (!entered) {
            throw new TimeoutException(
                    "no turn to write to " + file + " within " + TimeUnit.NANOSECONDS.toMillis(timeout) + " ms");
        }
        return turn;
    }

    private final class Turn implements Turnstile.Pass {

        private final Runnable afterwards;
        private final AtomicBoolean held = new AtomicBoolean(true);

        Turn(Runnable afterwards) {
            this.afterwards = afterwards;
        }

        @Override
        public void close() {
            if (held.getAndSet(false)) {
                processLock.release();
                head.release();
                afterwards.run();
            }
        }
    }
}
