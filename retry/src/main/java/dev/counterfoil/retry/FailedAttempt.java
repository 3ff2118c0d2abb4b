package dev.counterfoil.retry;

import java.time.Duration;

/**
 * One attempt that failed. Immutable.
 *
 * @param number which attempt it was, from 1
 * @param elapsedNanos when it failed, in nanoseconds since the execution began; see
 *     {@link RetryExhaustedException#elapsed()}
 * @param failure what it threw
 * @param verdict how that was judged
 * @param delayNanos the wait planned before the next attempt, in nanoseconds; 0 if no other attempt was considered
 */
public record FailedAttempt(int number, long elapsedNanos, Throwable failure, Verdict verdict, long delayNanos) {

    /**
     * When the attempt failed.
     *
     * @return the time since the execution began
     */
    public Duration elapsed() {
        return Duration.ofNanos(elapsedNanos);
    }

    /**
     * The wait planned before the next attempt. It was not begun if it would have passed the deadline or if the budget was
     * empty.
     *
     * @return the wait, zero if no other attempt was considered
     */
    public Duration delay() {
        return Duration.ofNanos(delayNanos);
    }
}
