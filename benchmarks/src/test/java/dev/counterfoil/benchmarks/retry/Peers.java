package dev.counterfoil.benchmarks.retry;

import com.github.rholder.retry.Attempt;
import com.github.rholder.retry.Retryer;
import com.github.rholder.retry.RetryerBuilder;
import com.github.rholder.retry.StopStrategies;
import dev.counterfoil.retry.Retry;
import dev.counterfoil.retry.RetryPolicy;
import dev.counterfoil.retry.RetryRuntime;
import dev.failsafe.RetryPolicyBuilder;
import io.github.resilience4j.retry.RetryConfig;
import io.github.resilience4j.retry.internal.RetryImpl;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.springframework.core.retry.RetryTemplate;

/** The libraries, as the rows of the comparison need them: three attempts, and waits that do not last. */
final class Peers {
    private Peers() {}

    static Retry counterfoil(RetryPolicy policy) {
        return Retry.named("row", policy, RetryRuntime.system().withSleeper(nanos -> {}));
    }

    /** Three attempts; the sleeper is one for the whole JVM. */
    static io.github.resilience4j.retry.Retry resilience4j() {
        RetryImpl.setSleepFunction(millis -> {});
        return io.github.resilience4j.retry.Retry.of("row", RetryConfig.ofDefaults());
    }

    static io.github.resilience4j.retry.Retry resilience4jThatSleeps() {
        RetryImpl.setSleepFunction(Thread::sleep);
        return io.github.resilience4j.retry.Retry.of("row", RetryConfig.ofDefaults());
    }

    static RetryPolicyBuilder<String> failsafe() {
        return dev.failsafe.RetryPolicy.builder();
    }

    static String failsafe(RetryPolicyBuilder<String> policy, Script script) {
        return dev.failsafe.Failsafe.with(policy.build()).get(script::call);
    }

    static org.springframework.core.retry.RetryPolicy.Builder springCorePolicy() {
        return org.springframework.core.retry.RetryPolicy.builder()
                .maxRetries(2)
                .delay(Duration.ZERO);
    }

    static RetryTemplate springCore() {
        return new RetryTemplate(springCorePolicy().build());
    }

    /** Three attempts, no wait. */
    static org.springframework.retry.support.RetryTemplate springRetry() {
        return new org.springframework.retry.support.RetryTemplate();
    }

    static RetryerBuilder<String> guavaRetrying() {
        return RetryerBuilder.<String>newBuilder()
                .retryIfException()
                .withStopStrategy(StopStrategies.stopAfterAttempt(3))
                .withBlockStrategy(millis -> {});
    }

    static Retryer<String> guavaRetryer() {
        return guavaRetrying().build();
    }

    /** The failed attempt of that number, as guava-retrying hands it to its strategies. */
    static Attempt<String> guavaAttempt(long number, Throwable failure) {
        return new Attempt<>() {
            @Override
            public String get() {
                throw new UnsupportedOperationException();
            }

            @Override
            public boolean hasResult() {
                return false;
            }

            @Override
            public boolean hasException() {
                return true;
            }

            @Override
            public String getResult() {
                throw new IllegalStateException();
            }

            @Override
            public Throwable getExceptionCause() {
                return failure;
            }

            @Override
            public long getAttemptNumber() {
                return number;
            }

            @Override
            public long getDelaySinceFirstAttempt() {
                return 0;
            }
        };
    }

    /** The methods of a class that give something to wait for or to cancel. */
    static List<Method> asynchronous(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .filter(method -> Future.class.isAssignableFrom(method.getReturnType())
                        || CompletionStage.class.isAssignableFrom(method.getReturnType()))
                .toList();
    }
}
