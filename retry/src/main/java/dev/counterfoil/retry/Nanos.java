package dev.counterfoil.retry;

import java.time.Duration;
import java.util.Objects;

/** Durations as nanoseconds: checked where a policy is built, saturating where it runs. */
final class Nanos {

    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

    private Nanos() {}

    /** Checks that a duration is above zero and fits into nanoseconds. */
    static void positive(Duration duration, String what) {
        Objects.requireNonNull(duration, what);
        if (duration.isZero() || duration.isNegative()) {
            throw new IllegalArgumentException("the " + what + " " + duration + " is not above zero");
        }
        if (duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("the " + what + " " + duration + " is above " + LONGEST);
        }
    }

    /** Checks a first delay and its cap. */
    static void cap(Duration first, Duration cap) {
        positive(first, "first delay");
        positive(cap, "cap");
        if (first.compareTo(cap) > 0) {
            throw new IllegalArgumentException("the first delay " + first + " is above the cap " + cap);
        }
    }

    static long saturated(Duration duration) {
        return duration.compareTo(LONGEST) > 0 ? Long.MAX_VALUE : duration.toNanos();
    }
}
