package dev.counterfoil.benchmarks.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.github.rholder.retry.RetryException;
import com.github.rholder.retry.RetryerBuilder;
import com.github.rholder.retry.StopStrategies;
import dev.counterfoil.retry.Classifier;
import dev.counterfoil.retry.Retry;
import dev.counterfoil.retry.RetryBudget;
import dev.counterfoil.retry.RetryPolicy;
import dev.counterfoil.retry.Verdict;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.FailsafeExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.core.retry.RetryTemplate;

/** What gets another attempt: a nested class a row, a method a library, of the table in {@code docs/retry.md}. */
class WhatIsRetriedTest {

    @AfterEach
    void leaveNoInterrupt() {
        Thread.interrupted();
    }

    @Nested
    @DisplayName("Retried by default")
    class Defaults {
        private final Script unavailable = new Script(new IOException());
        private final Script mistake = new Script(new IllegalStateException());

        @Test
        void counterfoil() {
            Retry retry = Peers.counterfoil(RetryPolicy.defaults());
            assertThat(catchThrowable(() -> retry.execute(unavailable::call))).isNotNull();
            assertThat(catchThrowable(() -> retry.execute(mistake::call))).isNotNull();
            assertThat(unavailable.attempts()).isEqualTo(3);
            assertThat(mistake.attempts()).isEqualTo(1);
        }

        @Test
        void resilience4j() {
            assertThat(catchThrowable(() -> Peers.resilience4j().executeCallable(mistake)))
                    .isNotNull();
            assertThat(mistake.attempts()).isEqualTo(3);
        }

        @Test
        void failsafe() {
            assertThat(catchThrowable(() -> Peers.failsafe(Peers.failsafe(), mistake)))
                    .isNotNull();
            assertThat(mistake.attempts()).isEqualTo(3);
        }

        @Test
        void springCore() {
            // One second each by default: too long for a test.
            RetryTemplate template = new RetryTemplate(org.springframework.core.retry.RetryPolicy.builder()
                    .delay(Duration.ZERO)
                    .build());
            assertThat(catchThrowable(() -> template.execute(mistake::call))).isNotNull();
            assertThat(mistake.attempts()).isEqualTo(4);
        }

        @Test
        void springRetry() {
            assertThat(catchThrowable(() -> Peers.springRetry().execute(context -> mistake.call())))
                    .isNotNull();
            assertThat(mistake.attempts()).isEqualTo(3);
        }

        @Test
        void guavaRetrying() {
            assertThat(catchThrowable(
                            () -> RetryerBuilder.<String>newBuilder().build().call(unavailable)))
                    .isNotNull();
            assertThat(unavailable.attempts()).isEqualTo(1);
        }
    }

    @Nested
    @DisplayName("An `Error`")
    class Errors {
        private final AssertionError error = new AssertionError();
        private final Script script = new Script(error);

        @Test
        void counterfoil() {
            Retry retry = Peers.counterfoil(
                    RetryPolicy.defaults().withClassifier(Classifier.never().when(Error.class, Verdict.RETRY)));
            assertThatThrownBy(() -> retry.execute(script::call)).isSameAs(error);
            assertThat(script.attempts()).isEqualTo(1);
        }

        @Test
        void resilience4j() {
            assertThatThrownBy(() -> Peers.resilience4j().executeCallable(script))
                    .isSameAs(error);
            assertThat(script.attempts()).isEqualTo(1);
        }

        @Test
        void failsafe() {
            assertThatThrownBy(() -> Peers.failsafe(Peers.failsafe(), script)).isSameAs(error);
            assertThat(script.attempts()).isEqualTo(3);
        }

        @Test
        void springCore() {
            assertThatThrownBy(() -> Peers.springCore().execute(script::call)).hasCause(error);
            assertThat(script.attempts()).isEqualTo(3);
        }

        @Test
        void springRetry() {
            assertThatThrownBy(() -> Peers.springRetry().execute(context -> script.call()))
                    .isSameAs(error);
            assertThat(script.attempts()).isEqualTo(1);
        }

        @Test
        void guavaRetrying() {
            assertThatThrownBy(() -> Peers.guavaRetryer().call(script))
                    .isInstanceOf(ExecutionException.class)
                    .hasCause(error);
            assertThat(script.attempts()).isEqualTo(1);
        }
    }

    @Nested
    @DisplayName("An `InterruptedException` of the operation")
    class Interruptions {
        private final InterruptedException interruption = new InterruptedException();
        private final Script script = new Script(interruption);

        @Test
        void counterfoil() {
            Retry retry = Peers.counterfoil(RetryPolicy.retryAllExcept());
            assertThatThrownBy(() -> retry.execute(script::call)).isSameAs(interruption);
            assertThat(script.attempts()).isEqualTo(1);
            assertThat(Thread.interrupted()).isTrue();
        }

        @Test
        void resilience4j() {
            assertThatThrownBy(() -> Peers.resilience4j().executeCallable(script))
                    .isSameAs(interruption);
            assertThat(script.attempts()).isEqualTo(3);
            assertThat(Thread.interrupted()).isFalse();
        }

        @Test
        void failsafe() {
            assertThatThrownBy(() -> Peers.failsafe(Peers.failsafe(), script))
                    .isInstanceOf(FailsafeException.class)
                    .hasCauseInstanceOf(InterruptedException.class);
            // It is the wait that ends it, even one of no time.
            assertThat(script.attempts()).isEqualTo(1);
            assertThat(Thread.interrupted()).isTrue();
        }

        @Test
        void springCore() {
            assertThatThrownBy(() -> Peers.springCore().execute(script::call)).hasCause(interruption);
            assertThat(script.attempts()).isEqualTo(3);
            assertThat(Thread.interrupted()).isFalse();
        }

        @Test
        void springRetry() {
            assertThatThrownBy(() -> Peers.springRetry().execute(context -> script.call()))
                    .isSameAs(interruption);
            assertThat(script.attempts()).isEqualTo(3);
            assertThat(Thread.interrupted()).isFalse();
        }

        @Test
        void guavaRetrying() {
            assertThatThrownBy(() -> Peers.guavaRetryer().call(script))
                    .isInstanceOf(RetryException.class)
                    .hasCause(interruption);
            assertThat(script.attempts()).isEqualTo(3);
            assertThat(Thread.interrupted()).isFalse();
        }
    }

    @Nested
    @DisplayName("Attempts of a call with three inside a call with three")
    class Nesting {
        private final Script script = new Script(new UncheckedIOException(new IOException()));

        @Test
        void counterfoil() {
            Retry retry = Peers.counterfoil(RetryPolicy.retryAllExcept());
            assertThat(catchThrowable(() -> retry.execute(() -> retry.execute(script::call))))
                    .isNotNull();
            assertThat(script.attempts()).isEqualTo(3);
        }

        @Test
        void resilience4j() {
            var retry = Peers.resilience4j();
            assertThat(catchThrowable(() -> retry.executeCallable(() -> retry.executeCallable(script))))
                    .isNotNull();
            assertThat(script.attempts()).isEqualTo(9);
        }

        @Test
        void failsafe() {
            FailsafeExecutor<String> executor = Failsafe.with(Peers.failsafe().build());
            assertThat(catchThrowable(() -> executor.get(() -> executor.get(script::call))))
                    .isNotNull();
            assertThat(script.attempts()).isEqualTo(9);
        }

        @Test
        void springCore() {
            // Though it names a class: causes are looked at.
            RetryTemplate template = new RetryTemplate(Peers.springCorePolicy()
                    .includes(UncheckedIOException.class)
                    .build());
            assertThat(catchThrowable(() -> template.execute(() -> template.execute(script::call))))
                    .isNotNull();
            assertThat(script.attempts()).isEqualTo(9);
        }

        @Test
        void springRetry() {
            var template = Peers.springRetry();
            assertThat(catchThrowable(() -> template.execute(outer -> template.execute(inner -> script.call()))))
                    .isNotNull();
            assertThat(script.attempts()).isEqualTo(9);
        }

        @Test
        void guavaRetrying() {
            var all = Peers.guavaRetryer();
            assertThat(catchThrowable(() -> all.call(() -> all.call(script)))).isNotNull();
            assertThat(script.attempts()).isEqualTo(9);

            Script other = new Script(new UncheckedIOException(new IOException()));
            var named = RetryerBuilder.<String>newBuilder()
                    .retryIfExceptionOfType(UncheckedIOException.class)
                    .withStopStrategy(StopStrategies.stopAfterAttempt(3))
                    .build();
            assertThat(catchThrowable(() -> named.call(() -> named.call(other))))
                    .isNotNull();
            assertThat(other.attempts()).isEqualTo(3);
        }
    }

    @Nested
    @DisplayName("Attempts of 100 calls in a row that all fail")
    class Budgets {
        private static final int CALLS = 100;

        private final Script script = new Script(new IOException());

        private int attempts(ThrowingCallable call) {
            for (int i = 0; i < CALLS; i++) {
                assertThat(catchThrowable(call)).isNotNull();
            }
            return script.attempts();
        }

        @Test
        void counterfoil() {
            Retry unbounded = Peers.counterfoil(RetryPolicy.defaults());
            assertThat(attempts(() -> unbounded.execute(script::call))).isEqualTo(300);
            Retry retry = Peers.counterfoil(RetryPolicy.defaults().withBudget(RetryBudget.of(10, 10)));
            assertThat(attempts(() -> retry.execute(script::call))).isEqualTo(300 + 110);
        }

        @Test
        void resilience4j() {
            var retry = Peers.resilience4j();
            assertThat(attempts(() -> retry.executeCallable(script))).isEqualTo(300);
        }

        @Test
        void failsafe() {
            FailsafeExecutor<String> executor = Failsafe.with(Peers.failsafe().build());
            assertThat(attempts(() -> executor.get(script::call))).isEqualTo(300);
        }

        @Test
        void springCore() {
            RetryTemplate template = Peers.springCore();
            assertThat(attempts(() -> template.execute(script::call))).isEqualTo(300);
        }

        @Test
        void springRetry() {
            var template = Peers.springRetry();
            assertThat(attempts(() -> template.execute(context -> script.call())))
                    .isEqualTo(300);
        }

        @Test
        void guavaRetrying() {
            var retryer = Peers.guavaRetryer();
            assertThat(attempts(() -> retryer.call(script))).isEqualTo(300);
        }
    }
}
