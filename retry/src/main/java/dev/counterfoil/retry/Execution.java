package dev.counterfoil.retry;

import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The state of one execution after its first failure: decides what follows a failure, and tells log and listeners.
 * Confined to one thread at a time.
 */
final class Execution {

    /** How many failed attempts are kept, the latest, so that an unlimited retry does not fill the memory. */
    private static final int KEPT = 100;

    private final Retry retry;
    private final RetryPolicy policy;
    private final boolean blocking;
    private boolean timed;
    private long startNanos;
    private int attempt = 1;
    private long delayNanos;
    private FailedAttempt[] failures;
    private int kept;

    /** An execution on the calling thread; if it is not timed, its start is its first failure. */
    Execution(Retry retry, boolean timed, long startNanos) {
        this(retry, timed, startNanos, true);
    }

    Execution(Retry retry, boolean timed, long startNanos, boolean blocking) {
        this.retry = retry;
        this.policy = retry.policy();
        this.timed = timed;
        this.startNanos = startNanos;
        this.blocking = blocking;
        this.failures = new FailedAttempt[Math.min(policy.maxAttempts(), 4)];
    }

    /** Waits and tries again until the end, on this thread. */
    <T extends @Nullable Object, E extends Throwable> T goOn(
            Throwable firstFailure, ThrowingFunction<Execution, T, E> operation) throws E {
        Throwable failure = firstFailure;
        while (true) {
            Throwable end = failed(failure);
            if (end == null) {
                end = sleep();
            }
            if (end != null) {
                throw Execution.<E>unchecked(end);
            }
            T result;
            try {
                result = operation.apply(this);
            } catch (Throwable thrown) {
                failure = thrown;
                continue;
            }
            Throwable refusal = retry.settle(result);
            if (refusal == null) {
                succeeded();
                return result;
            }
            failure = refusal;
        }
    }

    /** Every throwable that ends an execution came out of the operation as E, or is unchecked. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> E unchecked(Throwable end) {
        return (E) end;
    }

    RetryContext context() {
        return new AttemptContext(retry, attempt, startNanos);
    }

    /** The wait before the next attempt. */
    long delayNanos() {
        return delayNanos;
    }

    /** Judges a failure: returns null if another attempt is to follow after {@link #delayNanos()}, or what to throw. */
    @Nullable
    Throwable failed(Throwable failure) {
        if (failure instanceof Error) {
            return withEarlierSuppressed(failure);
        }
        long elapsedNanos = elapsedNanos();
        Verdict verdict = verdictOn(failure);
        StopReason stop = null;
        long delay = 0;
        if (isRetry(verdict)) {
            stop = stopBeforeDelay();
            if (stop == null) {
                try {
                    delay = delayAfter(verdict);
                    stop = stopBecauseOf(delay, elapsedNanos);
                } catch (Throwable broken) {
                    verdict = broken("back-off", broken, failure);
                }
            }
        }
        delayNanos = delay;
        FailedAttempt failed = new FailedAttempt(attempt, elapsedNanos, failure, verdict, delay);
        tell(failed, RetryListener::attemptFailed);
        if (!isRetry(verdict)) {
            if (blocking && failure instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            return withEarlierSuppressed(failure);
        }
        keep(failed);
        if (stop != null) {
            return exhausted(stop);
        }
        tell(failed, RetryListener::retryScheduled);
        return null;
    }

    private Verdict verdictOn(Throwable failure) {
        try {
            if (Rules.isFinal(failure)) {
                return Verdict.FAIL;
            }
            if (failure instanceof UnacceptableResultException refusal) {
                return refusal.verdict();
            }
            return Objects.requireNonNull(policy.classifier().classify(failure), "the classifier returned null");
        } catch (Throwable broken) {
            return broken("classifier", broken, failure);
        }
    }

    private Verdict broken(String part, Throwable broken, Throwable failure) {
        RetryLog.broken(retry.name(), part, broken);
        Rules.suppress(failure, broken);
        return Verdict.FAIL;
    }

    static boolean isRetry(Verdict verdict) {
        return verdict == Verdict.RETRY || verdict instanceof Verdict.RetryAfter;
    }

    private @Nullable StopReason stopBeforeDelay() {
        if (attempt >= policy.maxAttempts()) {
            return StopReason.ATTEMPTS;
        }
        return blocking && Thread.currentThread().isInterrupted() ? StopReason.INTERRUPTED : null;
    }

    private long delayAfter(Verdict verdict) {
        if (verdict instanceof Verdict.RetryAfter after) {
            return Math.min(Nanos.saturated(after.hint()), policy.hintCap().toNanos());
        }
        long delay =
                policy.backOff().delayNanos(attempt, delayNanos, retry.runtime().random());
        if (delay < 0) {
            throw new IllegalStateException("the back-off returned a negative delay: " + delay);
        }
        return delay;
    }

    /** The budget comes last, so that no token is taken for nothing. */
    private @Nullable StopReason stopBecauseOf(long delay, long elapsedNanos) {
        if (retry.hasDeadline() && delay >= retry.remainingNanos(elapsedNanos)) {
            return StopReason.DEADLINE;
        }
        return retry.takeFromBudget() ? null : StopReason.BUDGET;
    }

    private @Nullable Throwable sleep() {
        if (delayNanos > 0) {
            try {
                retry.runtime().sleeper().sleep(delayNanos);
            } catch (InterruptedException interruption) {
                Thread.currentThread().interrupt();
                return exhausted(StopReason.INTERRUPTED);
            } catch (RuntimeException | Error broken) {
                return withEarlierSuppressed(broken);
            }
        }
        return awake();
    }

    /** Begins the next attempt, unless the wait lasted beyond the deadline: returns null, or what to throw. */
    @Nullable
    Throwable awake() {
        if (retry.hasDeadline() && retry.remainingNanos(elapsedNanos()) == 0) {
            return exhausted(StopReason.DEADLINE);
        }
        attempt++;
        return null;
    }

    /** Tells of a success, if it was not the first attempt's. */
    void succeeded() {
        if (attempt > 1) {
            int attempts = attempt;
            tell(
                    Duration.ofNanos(elapsedNanos()),
                    (listener, operation, elapsed) -> listener.succeededAfterRetries(operation, attempts, elapsed));
        }
    }

    /** The end of an execution whose next attempt a scheduler refuses: what to throw. */
    Throwable refused(RuntimeException rejection) {
        Throwable failure = withEarlierSuppressed(failures[kept - 1].failure());
        Rules.suppress(failure, rejection);
        return failure;
    }

    private RetryExhaustedException exhausted(StopReason reason) {
        RetryExhaustedException exhausted = new RetryExhaustedException(
                retry.name(),
                reason,
                attempt,
                Duration.ofNanos(elapsedNanos()),
                kept == failures.length ? failures : Arrays.copyOf(failures, kept));
        tell(exhausted, (listener, operation, it) -> listener.exhausted(it));
        return exhausted;
    }

    private long elapsedNanos() {
        long now = retry.now();
        if (!timed) {
            timed = true;
            startNanos = now;
        }
        return Math.max(0, now - startNanos);
    }

    private void keep(FailedAttempt failed) {
        if (kept == KEPT) {
            System.arraycopy(failures, 1, failures, 0, --kept);
        } else if (kept == failures.length) {
            failures = Arrays.copyOf(failures, Math.min(KEPT, 2 * kept));
        }
        failures[kept++] = failed;
    }

    private Throwable withEarlierSuppressed(Throwable target) {
        for (int i = 0; i < kept; i++) {
            Rules.suppress(target, failures[i].failure());
        }
        return target;
    }

    private <A> void tell(A about, Event<A> event) {
        tell(retry.log(), about, event);
        for (RetryListener listener : policy.listeners()) {
            tell(listener, about, event);
        }
    }

    private <A> void tell(RetryListener listener, A about, Event<A> event) {
        try {
            event.tell(listener, retry.name(), about);
        } catch (Throwable broken) {
            RetryLog.broken(retry.name(), "listener", broken);
        }
    }

    private interface Event<A> {
        void tell(RetryListener listener, String operation, A about);
    }
}
