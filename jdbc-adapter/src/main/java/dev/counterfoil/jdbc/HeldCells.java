package dev.counterfoil.jdbc;

import java.time.Duration;

/** Since when a transaction that joined has held its cells. Used by one thread at a time. */
final class HeldCells {
    /** The part of the time of a call for which cells may be held and nobody is told. */
    private static final int PART = 10;

    private final long tolerated;
    private boolean begun;
    private long since;
    private boolean told;

    HeldCells(Duration timeout) {
        this.tolerated = timeout.toNanos() / PART;
    }

    /** A step begins; true once, where the first one is long ago. */
    boolean isLong() {
        if (!begun) {
            begun = true;
            since = System.nanoTime();
            return false;
        }
        boolean first = !told && System.nanoTime() - since > tolerated;
        told |= first;
        return first;
    }

    /** Since the first step. */
    Duration time() {
        return Duration.ofNanos(System.nanoTime() - since);
    }
}
