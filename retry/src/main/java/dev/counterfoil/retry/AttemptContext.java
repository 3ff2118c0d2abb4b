package dev.counterfoil.retry;

import java.time.Duration;
import java.util.Optional;

/** What one attempt is told; it outlives the attempt unchanged. */
record AttemptContext(Retry retry, int attempt, long startNanos) implements RetryContext {

    @Override
    public Duration elapsed() {
        return Duration.ofNanos(elapsedNanos());
    }

    @Override
    public Optional<Duration> remaining() {
        return retry.hasDeadline()
                ? Optional.of(Duration.ofNanos(retry.remainingNanos(elapsedNanos())))
                : Optional.empty();
    }

    private long elapsedNanos() {
        return Math.max(0, retry.now() - startNanos);
    }
}
