package dev.counterfoil.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.Random;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class RetryRuntimeTest {

    @Test
    void theSystemsClockIsMonotonicAndItsSleeperSleeps() throws Exception {
        RetryRuntime system = RetryRuntime.system();
        long before = system.nanoClock().getAsLong();
        system.sleeper().sleep(2_000_000);
        assertThat(system.nanoClock().getAsLong() - before).isGreaterThanOrEqualTo(2_000_000);
        assertThat(system.scheduler()).isEmpty();
    }

    @Test
    void theSystemsSleeperObeysAnInterrupt() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> RetryRuntime.system().sleeper().sleep(Long.MAX_VALUE))
                .isInstanceOf(InterruptedException.class);
    }

    @Test
    void theSystemsRandomIsRandom() {
        RandomGenerator random = RetryRuntime.system().random();
        assertThat(random.longs(100).distinct().count()).isGreaterThan(90);
        assertThat(random.doubles(1_000)).allMatch(it -> it >= 0 && it < 1);
    }

    @Test
    void eachPartCanBeReplacedAlone() {
        RetryRuntime system = RetryRuntime.system();
        LongSupplier clock = () -> 5;
        RetryRuntime.Sleeper sleeper = nanos -> {};
        Random random = new Random();
        World.Timers timers = new World().timers;
        assertThat(system.withNanoClock(clock))
                .isEqualTo(new RetryRuntime(clock, system.sleeper(), system.random(), Optional.empty()));
        assertThat(system.withSleeper(sleeper))
                .isEqualTo(new RetryRuntime(system.nanoClock(), sleeper, system.random(), Optional.empty()));
        assertThat(system.withRandom(random))
                .isEqualTo(new RetryRuntime(system.nanoClock(), system.sleeper(), random, Optional.empty()));
        assertThat(system.withScheduler(timers))
                .isEqualTo(
                        new RetryRuntime(system.nanoClock(), system.sleeper(), system.random(), Optional.of(timers)));
    }

    @Test
    void nothingMayBeNull() {
        RetryRuntime system = RetryRuntime.system();
        assertThatNullPointerException()
                .isThrownBy(() -> system.withNanoClock(null))
                .withMessage("nanoClock");
        assertThatNullPointerException()
                .isThrownBy(() -> system.withSleeper(null))
                .withMessage("sleeper");
        assertThatNullPointerException()
                .isThrownBy(() -> system.withRandom(null))
                .withMessage("random");
        assertThatNullPointerException().isThrownBy(() -> system.withScheduler(null));
        assertThatNullPointerException()
                .isThrownBy(() -> new RetryRuntime(system.nanoClock(), system.sleeper(), system.random(), null))
                .withMessage("scheduler");
    }
}
