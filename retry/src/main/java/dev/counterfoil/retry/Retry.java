package dev.counterfoil.retry;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs operations again, under a name and by a {@link RetryPolicy}, until one attempt succeeds or the policy ends it.
 *
 * <pre>{@code
 * Retry transfer = Retry.named("transfer", RetryPolicy.defaults().withDeadline(Duration.ofSeconds(2)));
 * Receipt receipt = transfer.execute(() -> client.send(order)); // throws what send throws
 * }</pre>
 *
 * <p>What comes out is the result of the first attempt that succeeds, or one of these:
 *
 * <ul>
 *   <li>the failure itself, checked or not, if it must not be retried ({@link Verdict#FAIL}), if it is unknown whether it
 *       took effect ({@link Verdict#AMBIGUOUS}) or if it is an {@link Error}; failures of earlier attempts are added to it
 *       as suppressed;
 *   <li>{@link RetryExhaustedException} if it could have been retried, but there are no more attempts, no more time, no
 *       more budget, or the thread was interrupted.
 * </ul>
 *
 * <p>An interruption, whether it meets the wait or the operation (by an {@link InterruptedException}), leaves the thread's
 * interrupt flag set.
 *
 * <p>Immutable and thread-safe: make one per operation and keep it, or make one per call, which is cheap.
 */
public final class Retry {

    /** The result of an operation that has none: no classifier of results is asked about it. */
    private static final Object NO_RESULT = new Object();

    private final String name;
    private final RetryPolicy policy;
    private final RetryRuntime runtime;
    private final RetryLog log;

    // What the first attempt needs, so that it costs next to nothing.
    private final LongSupplier nanoClock;
    private final boolean timed;
    private final long deadlineNanos;
    private final @Nullable ResultClassifier resultClassifier;
    private final @Nullable RetryBudget budget;

    private Retry(String name, RetryPolicy policy, RetryRuntime runtime) {
        this.name = name;
        this.policy = policy;
        this.runtime = runtime;
        this.nanoClock = runtime.nanoClock();
        this.timed = policy.deadline().isPresent();
        this.deadlineNanos = policy.deadline().map(Duration::toNanos).orElse(0L);
        this.resultClassifier = policy.resultClassifier().orElse(null);
        this.budget = policy.budget().orElse(null);
        this.log = new RetryLog(policy.maxAttempts());
    }

    /**
     * A retry on the {@linkplain RetryRuntime#system() runtime of this JVM}.
     *
     * @param name the name of the operation, for logs, listeners and exceptions; not blank
     * @param policy when to try again
     * @return the retry
     * @throws IllegalArgumentException if the name is blank
     */
    public static Retry named(String name, RetryPolicy policy) {
        return named(name, policy, RetryRuntime.system());
    }

    /**
     * A retry on another runtime.
     *
     * @param name the name of the operation, for logs, listeners and exceptions; not blank
     * @param policy when to try again
     * @param runtime the clock and the like
     * @return the retry
     * @throws IllegalArgumentException if the name is blank
     */
    public static Retry named(String name, RetryPolicy policy, RetryRuntime runtime) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(policy, "policy");
        Objects.requireNonNull(runtime, "runtime");
        if (name.isBlank()) {
            throw new IllegalArgumentException("the name is blank");
        }
        return new Retry(name, policy, runtime);
    }

    /**
     * Executes an operation. A success at the first attempt allocates nothing and, without a deadline, reads no clock.
     *
     * @param <T> the type of the result
     * @param <E> what the operation may throw
     * @param operation makes one attempt; may be called many times
     * @return what the operation returned
     * @throws E the operation's failure, if it must not be retried
     * @throws RetryExhaustedException if it kept failing
     */
    public <T extends @Nullable Object, E extends Throwable> T execute(ThrowingSupplier<T, E> operation) throws E {
        Objects.requireNonNull(operation, "operation");
        long start = timed ? nanoClock.getAsLong() : 0L;
        T result;
        try {
            result = operation.get();
        } catch (Throwable failure) {
            return new Execution(this, timed, start).goOn(failure, execution -> operation.get());
        }
        if (resultClassifier == null && budget == null) {
            return result;
        }
        Throwable refusal = settle(result);
        return refusal == null ? result : new Execution(this, timed, start).goOn(refusal, execution -> operation.get());
    }

    /**
     * Executes an operation that knows its context.
     *
     * @param <T> the type of the result
     * @param <E> what the operation may throw
     * @param operation makes one attempt; may be called many times, each time with a context of its own
     * @return what the operation returned
     * @throws E the operation's failure, if it must not be retried
     * @throws RetryExhaustedException if it kept failing
     */
    public <T extends @Nullable Object, E extends Throwable> T execute(
            ThrowingFunction<? super RetryContext, T, E> operation) throws E {
        Objects.requireNonNull(operation, "operation");
        long start = nanoClock.getAsLong();
        T result;
        try {
            result = operation.apply(new AttemptContext(this, 1, start));
        } catch (Throwable failure) {
            return new Execution(this, true, start).goOn(failure, execution -> operation.apply(execution.context()));
        }
        Throwable refusal = settle(result);
        return refusal == null
                ? result
                : new Execution(this, true, start).goOn(refusal, execution -> operation.apply(execution.context()));
    }

    /**
     * Executes an operation without a result, as {@link #execute(ThrowingSupplier)} does.
     *
     * @param <E> what the operation may throw
     * @param operation makes one attempt; may be called many times
     * @throws E the operation's failure, if it must not be retried
     * @throws RetryExhaustedException if it kept failing
     */
    public <E extends Throwable> void run(ThrowingRunnable<E> operation) throws E {
        Objects.requireNonNull(operation, "operation");
        long start = timed ? nanoClock.getAsLong() : 0L;
        try {
            operation.run();
        } catch (Throwable failure) {
            new Execution(this, timed, start).<Object, E>goOn(failure, execution -> {
                operation.run();
                return NO_RESULT;
            });
            return;
        }
        if (budget != null) {
            budget.succeeded();
        }
    }

    /**
     * Executes an operation without a result that knows its context.
     *
     * @param <E> what the operation may throw
     * @param operation makes one attempt; may be called many times, each time with a context of its own
     * @throws E the operation's failure, if it must not be retried
     * @throws RetryExhaustedException if it kept failing
     */
    public <E extends Throwable> void run(ThrowingConsumer<? super RetryContext, E> operation) throws E {
        Objects.requireNonNull(operation, "operation");
        this.<Object, E>execute(context -> {
            operation.accept(context);
            return NO_RESULT;
        });
    }

    /**
     * Executes an asynchronous operation, on the scheduler of the {@linkplain RetryRuntime#withScheduler runtime}.
     *
     * @param <T> the type of the result
     * @param operation begins one attempt
     * @return what {@link #executeAsync(ScheduledExecutorService, Function)} returns
     * @throws IllegalStateException if the runtime has no scheduler
     */
    public <T extends @Nullable Object> CompletableFuture<T> executeAsync(
            Function<? super RetryContext, ? extends CompletionStage<T>> operation) {
        return executeAsync(
                runtime.scheduler().orElseThrow(() -> new IllegalStateException("the runtime has no scheduler")),
                operation);
    }

    /**
     * Executes an asynchronous operation. The first attempt begins on the calling thread, later ones on the scheduler;
     * no thread waits.
     *
     * <p>The future ends in every case: with the result, with what {@link #execute(ThrowingFunction)} would throw, or, if
     * the scheduler refuses a task, with the last failure. (A scheduler that drops its tasks, as
     * {@link ScheduledExecutorService#shutdownNow()} does, leaves it open.) Cancelling it, or completing it in any other
     * way, stops the timer, cancels the stage of the attempt that runs if it can be cancelled, and lets no other begin.
     *
     * @param <T> the type of the result
     * @param scheduler what runs later attempts
     * @param operation begins one attempt; may be called many times, each time with a context of its own; to throw is to
     *     fail, as it is to complete the stage with an exception
     * @return the future of the result
     */
    public <T extends @Nullable Object> CompletableFuture<T> executeAsync(
            ScheduledExecutorService scheduler,
            Function<? super RetryContext, ? extends CompletionStage<T>> operation) {
        Objects.requireNonNull(scheduler, "scheduler");
        Objects.requireNonNull(operation, "operation");
        return new AsyncExecution<T>(this, scheduler, operation).begin();
    }

    /**
     * The name of the operation.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * When to try again.
     *
     * @return the policy
     */
    public RetryPolicy policy() {
        return policy;
    }

    RetryRuntime runtime() {
        return runtime;
    }

    RetryLog log() {
        return log;
    }

    long now() {
        return nanoClock.getAsLong();
    }

    /** The time that is left after some was used, in nanoseconds; without a deadline there is no end of it. */
    long remainingNanos(long elapsedNanos) {
        return timed ? Math.max(0, deadlineNanos - elapsedNanos) : Long.MAX_VALUE;
    }

    boolean hasDeadline() {
        return timed;
    }

    boolean takeFromBudget() {
        return budget == null || budget.tryTake();
    }

    /** Credits a result to the budget and returns null, or returns the failure that the result is. */
    @Nullable
    Throwable settle(@Nullable Object result) {
        if (resultClassifier != null && result != NO_RESULT) {
            Optional<Verdict> verdict = resultClassifier.classify(result);
            if (verdict.isPresent()) {
                return new UnacceptableResultException(result, verdict.get());
            }
        }
        if (budget != null) {
            budget.succeeded();
        }
        return null;
    }

    @Override
    public String toString() {
        return "Retry[" + name + ", " + policy + "]";
    }
}
