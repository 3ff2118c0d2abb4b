package dev.counterfoil.spi;

import java.time.Duration;

/** The moment, by the monotonic clock, when a call must have its answer. */
public final class Deadline {
    private final long nanoTime;

    private Deadline(long nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** The moment that comes after a duration from now. */
    public static Deadline after(Duration duration) {
        return new Deadline(System.nanoTime() + duration.toNanos());
    }

    /** The nanoseconds that are left; zero where none are. */
    public long remainingNanos() {
        return Math.max(0, nanoTime - System.nanoTime());
    }

    /** True where no time is left. */
    public boolean expired() {
        return remainingNanos() == 0;
    }
}
