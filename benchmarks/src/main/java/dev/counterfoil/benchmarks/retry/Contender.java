package dev.counterfoil.benchmarks.retry;

import com.github.rholder.retry.Retryer;
import com.github.rholder.retry.RetryerBuilder;
import com.github.rholder.retry.StopStrategies;
import com.github.rholder.retry.WaitStrategies;
import dev.counterfoil.retry.Retry;
import dev.counterfoil.retry.RetryPolicy;
import dev.counterfoil.retry.RetryRuntime;
import dev.counterfoil.retry.ThrowingSupplier;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeExecutor;
import dev.failsafe.function.CheckedSupplier;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.RetryConfig;
import io.github.resilience4j.retry.internal.RetryImpl;
import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.core.retry.Retryable;
import org.springframework.retry.RetryCallback;
import org.springframework.retry.backoff.ExponentialRandomBackOffPolicy;
import org.springframework.retry.policy.SimpleRetryPolicy;
import org.springframework.retry.support.RetryTemplate;

/**
 * The ways to retry that are compared, each as its documentation says and configured alike: three attempts in all, waits of
 * 100 ms doubling up to 5 s with a jitter of ±10 %, {@link IOException} and {@link TimeoutException} retried. Nobody waits:
 * where a library takes a sleeper it gets one that returns at once, where not it gets its shortest wait.
 */
public enum Contender {
    /** By hand: a try, and a loop after the first failure that neither waits nor keeps anything. */
    PLAIN("plain try/catch and loop") {
        @Override
        Guard guard() {
            return operation -> () -> {
                try {
                    return operation.attempt();
                } catch (IOException first) {
                    return again(operation);
                }
            };
        }

        private static String again(Operation operation) throws IOException {
            for (int attempt = 2; ; attempt++) {
                try {
                    return operation.attempt();
                } catch (IOException failure) {
                    if (attempt == 3) {
                        throw failure;
                    }
                }
            }
        }
    },

    /** This library, as it is by default. */
    COUNTERFOIL("Counterfoil") {
        @Override
        Guard guard() {
            Retry retry = Retry.named(
                    "benchmark", RetryPolicy.defaults(), RetryRuntime.system().withSleeper(nanos -> {}));
            return operation -> {
                ThrowingSupplier<String, IOException> supplier = operation::attempt;
                return () -> retry.execute(supplier);
            };
        }
    },

    /** resilience4j-retry. Its sleeper is one for the whole JVM. */
    RESILIENCE4J("resilience4j-retry") {
        @Override
        Guard guard() {
            RetryImpl.setSleepFunction(millis -> {});
            io.github.resilience4j.retry.Retry retry = io.github.resilience4j.retry.Retry.of(
                    "benchmark",
                    RetryConfig.custom()
                            .maxAttempts(3)
                            .intervalFunction(IntervalFunction.ofExponentialRandomBackoff(100, 2.0, 0.1, 5_000))
                            .retryExceptions(IOException.class, TimeoutException.class)
                            .build());
            return operation ->
                    io.github.resilience4j.retry.Retry.decorateCheckedSupplier(retry, operation::attempt)::get;
        }
    },

    /** Failsafe. It sleeps whole milliseconds by itself: with waits of nanoseconds it calls {@code Thread.sleep(0)}. */
    FAILSAFE("Failsafe") {
        @Override
        Guard guard() {
            FailsafeExecutor<String> executor = Failsafe.with(dev.failsafe.RetryPolicy.<String>builder()
                    .handle(IOException.class, TimeoutException.class)
                    .withMaxAttempts(3)
                    .withBackoff(100, 5_000, ChronoUnit.NANOS, 2.0)
                    .withJitter(0.1)
                    .build());
            return operation -> {
                CheckedSupplier<String> supplier = operation::attempt;
                return () -> executor.get(supplier);
            };
        }
    },

    /** Spring's core retry. It sleeps by itself: without a delay it calls {@code Thread.sleep(0)}, and draws no jitter. */
    SPRING_CORE("Spring core retry") {
        @Override
        Guard guard() {
            org.springframework.core.retry.RetryTemplate template = new org.springframework.core.retry.RetryTemplate(
                    org.springframework.core.retry.RetryPolicy.builder()
                            .includes(IOException.class, TimeoutException.class)
                            .maxRetries(2)
                            .delay(Duration.ZERO)
                            .multiplier(2)
                            .maxDelay(Duration.ofSeconds(5))
                            .build());
            return operation -> {
                Retryable<String> retryable = operation::attempt;
                return () -> template.execute(retryable);
            };
        }
    },

    /** spring-retry. Its jitter is between nothing and the multiplier. */
    SPRING_RETRY("spring-retry") {
        @Override
        Guard guard() {
            ExponentialRandomBackOffPolicy backOff = new ExponentialRandomBackOffPolicy();
            backOff.setInitialInterval(100);
            backOff.setMultiplier(2);
            backOff.setMaxInterval(5_000);
            backOff.setSleeper(millis -> {});
            RetryTemplate template = new RetryTemplate();
            template.setRetryPolicy(
                    new SimpleRetryPolicy(3, Map.of(IOException.class, true, TimeoutException.class, true)));
            template.setBackOffPolicy(backOff);
            return operation -> {
                RetryCallback<String, IOException> callback = context -> operation.attempt();
                return () -> template.execute(callback);
            };
        }
    },

    /** guava-retrying. Its jitter is what another wait adds: 0 to 20 ms. */
    GUAVA_RETRYING("guava-retrying") {
        @Override
        Guard guard() {
            Retryer<String> retryer = RetryerBuilder.<String>newBuilder()
                    .retryIfExceptionOfType(IOException.class)
                    .retryIfExceptionOfType(TimeoutException.class)
                    .withStopStrategy(StopStrategies.stopAfterAttempt(3))
                    .withWaitStrategy(WaitStrategies.join(
                            WaitStrategies.exponentialWait(50, 5, TimeUnit.SECONDS),
                            WaitStrategies.randomWait(20, TimeUnit.MILLISECONDS)))
                    .withBlockStrategy(millis -> {})
                    .build();
            return operation -> {
                Callable<String> callable = operation::attempt;
                return () -> retryer.call(callable);
            };
        }
    };

    private final String label;

    Contender(String label) {
        this.label = label;
    }

    /** What it is called. */
    String label() {
        return label;
    }

    /** Configures the library: what is shared by all threads. */
    abstract Guard guard();

    /** A configured library. */
    interface Guard {
        /** Prepares the call of an operation, so that a call need not wrap it each time. */
        Call around(Operation operation);
    }

    /** A call that makes up to three attempts. */
    interface Call {
        /** Calls the operation by way of the library. */
        String run() throws Throwable;
    }
}
