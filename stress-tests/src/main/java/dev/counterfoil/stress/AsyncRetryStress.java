package dev.counterfoil.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.counterfoil.retry.BackOff;
import dev.counterfoil.retry.Retry;
import dev.counterfoil.retry.RetryContext;
import dev.counterfoil.retry.RetryPolicy;
import dev.counterfoil.retry.Verdict;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * An asynchronous operation is cancelled while its first attempt fails and its second begins.
 *
 * <p>The hazard is the attempt that runs on with nobody to look at it: it begins just as the canceller looks for what to stop.
 *
 * <p>The result is what became of the second attempt.
 */
public final class AsyncRetryStress {
    private AsyncRetryStress() {}

    /** Look whether it is still wanted, then say what runs; the canceller cancels what he is told. */
    @State
    @JCStressTest
    @Outcome(id = "never begun", expect = ACCEPTABLE, desc = "cancelled before")
    @Outcome(id = "stopped", expect = ACCEPTABLE, desc = "it had begun, and was cancelled as well")
    @Outcome(id = "runs on", expect = FORBIDDEN, desc = "nobody stopped it")
    public static class Broken {
        private volatile CompletableFuture<Void> inFlight = new CompletableFuture<>();
        private final CompletableFuture<Void> second = new CompletableFuture<>();
        private volatile boolean cancelled;
        private boolean begun;

        /** The first attempt fails. */
        @Actor
        public void fail() {
            if (!cancelled) {
                begun = true;
                inFlight = second;
            }
        }

        /** Cancels it. */
        @Actor
        public void cancel() {
            cancelled = true;
            inFlight.cancel(true);
        }

        /** Looks. */
        @Arbiter
        public void audit(L_Result r) {
            r.r1 = !begun ? "never begun" : second.isCancelled() ? "stopped" : "runs on";
        }
    }

    /** The same with the retry of the library, which says what runs before it looks. */
    @State
    @JCStressTest
    @Outcome(id = "never begun", expect = ACCEPTABLE, desc = "cancelled before")
    @Outcome(id = "stopped", expect = ACCEPTABLE, desc = "it had begun, and was cancelled as well")
    @Outcome(id = "runs on", expect = FORBIDDEN, desc = "nobody stopped it")
    public static class Actual {
        private static final Retry RETRY = Retry.named(
                "stress",
                RetryPolicy.defaults()
                        .withMaxAttempts(2)
                        .withBackOff(BackOff.none())
                        .withClassifier(failure -> Verdict.RETRY));
        private static final AtOnce SCHEDULER = new AtOnce();

        private final CompletableFuture<Integer> first = new CompletableFuture<>();
        private volatile @Nullable CompletableFuture<Integer> second;
        private final CompletableFuture<Integer> result = RETRY.executeAsync(SCHEDULER, this::attempt);

        private CompletableFuture<Integer> attempt(RetryContext context) {
            if (context.attempt() == 1) {
                return first;
            }
            CompletableFuture<Integer> running = new CompletableFuture<>();
            second = running;
            return running;
        }

        /** The first attempt fails. */
        @Actor
        public void fail() {
            first.completeExceptionally(new IllegalStateException("once"));
        }

        /** Cancels it. */
        @Actor
        public void cancel() {
            result.cancel(true);
        }

        /** Looks. */
        @Arbiter
        public void audit(L_Result r) {
            CompletableFuture<Integer> begun = second;
            r.r1 = begun == null ? "never begun" : begun.isCancelled() ? "stopped" : "runs on";
        }
    }

    /** Runs every task at once, in the thread that brings it: that is one of the two that race. */
    private static final class AtOnce extends ScheduledThreadPoolExecutor {
        AtOnce() {
            super(0);
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
            command.run();
            return new Over();
        }
    }

    /** The timer of a task that has run. */
    private static final class Over extends CompletableFuture<Object> implements ScheduledFuture<Object> {
        @Override
        public long getDelay(TimeUnit unit) {
            return 0;
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(0, other.getDelay(TimeUnit.NANOSECONDS));
        }
    }
}
