package dev.counterfoil.retry;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One asynchronous execution. Attempts and waits follow one another; the only race is with the completion of the result
 * from outside, and both sides are safe because each writes first and then reads: an attempt or a timer is put into
 * {@link #inFlight} before the result is looked at, and the result is complete before {@link #inFlight} is.
 */
final class AsyncExecution<T extends @Nullable Object> {

    /** Stands in {@link #inFlight} while a timer is being set. */
    private static final Object SCHEDULING = new Object();

    private final Retry retry;
    private final ScheduledExecutorService scheduler;
    private final Function<? super RetryContext, ? extends CompletionStage<T>> operation;
    private final Execution execution;
    private final CompletableFuture<T> result = new CompletableFuture<>();

    /** The stage of the attempt that runs, or the timer of the next. */
    private final AtomicReference<@Nullable Object> inFlight = new AtomicReference<>();

    AsyncExecution(
            Retry retry,
            ScheduledExecutorService scheduler,
            Function<? super RetryContext, ? extends CompletionStage<T>> operation) {
        this.retry = retry;
        this.scheduler = scheduler;
        this.operation = operation;
        this.execution = new Execution(retry, true, retry.now(), false);
    }

    CompletableFuture<T> begin() {
        var unused = result.whenComplete((value, failure) -> stop());
        attempt();
        return result;
    }

    private void attempt() {
        if (result.isDone()) {
            return;
        }
        CompletionStage<T> stage;
        try {
            stage = operation.apply(execution.context());
        } catch (Throwable thrown) {
            settled(null, thrown);
            return;
        }
        if (stage == null) {
            // A mistake in the program: no attempt will mend it.
            result.completeExceptionally(new NullPointerException(retry.name() + ": the operation returned no stage"));
            return;
        }
        inFlight.set(stage);
        if (result.isDone()) {
            stop();
        }
        try {
            var unused = stage.whenComplete(this::settled);
        } catch (Throwable thrown) {
            settled(null, thrown);
        }
    }

    /** An attempt has ended. */
    private void settled(@Nullable T value, @Nullable Throwable thrown) {
        if (result.isDone()) {
            return;
        }
        try {
            Throwable failure = thrown == null ? retry.settle(value) : unwrapped(thrown);
            if (failure == null) {
                execution.succeeded();
                result.complete(value);
            } else {
                failed(failure);
            }
        } catch (Throwable broken) {
            // A classifier of results, or anything else that must not leave the future open.
            result.completeExceptionally(broken);
        }
    }

    private void failed(Throwable failure) {
        Throwable end = execution.failed(failure);
        if (end != null) {
            result.completeExceptionally(end);
            return;
        }
        inFlight.set(SCHEDULING);
        Future<?> timer;
        try {
            timer = scheduler.schedule(this::awake, execution.delayNanos(), TimeUnit.NANOSECONDS);
        } catch (RuntimeException rejection) {
            result.completeExceptionally(execution.refused(rejection));
            return;
        }
        // Unless the next attempt is there already.
        if (inFlight.compareAndSet(SCHEDULING, timer) && result.isDone()) {
            stop();
        }
    }

    private void awake() {
        if (result.isDone()) {
            return;
        }
        try {
            Throwable end = execution.awake();
            if (end != null) {
                result.completeExceptionally(end);
            } else {
                attempt();
            }
        } catch (Throwable broken) {
            result.completeExceptionally(broken);
        }
    }

    private void stop() {
        Object current = inFlight.get();
        if (current instanceof CompletionStage<?> stage) {
            try {
                stage.toCompletableFuture().cancel(true);
            } catch (RuntimeException notCancellable) {
                // Then it runs on, and nobody looks at it.
            }
        } else if (current instanceof Future<?> timer) {
            // Without an interrupt: it may be this very thread that runs the timer's task.
            timer.cancel(false);
        }
    }

    /** What a stage failed with, without the wrapper that stages put around it. */
    private static Throwable unwrapped(Throwable thrown) {
        Throwable cause = thrown.getCause();
        return thrown instanceof CompletionException && cause != null ? cause : thrown;
    }
}
