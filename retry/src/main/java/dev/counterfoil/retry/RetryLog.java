package dev.counterfoil.retry;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The first listener of every retry: writes to the log of {@link Retry}, one line an event, without stack traces. */
final class RetryLog implements RetryListener {

    private static final Logger LOG = LoggerFactory.getLogger(Retry.class);

    private final int maxAttempts;

    RetryLog(int maxAttempts) {
        this.maxAttempts = maxAttempts;
    }

    // The failure is never the last argument: there SLF4J would take it for one to print with its stack trace.

    @Override
    public void attemptFailed(String operation, FailedAttempt attempt) {
        if (!Execution.isRetry(attempt.verdict()) && LOG.isDebugEnabled()) {
            LOG.debug(
                    "{}: attempt {} of {} failed with {} and is the last: {}",
                    operation,
                    attempt.number(),
                    attempts(),
                    attempt.failure(),
                    attempt.verdict());
        }
    }

    @Override
    public void retryScheduled(String operation, FailedAttempt attempt) {
        if (LOG.isDebugEnabled()) {
            LOG.debug(
                    "{}: attempt {} of {} failed with {}: {}, the next in {} ms",
                    operation,
                    attempt.number(),
                    attempts(),
                    attempt.failure(),
                    attempt.verdict(),
                    attempt.delay().toMillis());
        }
    }

    /** Whether a success after retries is written down. */
    boolean tellsOfSuccess() {
        return LOG.isInfoEnabled();
    }

    @Override
    public void succeededAfterRetries(String operation, int attempts, Duration elapsed) {
        if (LOG.isInfoEnabled()) {
            LOG.info("{}: succeeded after {} attempts and {} ms", operation, attempts, elapsed.toMillis());
        }
    }

    @Override
    public void exhausted(RetryExhaustedException exhausted) {
        if (!LOG.isWarnEnabled()) {
            return;
        }
        FailedAttempt last = exhausted.failures().get(exhausted.failures().size() - 1);
        LOG.warn(
                "{}: given up after attempt {} of {} and {} ms ({}); it failed with {}: {}, the next would be in {} ms",
                exhausted.operation(),
                exhausted.attempts(),
                attempts(),
                exhausted.elapsed().toMillis(),
                exhausted.reason(),
                last.failure(),
                last.verdict(),
                last.delay().toMillis());
    }

    private Object attempts() {
        return maxAttempts == Integer.MAX_VALUE ? "unlimited" : maxAttempts;
    }

    /** A part of the policy threw. Its stack trace is worth its lines: it is a mistake in the program. */
    static void broken(String operation, String part, Throwable thrown) {
        try {
            LOG.warn("{}: the {} threw", operation, part, thrown);
        } catch (Throwable brokenLog) {
            // Nobody is left to be told.
        }
    }
}
