package dev.counterfoil.retry;

import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of one execution after its first failure: decides what follows a failure, and tells log and listeners.
 * Confined to one thread at a time.
 */
final class Execution {

    private static final Logger LOG = LoggerFactory.getLogger(Retry.class);

    /** How many failed attempts are kept, the latest, so that an unlimited retry does not fill the memory. */
    private static final int KEPT = 100;

    private final Retry retry;
    private final RetryPolicy policy;
    private final boolean blocking;
    private boolean timed;
    private long startNanos;
    private int attempt = 1;
    private long delayNanos;
    private FailedAttempt @Nullable [] failures;
    private int kept;

    /** An execution on the calling thread; untimed, its start is its first failure. */
    Execution(Retry retry, boolean timed, long startNanos) {
        this(retry, timed, startNanos, true);
    }

    Execution(Retry retry, boolean timed, long startNanos, boolean blocking) {
        this.retry = retry;
        this.policy = retry.policy();
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
        return delayNanos;
    }

    /** Judges a failure: returns null if another attempt is to follow after {@link #delayNanos()}, or what to throw. */
    @Nullable
    Throwable failed(Throwable failure) {
        if (failure instanceof Error) {
            suppressEarlierIn(failure);
            return failure;
        }
        long elapsed = elapsedNanos();
        Verdict verdict = verdictOn(failure);
        StopReason stop = null;
        long delay = 0;
        if (isRetry(verdict)) {
            stop = stopBeforeDelay();
            if (stop == null) {
                try {
                    delay = delayAfter(verdict);
                    stop = stopBecauseOf(delay, elapsed);
                } catch (Throwable broken) {
                    verdict = broken("back-off", broken, failure);
                }
            }
        }
        boolean again = stop == null && isRetry(verdict);
        delayNanos = again ? delay : 0;
        FailedAttempt failed = new FailedAttempt(attempt, elapsed, failure, verdict, delayNanos);
        keep(failed);
        tell(listener -> listener.attemptFailed(retry.name(), failed));
        if (stop != null) {
            return exhausted(stop);
        }
        if (again) {
            LOG.debug(
                    "{}: attempt {} of {} failed ({}), the next in {} ms: {}",
                    retry.name(),
                    attempt,
                    maxAttempts(),
                    verdict,
                    millis(delay),
                    failure.toString());
            tell(listener -> listener.retryScheduled(retry.name(), failed));
            return null;
        }
        LOG.debug("{}: attempt {} of {} failed ({}), final", retry.name(), attempt, maxAttempts(), verdict);
        suppressEarlierIn(failure);
        if (blocking && failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        return failure;
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
        LOG.warn("{}: the {} of the policy is broken, so attempt {} was the last", retry.name(), part, attempt, broken);
        Rules.suppress(failure, broken);
        return Verdict.FAIL;
    }

    private static boolean isRetry(Verdict verdict) {
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
    private @Nullable StopReason stopBecauseOf(long delay, long elapsed) {
        Optional<Duration> deadline = policy.deadline();
        if (deadline.isPresent() && delay >= deadline.get().toNanos() - elapsed) {
            return StopReason.DEADLINE;
        }
        Optional<RetryBudget> budget = policy.budget();
        return budget.isEmpty() || budget.get().tryTake() ? null : StopReason.BUDGET;
    }

    private @Nullable Throwable sleep() {
        if (delayNanos > 0) {
            try {
                retry.runtime().sleeper().sleep(delayNanos);
            } catch (InterruptedException interruption) {
                Thread.currentThread().interrupt();
                return exhausted(StopReason.INTERRUPTED);
            }
        }
        return awake();
    }

    /** Begins the next attempt, if the wait did not last beyond the deadline: returns null, or what to throw. */
    @Nullable
    Throwable awake() {
        Optional<Duration> deadline = policy.deadline();
        if (deadline.isPresent() && elapsedNanos() >= deadline.get().toNanos()) {
            return exhausted(StopReason.DEADLINE);
        }
        attempt++;
        return null;
    }

    /** Tells of a success, if it was not the first attempt's. */
    void succeeded() {
        if (attempt > 1) {
            Duration elapsed = Duration.ofNanos(elapsedNanos());
            LOG.info("{}: succeeded after {} attempts and {} ms", retry.name(), attempt, elapsed.toMillis());
            tell(listener -> listener.succeededAfterRetries(retry.name(), attempt, elapsed));
        }
    }

    private RetryExhaustedException exhausted(StopReason reason) {
        FailedAttempt[] all = Arrays.copyOf(Objects.requireNonNull(failures), kept);
        FailedAttempt last = all[kept - 1];
        RetryExhaustedException exhausted =
                new RetryExhaustedException(retry.name(), reason, attempt, Duration.ofNanos(elapsedNanos()), all);
        LOG.warn(
                "{}: given up after attempt {} of {} ({}, last verdict {}, last delay {} ms): {}",
                retry.name(),
                attempt,
                maxAttempts(),
                reason,
                last.verdict(),
                millis(kept > 1 ? all[kept - 2].delayNanos() : 0),
                last.failure().toString());
        tell(listener -> listener.exhausted(exhausted));
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
        if (failures == null) {
            failures = new FailedAttempt[Math.min(policy.maxAttempts(), 4)];
        } else if (kept == KEPT) {
            System.arraycopy(failures, 1, failures, 0, --kept);
        } else if (kept == failures.length) {
            failures = Arrays.copyOf(failures, Math.min(KEPT, 2 * kept));
        }
        failures[kept++] = failed;
    }

    private void suppressEarlierIn(Throwable target) {
        for (int i = 0; failures != null && i < kept; i++) {
            Rules.suppress(target, failures[i].failure());
        }
    }

    private void tell(Consumer<RetryListener> event) {
        for (RetryListener listener : policy.listeners()) {
            try {
                event.accept(listener);
            } catch (Throwable broken) {
                LOG.warn(
                        "{}: the listener {} threw",
                        retry.name(),
                        listener.getClass().getName(),
                        broken);
            }
        }
    }

    private Object maxAttempts() {
        return policy.maxAttempts() == Integer.MAX_VALUE ? "unlimited" : policy.maxAttempts();
    }

    private static long millis(long nanos) {
        return nanos / 1_000_000;
    }

    /** What one attempt is told; it outlives the attempt unchanged. */
    private record AttemptContext(Retry retry, int attempt, long startNanos) implements RetryContext {

        @Override
        public Duration elapsed() {
            return Duration.ofNanos(Math.max(0, retry.now() - startNanos));
        }

        @Override
        public Optional<Duration> remaining() {
            return retry.policy().deadline().map(deadline -> {
                Duration remaining = deadline.minus(elapsed());
                return remaining.isNegative() ? Duration.ZERO : remaining;
            });
        }
    }
}
