package dev.counterfoil.retry;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The back-off whose waits grow by a factor up to a cap, each spread by a jitter. Made by
 * {@link BackOff#exponential(Duration, Duration)}. Immutable and thread-safe.
 *
 * <p>After the <i>n</i>th failure the base is {@code min(first × factor^(n-1), cap ÷ jitterHigh)}, and the wait is drawn
 * evenly between {@code base × jitterLow} and {@code base × jitterHigh}. So no wait exceeds the cap, and waits at the
 * cap are spread as widely as all others instead of piling up on it. The arithmetic saturates.
 *
 * <p>Full and equal jitter are those of Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 *
 * @param first the wait after the first failure, without its jitter; above zero
 * @param cap what no wait exceeds, jitter included; at least {@code first}, at most 292 years
 * @param factor by which the base grows from one failure to the next, 1 or more
 * @param jitterLow the low end of the jitter, as a share of the base, between 0 and {@code jitterHigh}
 * @param jitterHigh the high end of the jitter, as a share of the base, between 1 and 2
 */
public record ExponentialBackOff(Duration first, Duration cap, double factor, double jitterLow, double jitterHigh)
        implements BackOff {

    /**
     * Checks the components.
     *
     * @param first the wait after the first failure, without its jitter; above zero
     * @param cap what no wait exceeds, jitter included; at least {@code first}, at most 292 years
     * @param factor by which the base grows from one failure to the next, 1 or more
     * @param jitterLow the low end of the jitter, as a share of the base, between 0 and {@code jitterHigh}
     * @param jitterHigh the high end of the jitter, as a share of the base, between 1 and 2
     * @throws IllegalArgumentException if one is out of its range
     */
    public ExponentialBackOff {
        Nanos.cap(first, cap);
        if (!(factor >= 1 && factor < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("the factor " + factor + " is not a number from 1");
        }
        if (!(jitterLow >= 0 && jitterLow <= jitterHigh && jitterHigh >= 1 && jitterHigh <= 2)) {
            throw new IllegalArgumentException("the jitter from " + jitterLow + " to " + jitterHigh
                    + " is not a range between 0 and 2 that ends at 1 or above");
        }
    }

    /**
     * This back-off with another factor.
     *
     * @param newFactor by which the base grows from one failure to the next, 1 or more
     * @return the new back-off
     * @throws IllegalArgumentException if the factor is out of its range
     */
    public ExponentialBackOff withFactor(double newFactor) {
        return new ExponentialBackOff(first, cap, newFactor, jitterLow, jitterHigh);
    }

    /**
     * This back-off with a jitter of ± a share of the base.
     *
     * @param share between 0, for no jitter, and 1; 0.1 stands for ±10 %
     * @return the new back-off
     * @throws IllegalArgumentException if the share is out of its range
     */
    public ExponentialBackOff withJitter(double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("the jitter " + share + " is not between 0 and 1");
        }
        return new ExponentialBackOff(first, cap, factor, 1 - share, 1 + share);
    }

    /**
     * This back-off with full jitter: a wait is drawn between zero and the base. It spreads contenders the most.
     *
     * @return the new back-off
     */
    public ExponentialBackOff withFullJitter() {
        return new ExponentialBackOff(first, cap, factor, 0, 1);
    }

    /**
     * This back-off with equal jitter: a wait is drawn between half the base and the base.
     *
     * @return the new back-off
     */
    public ExponentialBackOff withEqualJitter() {
        return new ExponentialBackOff(first, cap, factor, 0.5, 1);
    }

    @Override
    public long delayNanos(int failures, long previousNanos, RandomGenerator random) {
        long capNanos = cap.toNanos();
        // Infinity is fine: the cap is the smaller. Few executions fail more than twice, and a power takes its time.
        double growth = failures == 1 ? 1 : failures == 2 ? factor : Math.pow(factor, failures - 1.0);
        double base = first.toNanos() * growth;
        if (base * jitterHigh > capNanos) {
            base = capNanos / jitterHigh;
        }
        double share = jitterLow < jitterHigh ? jitterLow + (jitterHigh - jitterLow) * random.nextDouble() : jitterHigh;
        return Math.min((long) (base * share), capNanos);
    }
}
