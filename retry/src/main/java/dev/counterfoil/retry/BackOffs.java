package dev.counterfoil.retry;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** The back-offs behind {@link BackOff}'s factories that have nothing to change. */
final class BackOffs {

    private BackOffs() {}

    /** See {@link BackOff#none()} and {@link BackOff#constant(Duration)}. */
    record Constant(Duration delay) implements BackOff {

        @Override
        public long delayNanos(int failures, long previousNanos, RandomGenerator random) {
            return delay.toNanos();
        }
    }

    /** See {@link BackOff#decorrelated(Duration, Duration)}. */
    record Decorrelated(Duration first, Duration cap) implements BackOff {

        @Override
        public long delayNanos(int failures, long previousNanos, RandomGenerator random) {
            long firstNanos = first.toNanos();
            long capNanos = cap.toNanos();
            long previous = Math.max(previousNanos, firstNanos);
            long upper = previous > capNanos / 3 ? capNanos : previous * 3;
            return firstNanos + (long) ((upper - firstNanos) * random.nextDouble());
        }
    }
}
