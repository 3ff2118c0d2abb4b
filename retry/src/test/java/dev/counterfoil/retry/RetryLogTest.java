package dev.counterfoil.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetryLogTest {

    private final World world = new World();
    private final RetryPolicy policy = RetryPolicy.defaults().withBackOff(BackOff.constant(Duration.ofMillis(100)));

    private List<String> logged(RetryPolicy logging, Throwable... failures) {
        return RecordedLog.during(() -> world.retry(logging).execute(new Script(failures))).stream()
                .peek(line -> assertThat(line.thrown()).isNull())
                .map(line -> line.level() + " " + line.message())
                .toList();
    }

    @Test
    void aSuccessAtTheFirstAttemptLogsNothing() {
        assertThat(logged(policy)).isEmpty();
    }

    @Test
    void retriesAreLoggedAtDebugAndTheSuccessAtInfo() {
        assertThat(logged(policy, new IOException("a"), new IOException("b")))
                .containsExactly(
                        "DEBUG transfer: attempt 1 of 3 failed with java.io.IOException: a: RETRY, the next in 100 ms",
                        "DEBUG transfer: attempt 2 of 3 failed with java.io.IOException: b: RETRY, the next in 100 ms",
                        "INFO transfer: succeeded after 3 attempts and 200 ms");
    }

    @Test
    void exhaustionIsLoggedOnceAtWarn() {
        assertThat(logged(policy.withMaxAttempts(2), new IOException("a"), new IOException("b")))
                .containsExactly(
                        "DEBUG transfer: attempt 1 of 2 failed with java.io.IOException: a: RETRY, the next in 100 ms",
                        "WARN transfer: given up after attempt 2 of 2 and 100 ms (ATTEMPTS); it failed with"
                                + " java.io.IOException: b: RETRY, the next would be in 0 ms");
        assertThat(logged(policy.withUnlimitedAttempts().withDeadline(Duration.ofMillis(50)), new IOException("a")))
                .containsExactly(
                        "WARN transfer: given up after attempt 1 of unlimited and 0 ms (DEADLINE); it failed with"
                                + " java.io.IOException: a: RETRY, the next would be in 100 ms");
    }

    @Test
    void aFinalFailureIsLoggedAtDebug() {
        assertThat(logged(policy, new IllegalStateException("a")))
                .containsExactly("DEBUG transfer: attempt 1 of 3 failed with java.lang.IllegalStateException: a and is"
                        + " the last: FAIL");
    }

    @Test
    void aBrokenPolicyIsLoggedAtWarnWithItsStackTrace() {
        IllegalStateException broken = new IllegalStateException();
        List<RecordedLog.Line> lines = RecordedLog.during(() -> world.retry(policy.withClassifier(failure -> {
                    throw broken;
                }))
                .execute(new Script(new IOException())));
        assertThat(lines.get(0).message()).isEqualTo("transfer: the classifier threw");
        assertThat(lines.get(0).thrown()).isSameAs(broken);
        lines = RecordedLog.during(() -> world.retry(policy.withBackOff((failures, previous, random) -> {
                    throw broken;
                }))
                .execute(new Script(new IOException())));
        assertThat(lines.get(0).message()).isEqualTo("transfer: the back-off threw");
    }

    @Test
    void withTheLogOffNothingIsWrittenAndListenersAreStillTold() throws Exception {
        List<Duration> told = new ArrayList<>();
        RetryPolicy listening = policy.withListener(new RetryListener() {
            @Override
            public void succeededAfterRetries(String operation, int attempts, Duration elapsed) {
                told.add(elapsed);
            }
        });
        List<RecordedLog.Line> lines = RecordedLog.during(() -> {
            RecordedLog.silently(() -> world.retry(listening).execute(new Script(new IOException())));
            RecordedLog.silently(() -> world.retry(policy.withMaxAttempts(1)).execute(new Script(new IOException())));
            return null;
        });
        assertThat(lines).isEmpty();
        assertThat(told).containsExactly(Duration.ofMillis(100));
    }

    @Test
    void aSuccessThatNobodyIsToldOfReadsNoClock() throws Exception {
        List<Long> reads = new ArrayList<>();
        Retry retry = Retry.named("transfer", policy, world.runtime().withNanoClock(() -> {
            reads.add(0L);
            return 0;
        }));
        RecordedLog.silently(() -> retry.execute(new Script(new IOException())));
        // The one is the failure's.
        assertThat(reads).hasSize(1);
    }

    @Test
    void aBrokenAppenderChangesNothing() throws Exception {
        Retry retry = Retry.named("broken appender", policy, world.runtime());
        assertThat(retry.execute(new Script(new IOException()))).isEqualTo("done");
        IllegalStateException failure = new IllegalStateException();
        assertThat(catchThrowable(() -> retry.execute(new Script(failure)))).isSameAs(failure);
    }
}
