package dev.counterfoil.retry;

import java.time.Duration;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt. Choose one of the factories, or write a function.
 *
 * <p>Implementations must be thread-safe; those of this package are immutable. If one throws or returns a negative
 * number, the execution ends with the operation's failure, and what the back-off threw is added to it as suppressed.
 */
@FunctionalInterface
public interface BackOff {

    /**
     * Computes the wait before the next attempt.
     *
     * @param failures how many attempts have failed so far, from 1
     * @param previousNanos the wait before the attempt that just failed, in nanoseconds; 0 if it was the first
     * @param random where jitter is drawn from
     * @return the wait in nanoseconds, zero or more
     */
    long delayNanos(int failures, long previousNanos, RandomGenerator random);

    /**
     * The back-off that does not wait.
     *
     * @return the back-off
     */
    static BackOff none() {
        return new BackOffs.Constant(Duration.ZERO);
    }

    /**
     * The back-off that always waits the same time.
     *
     * @param delay the wait, above zero and at most 292 years
     * @return the back-off
     * @throws IllegalArgumentException if the delay is out of its range
     */
    static BackOff constant(Duration delay) {
        Nanos.positive(delay, "delay");
        return new BackOffs.Constant(delay);
    }

    /**
     * The back-off whose waits double from the first to the cap, each with a jitter of ±10 %. Its factor and jitter can
     * be changed.
     *
     * @param first the wait after the first failure, without its jitter; above zero
     * @param cap what no wait exceeds, jitter included; at least the first wait, at most 292 years
     * @return the back-off
     * @throws IllegalArgumentException if a duration is out of its range
     */
    static ExponentialBackOff exponential(Duration first, Duration cap) {
        return new ExponentialBackOff(first, cap, 2.0, 0.9, 1.1);
    }

    /**
     * The back-off with decorrelated jitter: each wait is drawn between the first wait and three times the previous one.
     *
     * <p>Source: Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015. Unlike there, the cap bounds
     * the range and not what was drawn from it, so that waits do not pile up on the cap.
     *
     * @param first the shortest wait, above zero
     * @param cap the longest wait, at least the first one, at most 292 years
     * @return the back-off
     * @throws IllegalArgumentException if a duration is out of its range
     */
    static BackOff decorrelated(Duration first, Duration cap) {
        Nanos.cap(first, cap);
        return new BackOffs.Decorrelated(first, cap);
    }

    /**
     * The back-off that a function of the number of failures gives, without jitter.
     *
     * @param delay from the number of attempts that have failed so far, from 1, to the wait, zero or more; one above 292
     *     years counts as 292 years
     * @return the back-off
     */
    static BackOff of(IntFunction<Duration> delay) {
        Objects.requireNonNull(delay, "delay");
        return (failures, previousNanos, random) -> Nanos.saturated(delay.apply(failures));
    }
}
