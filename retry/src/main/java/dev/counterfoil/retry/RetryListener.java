package dev.counterfoil.retry;

import java.time.Duration;

/**
 * Is told what becomes of the attempts, for metrics and the like. Nothing is told of an operation that succeeds at its
 * first attempt, nor of an {@link Error}.
 *
 * <p>Called on the thread that runs the operation (or, if it is asynchronous, completes it), so it should be quick.
 * Implementations must be thread-safe. What one throws is logged and otherwise ignored.
 */
public interface RetryListener {

    /**
     * An attempt failed. Called first, whatever follows.
     *
     * @param operation the name of the operation
     * @param attempt the attempt
     */
    default void attemptFailed(String operation, FailedAttempt attempt) {}

    /**
     * Another attempt will follow, after {@link FailedAttempt#delay()}.
     *
     * @param operation the name of the operation
     * @param attempt the attempt that failed
     */
    default void retryScheduled(String operation, FailedAttempt attempt) {}

    /**
     * The operation succeeded at its second attempt or a later one.
     *
     * @param operation the name of the operation
     * @param attempts how many attempts were made, from 2
     * @param elapsed how long it took, as {@link RetryExhaustedException#elapsed()} counts
     */
    default void succeededAfterRetries(String operation, int attempts, Duration elapsed) {}

    /**
     * The operation was given up.
     *
     * @param exhausted what the caller is about to get
     */
    default void exhausted(RetryExhaustedException exhausted) {}
}
