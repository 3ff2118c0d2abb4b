package dev.counterfoil.benchmarks.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.github.rholder.retry.RetryException;
import com.github.rholder.retry.Retryer;
import com.github.rholder.retry.RetryerBuilder;
import com.github.rholder.retry.WaitStrategies;
import dev.counterfoil.retry.BackOff;
import dev.counterfoil.retry.Retry;
import dev.counterfoil.retry.RetryExhaustedException;
import dev.counterfoil.retry.RetryPolicy;
import dev.counterfoil.retry.StopReason;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import io.github.resilience4j.retry.RetryConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.retry.backoff.BackOffInterruptedException;
import org.springframework.retry.backoff.FixedBackOffPolicy;
import org.springframework.retry.policy.NeverRetryPolicy;

/** What the caller gets: a nested class a row, a method a library, of the table in {@code docs/retry.md}. */
class HowItEndsTest {

    @AfterEach
    void leaveNoInterrupt() {
        Thread.interrupted();
    }

    @Nested
    @DisplayName("Interrupted while it waits")
    class InterruptedWaits {
        private final IllegalStateException failure = new IllegalStateException();
        private final Script script = new Script(failure);

        /** The thread is interrupted before, so that the first wait ends at once. */
        private Throwable thrown(ThrowingCallable call) {
            Thread.currentThread().interrupt();
            Throwable thrown = catchThrowable(call);
            assertThat(script.attempts()).isEqualTo(1);
            assertThat(Thread.interrupted()).as("the flag").isTrue();
            return thrown;
        }

        @Test
        void counterfoil() {
            Retry retry = Retry.named("row", RetryPolicy.retryAllExcept());
            assertThat(thrown(() -> retry.execute(script::call)))
                    .hasCause(failure)
                    .isInstanceOfSatisfying(
                            RetryExhaustedException.class,
                            exhausted -> assertThat(exhausted.reason()).isEqualTo(StopReason.INTERRUPTED));
        }

        @Test
        void resilience4j() {
            var retry = Peers.resilience4jThatSleeps();
            assertThat(thrown(() -> retry.executeCallable(script))).isSameAs(failure);
        }

        @Test
        void failsafe() {
            assertThat(thrown(() -> Peers.failsafe(Peers.failsafe().withDelay(Duration.ofHours(1)), script)))
                    .isInstanceOf(FailsafeException.class)
                    .hasCauseInstanceOf(InterruptedException.class)
                    .hasNoSuppressedExceptions();
        }

        @Test
        void springCore() {
            RetryTemplate template = new RetryTemplate(org.springframework.core.retry.RetryPolicy.builder()
                    .delay(Duration.ofHours(1))
                    .build());
            assertThat(thrown(() -> template.execute(script::call)))
                    .isInstanceOf(org.springframework.core.retry.RetryException.class)
                    .hasCause(failure);
        }

        @Test
        void springRetry() {
            FixedBackOffPolicy backOff = new FixedBackOffPolicy();
            backOff.setBackOffPeriod(3_600_000);
            var template = Peers.springRetry();
            template.setBackOffPolicy(backOff);
            assertThat(thrown(() -> template.execute(context -> script.call())))
                    .isInstanceOf(BackOffInterruptedException.class)
                    .hasCauseInstanceOf(InterruptedException.class)
                    .hasNoSuppressedExceptions();
        }

        @Test
        void guavaRetrying() {
            var retryer = RetryerBuilder.<String>newBuilder()
                    .retryIfException()
                    .withWaitStrategy(WaitStrategies.fixedWait(1, TimeUnit.HOURS))
                    .build();
            assertThat(thrown(() -> retryer.call(script)))
                    .isInstanceOf(RetryException.class)
                    .hasCause(failure);
        }
    }

    @Nested
    @DisplayName("A checked exception that is not retried")
    class CheckedExceptions {
        private final AccessDeniedException denied = new AccessDeniedException("a");
        private final Script script = new Script(denied);

        @Test
        void counterfoil() {
            Retry retry = Peers.counterfoil(RetryPolicy.none());
            // The compiler knows its class.
            try {
                retry.run(() -> {
                    throw denied;
                });
            } catch (AccessDeniedException thrown) {
                assertThat(thrown).isSameAs(denied);
                return;
            }
            throw new AssertionError();
        }

        @Test
        void resilience4j() {
            var retry = io.github.resilience4j.retry.Retry.of(
                    "row", RetryConfig.custom().retryOnException(it -> false).build());
            assertThatThrownBy(() -> retry.executeCallable(script)).isSameAs(denied);
            assertThat(Arrays.stream(io.github.resilience4j.retry.Retry.class.getMethods())
                            .filter(method -> method.getName().equals("executeCallable"))
                            .map(method -> method.getExceptionTypes()[0]))
                    .containsExactly(Exception.class);
        }

        @Test
        void failsafe() {
            assertThatThrownBy(() -> Peers.failsafe(Peers.failsafe().handle(IllegalStateException.class), script))
                    .isInstanceOf(FailsafeException.class)
                    .hasCause(denied);
        }

        @Test
        void springCore() {
            RetryTemplate template = new RetryTemplate(
                    Peers.springCorePolicy().predicate(it -> false).build());
            assertThatThrownBy(() -> template.execute(script::call))
                    .isInstanceOf(org.springframework.core.retry.RetryException.class)
                    .hasCause(denied);
            assertThat(script.attempts()).isEqualTo(1);
        }

        @Test
        void springRetry() {
            var template = Peers.springRetry();
            template.setRetryPolicy(new NeverRetryPolicy());
            try {
                template.<String, AccessDeniedException>execute(context -> {
                    throw denied;
                });
            } catch (AccessDeniedException thrown) {
                assertThat(thrown).isSameAs(denied);
                return;
            }
            throw new AssertionError();
        }

        @Test
        void guavaRetrying() {
            var retryer = RetryerBuilder.<String>newBuilder()
                    .retryIfRuntimeException()
                    .build();
            assertThatThrownBy(() -> retryer.call(script))
                    .isInstanceOf(ExecutionException.class)
                    .hasCause(denied);
        }
    }

    @Nested
    @DisplayName("After the last attempt")
    class Exhaustion {
        private final IllegalStateException first = new IllegalStateException("1");
        private final IllegalStateException second = new IllegalStateException("2");
        private final IllegalStateException third = new IllegalStateException("3");
        private final Script script = new Script(first, second, third);

        @Test
        void counterfoil() {
            Retry retry = Peers.counterfoil(RetryPolicy.retryAllExcept());
            assertThatExceptionOfType(RetryExhaustedException.class)
                    .isThrownBy(() -> retry.execute(script::call))
                    .withCause(third)
                    .satisfies(thrown -> assertThat(thrown.getSuppressed()).containsExactly(first, second));
        }

        @Test
        void resilience4j() {
            assertThatThrownBy(() -> Peers.resilience4j().executeCallable(script))
                    .isSameAs(third)
                    .hasNoSuppressedExceptions();
        }

        @Test
        void failsafe() {
            assertThatThrownBy(() -> Peers.failsafe(Peers.failsafe(), script))
                    .isSameAs(third)
                    .hasNoSuppressedExceptions();
        }

        @Test
        void springCore() {
            assertThatThrownBy(() -> Peers.springCore().execute(script::call))
                    .isInstanceOf(org.springframework.core.retry.RetryException.class)
                    .hasCause(third)
                    .satisfies(thrown -> assertThat(thrown.getSuppressed()).containsExactly(first, second));
        }

        @Test
        void springRetry() {
            assertThatThrownBy(() -> Peers.springRetry().execute(context -> script.call()))
                    .isSameAs(third)
                    .hasNoSuppressedExceptions();
        }

        @Test
        void guavaRetrying() {
            assertThatThrownBy(() -> Peers.guavaRetryer().call(script))
                    .isInstanceOf(RetryException.class)
                    .hasCause(third)
                    .hasNoSuppressedExceptions();
        }
    }

    @Nested
    @DisplayName("The future is cancelled during a wait")
    class Cancellation {
        private final Script script = new Script(new IOException());

        /** Whether the attempts ended with the first: what is still planned on an executor runs before it terminates. */
        private boolean ended(ExecutorService executor) throws InterruptedException {
            executor.shutdown();
            assertThat(executor.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
            return script.attempts() == 1;
        }

        @Test
        void counterfoil() throws Exception {
            ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
            Retry retry =
                    Peers.counterfoil(RetryPolicy.defaults().withBackOff(BackOff.constant(Duration.ofMillis(200))));
            Future<String> future = retry.executeAsync(scheduler, context -> {
                try {
                    return CompletableFuture.completedFuture(script.call());
                } catch (Exception failure) {
                    return CompletableFuture.failedFuture(failure);
                }
            });
            assertThat(future.cancel(true)).isTrue();
            assertThat(ended(scheduler)).isTrue();
        }

        @Test
        void resilience4j() throws Exception {
            Script thrice = new Script(3, new IOException());
            ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
            try {
                var retry = io.github.resilience4j.retry.Retry.of(
                        "row",
                        RetryConfig.custom().waitDuration(Duration.ofMillis(50)).build());
                Future<String> future = retry.<String>executeCompletionStage(scheduler, () -> {
                            try {
                                return CompletableFuture.completedFuture(thrice.call());
                            } catch (Exception failure) {
                                return CompletableFuture.failedFuture(failure);
                            }
                        })
                        .toCompletableFuture();
                assertThat(future.cancel(true)).isTrue();
                assertThat(thrice.awaitAttempts()).as("goes on").isTrue();
            } finally {
                scheduler.shutdownNow();
            }
        }

        @Test
        void failsafe() throws Exception {
            ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
            CountDownLatch waiting = new CountDownLatch(1);
            Future<String> future = Failsafe.with(Peers.failsafe()
                            .withDelay(Duration.ofMillis(200))
                            .onRetryScheduled(event -> waiting.countDown())
                            .build())
                    .with(scheduler)
                    .getAsync(script::call);
            assertThat(waiting.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(future.cancel(true)).isTrue();
            assertThat(ended(scheduler)).isTrue();
        }

        @Test
        void springCore() {
            assertThat(Peers.asynchronous(RetryTemplate.class)).isEmpty();
        }

        @Test
        void springRetry() {
            assertThat(Peers.asynchronous(org.springframework.retry.support.RetryTemplate.class))
                    .isEmpty();
        }

        @Test
        void guavaRetrying() throws Exception {
            assertThat(Peers.asynchronous(Retryer.class)).isEmpty();
            // What it has is a callable for an executor of one's own.
            ExecutorService executor = Executors.newSingleThreadExecutor();
            var retryer = RetryerBuilder.<String>newBuilder()
                    .retryIfException()
                    .withWaitStrategy(WaitStrategies.fixedWait(1, TimeUnit.HOURS))
                    .build();
            Future<String> future = executor.submit(retryer.wrap(script));
            assertThat(script.awaitAttempts()).isTrue();
            assertThat(future.cancel(true)).isTrue();
            assertThat(ended(executor)).isTrue();
        }
    }

    @Nested
    @DisplayName("Log lines of a success at the first attempt")
    class Log {
        private static final Map<Contender, List<String>> LINES = new EnumMap<>(Contender.class);

        /** In a JVM of its own that logs everything. */
        @BeforeAll
        static void listen() throws Exception {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Dorg.slf4j.simpleLogger.defaultLogLevel=trace",
                            "-cp",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                            Successes.class.getName())
                    .redirectErrorStream(true)
                    .start();
            try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
                List<String> current = new ArrayList<>();
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith(Successes.BEGIN)) {
                        current = new ArrayList<>();
                        LINES.put(Contender.valueOf(line.substring(Successes.BEGIN.length())), current);
                    } else if (line.equals(Successes.END)) {
                        current = new ArrayList<>();
                    } else {
                        current.add(line);
                    }
                }
            }
            assertThat(process.waitFor()).isZero();
            assertThat(LINES).containsOnlyKeys(Contender.values());
        }

        @Test
        void counterfoil() {
            assertThat(LINES.get(Contender.COUNTERFOIL)).isEmpty();
        }

        @Test
        void resilience4j() {
            assertThat(LINES.get(Contender.RESILIENCE4J)).isEmpty();
        }

        @Test
        void failsafe() {
            assertThat(LINES.get(Contender.FAILSAFE)).isEmpty();
        }

        @Test
        void springCore() {
            assertThat(LINES.get(Contender.SPRING_CORE)).hasSize(2).allMatch(line -> line.contains(" DEBUG "));
        }

        @Test
        void springRetry() {
            assertThat(LINES.get(Contender.SPRING_RETRY))
                    .hasSize(2)
                    .anyMatch(line -> line.contains(" DEBUG "))
                    .anyMatch(line -> line.contains(" TRACE "));
        }

        @Test
        void guavaRetrying() {
            assertThat(LINES.get(Contender.GUAVA_RETRYING)).isEmpty();
        }
    }
}
