package dev.counterfoil.retry;

import java.io.Serial;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when an operation kept failing in a way that could be retried until its policy, its deadline, its budget or an
 * interruption ended it. Its cause is the last failure; the earlier ones are suppressed. No other
 * {@link Retry} repeats an operation that failed with it.
 *
 * <p>A stack trace of its own, which would be most of its cost, it has only if its cause may not lead back to the call: if
 * that is a result that was not accepted, or a {@link CompletionException}, which brings another thread's. Otherwise the
 * cause was thrown below the same call and says where it was.
 */
public final class RetryExhaustedException extends RuntimeException implements HasFailureCode {

    @Serial
    private static final long serialVersionUID = 1L;

    /** See {@link #operation()}. */
    private final String operation;

    /** See {@link #reason()}. */
    private final StopReason reason;

    /** See {@link #attempts()}. */
    private final int attempts;

    /** See {@link #elapsed()}. */
    private final long elapsedNanos;

    private final transient FailedAttempt @Nullable [] failures;

    /** Takes the array over; its last element is the failure that ended it all. */
    RetryExhaustedException(
            String operation, StopReason reason, int attempts, long elapsedNanos, FailedAttempt[] failures) {
        super(
                null,
                failures[failures.length - 1].failure(),
                true,
                isFromElsewhere(failures[failures.length - 1].failure()));
        this.operation = operation;
        this.reason = reason;
        this.attempts = attempts;
        this.elapsedNanos = elapsedNanos;
        this.failures = failures;
        // This exception is new, so nothing leads back to it: doubles are all there is to avoid.
        for (int i = 0; i < failures.length - 1; i++) {
            if (!isAmong(failures, i + 1, failures[i].failure())) {
                addSuppressed(failures[i].failure());
            }
        }
    }

    private static boolean isFromElsewhere(Throwable last) {
        return last instanceof UnacceptableResultException || last instanceof CompletionException;
    }

    private static boolean isAmong(FailedAttempt[] failures, int from, Throwable failure) {
        for (int i = from; i < failures.length; i++) {
            if (failures[i].failure() == failure) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String getMessage() {
        return operation + ": given up after " + attempts + (attempts == 1 ? " attempt" : " attempts") + " and "
                + elapsed().toMillis() + " ms (" + reason + ")";
    }

    @Override
    public String failureCode() {
        return FailureCodes.RETRY_EXHAUSTED;
    }

    /**
     * The name of the operation.
     *
     * @return the name given to {@link Retry#named(String, RetryPolicy)}
     */
    public String operation() {
        return operation;
    }

    /**
     * Why no further attempt was made.
     *
     * @return the reason
     */
    public StopReason reason() {
        return reason;
    }

    /**
     * How many attempts were made.
     *
     * @return the number, from 1
     */
    public int attempts() {
        return attempts;
    }

    /**
     * How long it all took, by the monotonic clock. Where neither a deadline nor a context asked for the time when the
     * execution began, the first attempt is not included: the time runs from the first failure.
     *
     * @return the time
     */
    public Duration elapsed() {
        return Duration.ofNanos(elapsedNanos);
    }

    /**
     * What the attempts failed with, oldest first: all of them, or the last 100 if there were more. They are lost when
     * the exception is serialised; its cause and its suppressed exceptions are not.
     *
     * @return the failed attempts, unmodifiable, one at least
     */
    public List<FailedAttempt> failures() {
        return failures == null ? List.of() : List.of(failures);
    }
}
