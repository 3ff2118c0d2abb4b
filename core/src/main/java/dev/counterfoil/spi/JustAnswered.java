package dev.counterfoil.spi;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The callers who were just answered. Most of them ask again at once, and whoever leads the next group waits for them a moment:
 * without it the first to come back goes alone, or with a few, and the others wait for him. Safe for use by many threads.
 */
final class JustAnswered {
    /** For those who do not come back, this part of the time that their group took is lost, and no more. */
    private static final int PART = 8;

    /** However long their group took: it may have waited for somebody else's lock, or for another server. */
    private static final Duration LONGEST = Duration.ofMillis(10);

    /** Requests that came in, ever. */
    private final AtomicInteger came = new AtomicInteger();

    /** How many that will be when all are back. */
    private volatile int allBack;

    private volatile long until = System.nanoTime();

    /** Nobody yet. */
    JustAnswered() {}

    /** Requests come in, of these or of other callers: as good for a group. */
    void come(int requests) {
        came.addAndGet(requests);
    }

    /** A group has landed in which so many were answered, after so long; under the lock of the queue. */
    void are(int requests, long nanos) {
        long now = System.nanoTime();
        int before = came.get();
        long next = now + Math.min(nanos / PART, LONGEST.toNanos());
        if (until - now > 0) {
            // Those of another group are on their way back as well.
            allBack = Math.max(allBack - before, 0) + before + requests;
            until = until - next > 0 ? until : next;
        } else {
            allBack = before + requests;
            until = next;
        }
    }

    /** Lets them come, and any others that run: for its time, and then as long as one more has come with each yield. */
    @SuppressWarnings("ThreadPriorityCheck") // Nothing depends on it but how many share a commit.
    void await() {
        int before;
        do {
            if (areBack()) {
                return;
            }
            before = came.get();
            Thread.yield();
        } while (came.get() != before || until - System.nanoTime() > 0);
    }

    boolean areBack() {
        return allBack - came.get() <= 0;
    }
}
