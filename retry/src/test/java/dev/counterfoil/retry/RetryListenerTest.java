package dev.counterfoil.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class RetryListenerTest {

    private final World world = new World();
    private final List<String> told = new ArrayList<>();
    private final RetryPolicy policy = RetryPolicy.defaults()
            .withBackOff(BackOff.constant(Duration.ofMillis(100)))
            .withListener(new RetryListener() {
                @Override
                public void attemptFailed(String operation, FailedAttempt attempt) {
                    told.add(operation + " failed " + attempt.number() + " " + attempt.verdict());
                }

                @Override
                public void retryScheduled(String operation, FailedAttempt attempt) {
                    told.add(operation + " again in " + attempt.delay().toMillis());
                }

                @Override
                public void succeededAfterRetries(String operation, int attempts, Duration elapsed) {
                    told.add(operation + " succeeded after " + attempts + " in " + elapsed.toMillis());
                }

                @Override
                public void exhausted(RetryExhaustedException exhausted) {
                    told.add(exhausted.operation() + " exhausted by " + exhausted.reason());
                }
            });

    /** Throws wherever it is told anything. */
    private static final class Broken implements RetryListener {
        @Override
        public void attemptFailed(String operation, FailedAttempt attempt) {
            throw new AssertionError("broken");
        }

        @Override
        public void retryScheduled(String operation, FailedAttempt attempt) {
            throw new IllegalStateException("broken");
        }

        @Override
        public void succeededAfterRetries(String operation, int attempts, Duration elapsed) {
            throw new IllegalStateException("broken");
        }

        @Override
        public void exhausted(RetryExhaustedException exhausted) {
            throw new IllegalStateException("broken");
        }
    }

    @Test
    void aSuccessAtTheFirstAttemptIsNotTold() throws Exception {
        world.retry(policy).execute(new Script());
        assertThat(told).isEmpty();
    }

    @Test
    void aSuccessAfterRetriesIsTold() throws Exception {
        world.retry(policy).execute(new Script(new IOException(), new IOException()));
        assertThat(told)
                .containsExactly(
                        "transfer failed 1 RETRY",
                        "transfer again in 100",
                        "transfer failed 2 RETRY",
                        "transfer again in 100",
                        "transfer succeeded after 3 in 200");
    }

    @Test
    void exhaustionIsToldLast() {
        assertThatThrownBy(() -> world.retry(policy.withMaxAttempts(2))
                        .execute(new Script(new IOException(), new IOException())))
                .isInstanceOf(RetryExhaustedException.class);
        assertThat(told)
                .containsExactly(
                        "transfer failed 1 RETRY",
                        "transfer again in 100",
                        "transfer failed 2 RETRY",
                        "transfer exhausted by ATTEMPTS");
    }

    @Test
    void aFinalFailureIsToldAndAnErrorIsNot() {
        assertThatThrownBy(() -> world.retry(policy).execute(new Script(new IllegalStateException())))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> world.retry(policy).execute(new Script(new AssertionError())))
                .isInstanceOf(AssertionError.class);
        assertThat(told).containsExactly("transfer failed 1 FAIL");
    }

    @Test
    void whatEndsAnExecutionWithoutItsClassifierHasTheVerdictFailToo() {
        RetryPolicy broken = policy.withClassifier(failure -> {
            throw new IllegalStateException("broken");
        });
        assertThatThrownBy(() -> world.retry(broken).execute(new Script(new CancellationException())))
                .isInstanceOf(CancellationException.class);
        assertThatThrownBy(() -> world.retry(broken).execute(new Script(new IOException())))
                .isInstanceOf(IOException.class);
        RetryPolicy refusing = policy.withResultClassifier(result -> Optional.of(Verdict.AMBIGUOUS));
        assertThatThrownBy(() -> world.retry(refusing).execute(new Script()))
                .isInstanceOf(UnacceptableResultException.class);
        assertThat(told)
                .containsExactly("transfer failed 1 FAIL", "transfer failed 1 FAIL", "transfer failed 1 AMBIGUOUS");
    }

    @Test
    void aListenerNeedNotListenToEverything() throws Exception {
        RetryPolicy deaf = RetryPolicy.defaults().withListener(new RetryListener() {});
        assertThat(world.retry(deaf).execute(new Script(new IOException()))).isEqualTo("done");
        assertThat(catchThrowable(() -> world.retry(deaf.withMaxAttempts(1)).execute(new Script(new IOException()))))
                .isInstanceOf(RetryExhaustedException.class);
    }

    @Test
    void aBrokenListenerChangesNothingForTheOperationOrForOtherListeners() throws Exception {
        RetryPolicy broken = RetryPolicy.defaults()
                .withBackOff(policy.backOff())
                .withListener(new Broken())
                .withListener(policy.listeners().get(0));
        assertThat(world.retry(broken).execute(new Script(new IOException()))).isEqualTo("done");
        assertThat(told).hasSize(3);
        assertThat(catchThrowable(() -> world.retry(broken.withMaxAttempts(1)).execute(new Script(new IOException()))))
                .isInstanceOf(RetryExhaustedException.class);
        assertThat(told).hasSize(5);
    }

    @Test
    void whatABrokenListenerThrowsIsLogged() {
        List<RecordedLog.Line> lines =
                RecordedLog.during(() -> world.retry(RetryPolicy.defaults().withListener(new Broken()))
                        .execute(new Script(new IllegalStateException())));
        assertThat(lines).hasSize(2);
        assertThat(lines.get(1).message()).isEqualTo("transfer: the listener threw");
        assertThat(lines.get(1).thrown()).isInstanceOf(AssertionError.class);
    }
}
