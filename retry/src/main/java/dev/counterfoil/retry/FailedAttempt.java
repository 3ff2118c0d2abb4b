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
 * @param delayNanos the wait before the next attempt, in nanoseconds; 0 if none was to follow
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
     * The wait before the next attempt.
     *
     * @return the wait, zero if no attempt was to follow
     */
    public Duration delay() {
        return Duration.ofNanos(delayNanos);
    }
}
