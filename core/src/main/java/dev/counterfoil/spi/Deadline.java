package dev.counterfoil.spi;

import java.time.Duration;

/** The moment, by the monotonic clock, when a call must have its answer. */
public final class Deadline {
    private final long nanoTime;
    private final long wholeNanos;

    private Deadline(long nanoTime, long wholeNanos) {
        this.nanoTime = nanoTime;
        this.wholeNanos = wholeNanos;
    }

    /** The moment that comes after a duration from now. */
    public static Deadline after(Duration duration) {
        long nanos = duration.toNanos();
        return new Deadline(System.nanoTime() + nanos, nanos);
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

    /** True where no time is left. */
    public boolean expired() {
        return remainingNanos() == 0;
    }
}
