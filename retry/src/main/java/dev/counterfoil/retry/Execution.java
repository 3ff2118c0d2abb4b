package dev.counterfoil.retry;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The state of one execution after its first failure: decides what follows a failure, and tells log and listeners.
 * Confined to one thread at a time.
 */
final class Execution {

    /** How many failed attempts are kept, the latest, so that an unlimited retry does not fill the memory. */
    private static final int KEPT = 100;

    private static final FailedAttempt[] NONE = {};

    private final Retry retry;
    private final boolean blocking;
    private boolean timed;
    private long startNanos;
    private int attempt = 1;

    /** The last failure after which another attempt could follow. */
    private @Nullable FailedAttempt last;

    /** The failures that are kept, {@link #last} too, oldest first; empty as long as that is the only one. */
    private FailedAttempt[] failures = NONE;

    /** An execution on the calling thread; if it is not timed, its start is its first failure. */
    Execution(Retry retry, boolean timed, long startNanos) {
        this(retry, timed, startNanos, true);
    }

    Execution(Retry retry, boolean timed, long startNanos, boolean blocking) {
        this.retry = retry;
        this.timed = timed;
        this.startNanos = startNanos;
        this.blocking = blocking;
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
        return last == null ? 0 : last.delayNanos();
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
            return exhausted(stop, elapsedNanos);
        }
        tell(failed, RetryListener::retryScheduled);
        return null;
    }

    private Verdict verdictOn(Throwable failure) {
        try {
            Throwable cause = failure.getCause();
            if (Rules.isFinal(failure, cause)) {
                return Verdict.FAIL;
            }
            if (failure instanceof UnacceptableResultException refusal) {
                return refusal.verdict();
            }
            Classifier classifier = retry.policy().classifier();
            Verdict verdict = classifier instanceof Rules.OfChain rules
                    ? rules.classify(failure, cause)
                    : classifier.classify(failure);
            return Objects.requireNonNull(verdict, "the classifier returned null");
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
        if (attempt >= retry.policy().maxAttempts()) {
            return StopReason.ATTEMPTS;
        }
        return blocking && Thread.currentThread().isInterrupted() ? StopReason.INTERRUPTED : null;
    }

    private long delayAfter(Verdict verdict) {
        if (verdict instanceof Verdict.RetryAfter after) {
            return Math.min(
                    Nanos.saturated(after.hint()), retry.policy().hintCap().toNanos());
        }
        long delay = retry.policy()
                .backOff()
                .delayNanos(attempt, delayNanos(), retry.runtime().random());
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
        long delay = delayNanos();
        if (delay > 0) {
            try {
                retry.runtime().sleeper().sleep(delay);
            } catch (InterruptedException interruption) {
                Thread.currentThread().interrupt();
                return exhausted(StopReason.INTERRUPTED, elapsedNanos());
            } catch (RuntimeException | Error broken) {
                return withEarlierSuppressed(broken);
            }
        }
        return awake();
    }

    /** Begins the next attempt, unless the wait lasted beyond the deadline: returns null, or what to throw. */
    @Nullable
    Throwable awake() {
        if (retry.hasDeadline()) {
            long elapsedNanos = elapsedNanos();
            if (retry.remainingNanos(elapsedNanos) == 0) {
                return exhausted(StopReason.DEADLINE, elapsedNanos);
            }
        }
        attempt++;
        return null;
    }

    /** Tells of a success, if it was not the first attempt's. */
    void succeeded() {
        if (attempt > 1
                && (retry.log().tellsOfSuccess() || !retry.policy().listeners().isEmpty())) {
            int attempts = attempt;
            tell(
                    Duration.ofNanos(elapsedNanos()),
                    (listener, operation, elapsed) -> listener.succeededAfterRetries(operation, attempts, elapsed));
        }
    }

    /** The end of an execution whose next attempt a scheduler refuses: what to throw. */
    Throwable refused(RuntimeException rejection) {
        FailedAttempt[] kept = kept();
        Throwable failure = withEarlierSuppressed(kept[kept.length - 1].failure());
        Rules.suppress(failure, rejection);
        return failure;
    }

    private RetryExhaustedException exhausted(StopReason reason, long elapsedNanos) {
        RetryExhaustedException exhausted =
                new RetryExhaustedException(retry.name(), reason, attempt, elapsedNanos, kept());
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

    /** Most executions fail once at most, so the first failure needs no array. */
    private void keep(FailedAttempt failed) {
        if (last != null) {
            int count = keptCount(last);
            if (count == KEPT) {
                System.arraycopy(failures, 1, failures, 0, --count);
            } else if (count >= failures.length) {
                int room = Math.min(KEPT, Math.max(4, 2 * count));
                failures = Arrays.copyOf(failures, Math.min(room, retry.policy().maxAttempts()));
                failures[count - 1] = last;
            }
            failures[count] = failed;
        }
        last = failed;
    }

    private static int keptCount(FailedAttempt last) {
        return Math.min(last.number(), KEPT);
    }

    /** The failures that are kept, oldest first. */
    private FailedAttempt[] kept() {
        if (last == null) {
            return NONE;
        }
        int count = keptCount(last);
        if (count == 1) {
            return new FailedAttempt[] {last};
        }
        return count == failures.length ? failures : Arrays.copyOf(failures, count);
    }

    private Throwable withEarlierSuppressed(Throwable target) {
        for (FailedAttempt earlier : kept()) {
            Rules.suppress(target, earlier.failure());
        }
        return target;
    }

    private <A> void tell(A about, Event<A> event) {
        tell(retry.log(), about, event);
        List<RetryListener> listeners = retry.policy().listeners();
        for (int i = 0; i < listeners.size(); i++) {
            tell(listeners.get(i), about, event);
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
