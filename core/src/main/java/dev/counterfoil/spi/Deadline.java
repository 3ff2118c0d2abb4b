package dev.counterfoil.spi;

import java.time.Duration;

/** The moment, by the monotonic clock, when a call must have its answer. */
public final class Deadline {
    private final long nanoTime;
    private final long wholeNanos;
    private final boolean hasty;

    private Deadline(long nanoTime, long wholeNanos, boolean hasty) {
        this.nanoTime = nanoTime;
        this.wholeNanos = wholeNanos;
        this.hasty = hasty;
    }

    /** The moment that comes after a duration from now. */
    public static Deadline after(Duration duration) {
        long nanos = duration.toNanos();
        return new Deadline(System.nanoTime() + nanos, nanos, false);
    }

    /** The nanoseconds that are left; zero where none are. */
    public long remainingNanos() {
        return Math.max(0, nanoTime - System.nanoTime());
    }

    /** The nanoseconds that there were in the beginning. */
    long wholeNanos() {
        return wholeNanos;
    }

    /** This one, or the other if that is sooner. */
    Deadline orSooner(Deadline other) {
        return other.nanoTime - nanoTime < 0 ? other : this;
    }

    /** The same moment, for a group of which a request is known to need what somebody else holds. */
    Deadline hasty() {
        return new Deadline(nanoTime, wholeNanos, true);
    }

    /**
     * True where a lock that does not come at once will hardly come, because somebody is known to hold what a request of the group
     * needs. Others should not wait for him as well, neither those of the group nor whoever needs the cells that it has locked by
     * then. A store that can waits for each lock only for a moment.
     */
    public boolean isHasty() {
        return hasty;
    }

    /** True where no time is left. */
    public boolean expired() {
        return remainingNanos() == 0;
    }
}
