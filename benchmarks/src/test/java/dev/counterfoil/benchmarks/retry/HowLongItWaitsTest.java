package dev.counterfoil.benchmarks.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.github.rholder.retry.RetryerBuilder;
import com.github.rholder.retry.StopStrategies;
import com.github.rholder.retry.WaitStrategies;
import com.github.rholder.retry.WaitStrategy;
import dev.counterfoil.retry.BackOff;
import dev.counterfoil.retry.Classifier;
import dev.counterfoil.retry.Retry;
import dev.counterfoil.retry.RetryExhaustedException;
import dev.counterfoil.retry.RetryPolicy;
import dev.counterfoil.retry.RetryRuntime;
import dev.counterfoil.retry.StopReason;
import dev.counterfoil.retry.Verdict;
import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicyBuilder;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.RetryConfig;
import io.github.resilience4j.retry.internal.RetryImpl;
import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.retry.RetryContext;
import org.springframework.retry.backoff.BackOffContext;
import org.springframework.retry.backoff.BackOffPolicy;
import org.springframework.retry.backoff.ExponentialBackOffPolicy;
import org.springframework.retry.backoff.ExponentialRandomBackOffPolicy;
import org.springframework.retry.backoff.FixedBackOffPolicy;
import org.springframework.retry.policy.SimpleRetryPolicy;
import org.springframework.retry.policy.TimeoutRetryPolicy;
import org.springframework.util.backoff.BackOffExecution;
import org.springframework.util.backoff.ExponentialBackOff;

/** Waits and deadlines: a nested class a row, a method a library, of the table in {@code docs/retry.md}. */
class HowLongItWaitsTest {
    private static final int DRAWS = 1_000;

    private final List<Duration> waits = new ArrayList<>();

    @AfterEach
    void leaveNoInterrupt() {
        Thread.interrupted();
    }

    private void asked(long millis) {
        waits.add(Duration.ofMillis(millis));
    }

    @Nested
    @DisplayName("Waits at a cap of 1 s with jitter")
    class JitterAtTheCap {

        @Test
        void counterfoil() {
            BackOff backOff = BackOff.exponential(Duration.ofMillis(100), Duration.ofSeconds(1));
            Random random = new Random(1);
            List<Long> draws = IntStream.range(0, DRAWS)
                    .mapToObj(i -> backOff.delayNanos(20, 0, random) / 1_000_000)
                    .toList();
            assertThat(draws).allMatch(millis -> millis > 800 && millis <= 1_000);
            assertThat(draws).filteredOn(millis -> millis > 990).hasSizeBetween(1, DRAWS / 10);
        }

        @Test
        void resilience4j() {
            IntervalFunction wait = IntervalFunction.ofExponentialRandomBackoff(100, 2.0, 0.1, 1_000);
            assertThat(LongStream.range(0, DRAWS).map(i -> wait.apply(20))).containsOnly(1_000L);
        }

        @Test
        void failsafe() {
            // It sleeps by itself, so the cap of this one is 1 ms, which nobody notices.
            RetryPolicyBuilder<String> policy = Peers.failsafe()
                    .withMaxAttempts(100)
                    .withBackoff(500, 1_000, ChronoUnit.MICROS)
                    .withJitter(0.1)
                    .onRetryScheduled(event -> waits.add(event.getDelay()));
            assertThat(catchThrowable(() -> Peers.failsafe(policy, new Script(new IOException()))))
                    .isNotNull();
            assertThat(waits.subList(10, waits.size()))
                    .allMatch(wait -> wait.toNanos() > 800_000 && wait.toNanos() < 1_200_000)
                    .anyMatch(wait -> wait.toNanos() > 1_000_000);
        }

        @Test
        void springCore() {
            ExponentialBackOff backOff = new ExponentialBackOff(100, 2);
            backOff.setMaxInterval(1_000);
            backOff.setJitter(10);
            BackOffExecution execution = backOff.start();
            List<Long> draws = LongStream.range(0, DRAWS)
                    .mapToObj(i -> execution.nextBackOff())
                    .skip(10)
                    .toList();
            assertThat(draws).allMatch(millis -> millis >= 900 && millis <= 1_000);
            assertThat(draws).filteredOn(millis -> millis > 990).hasSizeBetween(1, DRAWS / 5);
        }

        @Test
        void springRetry() {
            ExponentialRandomBackOffPolicy policy = new ExponentialRandomBackOffPolicy();
            policy.setInitialInterval(100);
            policy.setMultiplier(2);
            policy.setMaxInterval(1_000);
            policy.setSleeper(HowLongItWaitsTest.this::asked);
            BackOffContext context = policy.start(null);
            IntStream.range(0, DRAWS).forEach(i -> policy.backOff(context));
            assertThat(waits.subList(10, DRAWS)).containsOnly(Duration.ofSeconds(1));
        }

        @Test
        void guavaRetrying() {
            WaitStrategy wait = WaitStrategies.join(
                    WaitStrategies.exponentialWait(50, 1, TimeUnit.SECONDS),
                    WaitStrategies.randomWait(100, TimeUnit.MILLISECONDS));
            List<Long> draws = IntStream.range(0, DRAWS)
                    .mapToObj(i -> wait.computeSleepTime(Peers.guavaAttempt(20, new IOException())))
                    .toList();
            assertThat(draws).allMatch(millis -> millis >= 1_000 && millis < 1_100);
            assertThat(draws).anyMatch(millis -> millis > 1_000);
        }
    }

    @Nested
    @DisplayName("Exponential wait after 10,000 failures")
    class LongRuns {
        private static final int FAILURES = 10_000;

        @Test
        void counterfoil() {
            BackOff backOff = BackOff.exponential(Duration.ofMillis(100), Duration.ofSeconds(1));
            assertThat(backOff.delayNanos(FAILURES, 0, new Random(1))).isBetween(800_000_000L, 1_000_000_000L);
            assertThatThrownBy(() -> BackOff.exponential(Duration.ofMillis(100), Duration.ZERO))
                    .isInstanceOf(IllegalArgumentException.class);
        }

        @Test
        void resilience4j() {
            assertThat(IntervalFunction.ofExponentialBackoff(100, 2.0, 1_000).apply(FAILURES))
                    .isEqualTo(1_000);
            assertThat(IntervalFunction.ofExponentialBackoff(100, 2.0).apply(FAILURES))
                    .isEqualTo(Long.MAX_VALUE);
        }

        @Test
        void failsafe() throws Exception {
            ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
            try {
                var future = Failsafe.with(Peers.failsafe()
                                .withMaxAttempts(FAILURES)
                                .withBackoff(1, 2, ChronoUnit.NANOS)
                                .onRetryScheduled(event -> waits.add(event.getDelay()))
                                .build())
                        .with(scheduler)
                        .getAsync(new Script(new IOException())::call);
                assertThatThrownBy(() -> future.get(30, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class);
                assertThat(waits).hasSize(FAILURES - 1);
                assertThat(waits.get(waits.size() - 1)).isEqualTo(Duration.ofNanos(2));
            } finally {
                scheduler.shutdownNow();
            }
        }

        @Test
        void springCore() {
            var policy = org.springframework.core.retry.RetryPolicy.builder()
                    .maxRetries(2 * FAILURES)
                    .delay(Duration.ofMillis(100))
                    .multiplier(2);
            assertThat(last(policy.build().getBackOff().start())).isEqualTo(Long.MAX_VALUE);
            assertThat(last(policy.maxDelay(Duration.ofSeconds(1))
                            .build()
                            .getBackOff()
                            .start()))
                    .isEqualTo(1_000);
        }

        private long last(BackOffExecution execution) {
            return LongStream.range(0, FAILURES)
                    .map(i -> execution.nextBackOff())
                    .reduce(0, (earlier, later) -> later);
        }

        @Test
        void springRetry() {
            ExponentialBackOffPolicy policy = new ExponentialBackOffPolicy();
            policy.setSleeper(HowLongItWaitsTest.this::asked);
            BackOffContext context = policy.start(null);
            IntStream.range(0, FAILURES).forEach(i -> policy.backOff(context));
            assertThat(waits.get(FAILURES - 1)).isEqualTo(Duration.ofSeconds(30));
        }

        @Test
        void guavaRetrying() {
            var attempt = Peers.guavaAttempt(FAILURES, new IOException());
            assertThat(WaitStrategies.exponentialWait(50, 1, TimeUnit.SECONDS).computeSleepTime(attempt))
                    .isEqualTo(1_000);
            assertThat(WaitStrategies.exponentialWait().computeSleepTime(attempt))
                    .isEqualTo(Long.MAX_VALUE);
        }
    }

    @Nested
    @DisplayName("A wait that would pass the deadline")
    class Deadlines {
        private final Script script = new Script(new IOException());

        @Test
        void counterfoil() {
            Retry retry = Retry.named(
                    "row",
                    RetryPolicy.defaults()
                            .withDeadline(Duration.ofSeconds(1))
                            .withBackOff(BackOff.constant(Duration.ofHours(1))),
                    RetryRuntime.system().withSleeper(nanos -> asked(nanos / 1_000_000)));
            assertThatExceptionOfType(RetryExhaustedException.class)
                    .isThrownBy(() -> retry.execute(script::call))
                    .satisfies(exhausted -> assertThat(exhausted.reason()).isEqualTo(StopReason.DEADLINE));
            assertThat(waits).isEmpty();
            assertThat(script.attempts()).isEqualTo(1);
        }

        @Test
        void resilience4j() {
            assertThat(Arrays.stream(RetryConfig.Builder.class.getMethods())
                            .map(method -> method.getName().toLowerCase(Locale.ROOT)))
                    .noneMatch(name -> name.matches(".*(deadline|timeout|elapsed|maxduration).*"));
        }

        @Test
        void failsafe() {
            RetryPolicyBuilder<String> policy = Peers.failsafe()
                    .withMaxAttempts(-1)
                    .withDelay(Duration.ofMillis(400))
                    .withMaxDuration(Duration.ofMillis(600))
                    .onRetryScheduled(event -> waits.add(event.getDelay()));
            assertThat(catchThrowable(() -> Peers.failsafe(policy, script))).isNotNull();
            // The second wait is cut to what is left, and an attempt is made at the deadline.
            assertThat(waits.get(0)).isEqualTo(Duration.ofMillis(400));
            assertThat(waits.get(1)).isLessThan(Duration.ofMillis(201));
            assertThat(script.attempts()).isGreaterThanOrEqualTo(3);
        }

        @Test
        void springCore() {
            RetryTemplate template = new RetryTemplate(org.springframework.core.retry.RetryPolicy.builder()
                    .timeout(Duration.ofSeconds(1))
                    .delay(Duration.ofHours(1))
                    .build());
            assertThatThrownBy(() -> template.execute(script::call)).hasMessageContaining("would exceed timeout");
            assertThat(script.attempts()).isEqualTo(1);
        }

        @Test
        void springRetry() {
            FixedBackOffPolicy backOff = new FixedBackOffPolicy();
            backOff.setBackOffPeriod(3_600_000);
            backOff.setSleeper(HowLongItWaitsTest.this::passTheDeadline);
            var template = Peers.springRetry();
            template.setRetryPolicy(new TimeoutRetryPolicy(100));
            template.setBackOffPolicy(backOff);
            assertThat(catchThrowable(() -> template.execute(context -> script.call())))
                    .isNotNull();
            assertThat(waits).containsExactly(Duration.ofHours(1));
            assertThat(script.attempts()).isEqualTo(1);
        }

        @Test
        void guavaRetrying() {
            var bounded = RetryerBuilder.<String>newBuilder()
                    .retryIfException()
                    .withStopStrategy(StopStrategies.stopAfterDelay(100, TimeUnit.MILLISECONDS))
                    .withWaitStrategy(WaitStrategies.fixedWait(1, TimeUnit.HOURS))
                    .withBlockStrategy(HowLongItWaitsTest.this::passTheDeadline)
                    .build();
            assertThat(catchThrowable(() -> bounded.call(script))).isNotNull();
            assertThat(waits).containsExactly(Duration.ofHours(1));
            assertThat(script.attempts()).isEqualTo(2);
        }
    }

    /** Takes note of the wait, and lets the deadline pass by the real clock, which these libraries read themselves. */
    private void passTheDeadline(long millis) throws InterruptedException {
        asked(millis);
        Thread.sleep(150);
    }

    @Nested
    @DisplayName("A failure that says \"retry after a day\"")
    class Hints {
        private static final Duration DAY = Duration.ofDays(1);

        private final Script busy = new Script(new Busy());

        @Test
        void counterfoil() {
            Retry retry = Retry.named(
                    "row",
                    RetryPolicy.defaults()
                            .withClassifier(
                                    Classifier.defaults().when(Busy.class, it -> Verdict.retryAfter(it.after()))),
                    RetryRuntime.system().withSleeper(nanos -> asked(nanos / 1_000_000)));
            assertThat(catchThrowable(() -> retry.execute(busy::call))).isNotNull();
            assertThat(waits).hasSize(2).containsOnly(Duration.ofSeconds(60));
        }

        @Test
        void resilience4j() {
            RetryImpl.setSleepFunction(HowLongItWaitsTest.this::asked);
            var retry = io.github.resilience4j.retry.Retry.of(
                    "row",
                    RetryConfig.<String>custom()
                            .intervalBiFunction((attempt, outcome) ->
                                    ((Busy) outcome.getLeft()).after().toMillis())
                            .build());
            assertThat(catchThrowable(() -> retry.executeCallable(busy))).isNotNull();
            assertThat(waits).hasSize(2).containsOnly(DAY);
        }

        @Test
        void failsafe() {
            RetryPolicyBuilder<String> policy = Peers.failsafe()
                    .withBackoff(Duration.ofMillis(100), Duration.ofSeconds(1))
                    .withDelayFnOn(context -> ((Busy) context.getLastException()).after(), Busy.class)
                    .onRetryScheduled(event -> {
                        waits.add(event.getDelay());
                        Thread.currentThread().interrupt();
                    });
            assertThat(catchThrowable(() -> Peers.failsafe(policy, busy))).isNotNull();
            assertThat(waits).containsExactly(DAY);
        }

        @Test
        void springCore() throws Exception {
            assertThat(BackOffExecution.class.getMethod("nextBackOff").getParameterCount())
                    .isZero();
        }

        @Test
        void springRetry() {
            var template = Peers.springRetry();
            template.setRetryPolicy(new SimpleRetryPolicy(3));
            template.setBackOffPolicy(new BackOffPolicy() {
                @Override
                public BackOffContext start(RetryContext context) {
                    return new ContextOfRetry(context);
                }

                @Override
                public void backOff(BackOffContext context) {
                    Busy last = (Busy) ((ContextOfRetry) context).retry().getLastThrowable();
                    waits.add(last.after());
                }
            });
            assertThat(catchThrowable(() -> template.execute(context -> busy.call())))
                    .isNotNull();
            assertThat(waits).hasSize(2).containsOnly(DAY);
        }

        @Test
        void guavaRetrying() {
            WaitStrategy wait =
                    WaitStrategies.exceptionWait(Busy.class, it -> it.after().toMillis());
            assertThat(wait.computeSleepTime(Peers.guavaAttempt(1, new Busy()))).isEqualTo(DAY.toMillis());
        }

        static final class Busy extends IOException {
            private static final long serialVersionUID = 1L;

            Duration after() {
                return DAY;
            }
        }

        record ContextOfRetry(RetryContext retry) implements BackOffContext {}
    }
}
