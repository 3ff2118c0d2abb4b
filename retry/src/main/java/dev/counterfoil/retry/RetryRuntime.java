package dev.counterfoil.retry;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What a {@link Retry} takes from the world: a clock, a sleeper, randomness and, for asynchronous operations, a
 * scheduler. Immutable; its parts must be thread-safe.
 *
 * <p>Programs use {@link #system()}; tests hand in parts that they control, and never wait.
 *
 * @param nanoClock a monotonic clock in nanoseconds, of which differences only are used, as {@link System#nanoTime()}
 * @param sleeper how to wait
 * @param random where jitter is drawn from
 * @param scheduler what runs the later attempts of asynchronous operations, if no other is given with them
 */
public record RetryRuntime(
        LongSupplier nanoClock, Sleeper sleeper, RandomGenerator random, Optional<ScheduledExecutorService> scheduler) {

    /** How to wait. */
    @FunctionalInterface
    public interface Sleeper {

        /**
         * Waits.
         *
         * @param nanos how long in nanoseconds, above zero
         * @throws InterruptedException if the thread was interrupted before or during the wait
         */
        void sleep(long nanos) throws InterruptedException;
    }

    /**
     * Checks that nothing is null.
     *
     * @param nanoClock a monotonic clock in nanoseconds
     * @param sleeper how to wait
     * @param random where jitter is drawn from
     * @param scheduler what runs the later attempts of asynchronous operations
     */
    public RetryRuntime {
        Objects.requireNonNull(nanoClock, "nanoClock");
        Objects.requireNonNull(sleeper, "sleeper");
        Objects.requireNonNull(random, "random");
        Objects.requireNonNull(scheduler, "scheduler");
    }

    /**
     * The runtime of this JVM: {@link System#nanoTime()}, a sleep that lets go of a virtual thread's carrier, each thread's
     * {@link ThreadLocalRandom}, no scheduler.
     *
     * @return the runtime
     */
    public static RetryRuntime system() {
        return new RetryRuntime(
                System::nanoTime,
                TimeUnit.NANOSECONDS::sleep,
                // Asked for at each draw: a ThreadLocalRandom must not be handed from thread to thread.
                () -> ThreadLocalRandom.current().nextLong(),
                Optional.empty());
    }

    /**
     * This runtime with another clock.
     *
     * @param newNanoClock a monotonic clock in nanoseconds
     * @return the new runtime
     */
    public RetryRuntime withNanoClock(LongSupplier newNanoClock) {
        return new RetryRuntime(newNanoClock, sleeper, random, scheduler);
    }

    /**
     * This runtime with another sleeper.
     *
     * @param newSleeper how to wait
     * @return the new runtime
     */
    public RetryRuntime withSleeper(Sleeper newSleeper) {
        return new RetryRuntime(nanoClock, newSleeper, random, scheduler);
    }

    /**
     * This runtime with another source of randomness.
     *
     * @param newRandom where jitter is drawn from
     * @return the new runtime
     */
    public RetryRuntime withRandom(RandomGenerator newRandom) {
        return new RetryRuntime(nanoClock, sleeper, newRandom, scheduler);
    }

    /**
     * This runtime with a scheduler.
     *
     * @param newScheduler what runs the later attempts of asynchronous operations
     * @return the new runtime
     */
    public RetryRuntime withScheduler(ScheduledExecutorService newScheduler) {
        return new RetryRuntime(nanoClock, sleeper, random, Optional.of(newScheduler));
    }
}
