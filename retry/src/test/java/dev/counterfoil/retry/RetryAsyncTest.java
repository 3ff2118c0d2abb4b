package dev.counterfoil.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class RetryAsyncTest {

    private static final RetryPolicy EXACT = RetryPolicy.defaults()
            .withBackOff(BackOff.exponential(ms(100), ms(5_000)).withJitter(0));

    private final World world = new World();

    private static Duration ms(long millis) {
        return Duration.ofMillis(millis);
    }

    /** The failure of a future that has ended, as it was put in. */
    private static Throwable failureOf(CompletableFuture<?> future) {
        assertThat(future).isCompletedExceptionally();
        return future.handle((value, thrown) -> thrown).join();
    }

    /** An operation whose stages the test completes. */
    private static final class Stages implements Function<RetryContext, CompletionStage<String>> {
        final List<CompletableFuture<String>> begun = new ArrayList<>();
        final List<RetryContext> contexts = new ArrayList<>();

        @Override
        public CompletionStage<String> apply(RetryContext context) {
            contexts.add(context);
            begun.add(new CompletableFuture<>());
            return last();
        }

        CompletableFuture<String> last() {
            return begun.get(begun.size() - 1);
        }
    }

    @Nested
    class Attempts {

        private final Stages stages = new Stages();

        @Test
        void aSuccessAtTheFirstAttemptCompletesTheFutureWithoutATimer() {
            CompletableFuture<String> future = world.retry(EXACT).executeAsync(stages);
            assertThat(future).isNotDone();
            stages.last().complete("done");
            assertThat(future).isCompletedWithValue("done");
            assertThat(world.timers.delays).isEmpty();
        }

        @Test
        void aNullResultIsAResult() {
            CompletableFuture<String> future = world.retry(EXACT).executeAsync(stages);
            stages.last().complete(null);
            assertThat(future).isCompletedWithValue(null);
        }

        @Test
        void laterAttemptsAreBegunByTheSchedulerAfterTheWaits() {
            CompletableFuture<String> future =
                    world.retry(EXACT.withDeadline(ms(1_000))).executeAsync(stages);
            stages.last().completeExceptionally(new IOException("1"));
            assertThat(stages.begun).hasSize(1);
            assertThat(world.timers.next()).isTrue();
            stages.last().completeExceptionally(new IOException("2"));
            assertThat(world.timers.next()).isTrue();
            stages.last().complete("done");
            assertThat(future).isCompletedWithValue("done");
            assertThat(world.timers.delays).containsExactly(ms(100), ms(200));
            assertThat(stages.contexts).extracting(RetryContext::attempt).containsExactly(1, 2, 3);
            assertThat(stages.contexts.get(2).elapsed()).isEqualTo(ms(300));
            assertThat(stages.contexts.get(2).remaining()).contains(ms(700));
            assertThat(world.timers.next()).isFalse();
        }

        @Test
        void theSchedulerCanBeGivenWithTheOperation() {
            World other = new World();
            CompletableFuture<String> future = Retry.named("transfer", EXACT).executeAsync(other.timers, stages);
            stages.last().completeExceptionally(new IOException());
            assertThat(other.timers.next()).isTrue();
            stages.last().complete("done");
            assertThat(future).isCompletedWithValue("done");
        }

        @Test
        void withoutASchedulerNothingBegins() {
            assertThatIllegalStateException()
                    .isThrownBy(() -> Retry.named("transfer", EXACT).executeAsync(stages))
                    .withMessage("the runtime has no scheduler");
            assertThatNullPointerException()
                    .isThrownBy(() -> world.retry(EXACT).executeAsync(null, stages))
                    .withMessage("scheduler");
            assertThatNullPointerException()
                    .isThrownBy(() -> world.retry(EXACT).executeAsync(null))
                    .withMessage("operation");
            assertThat(stages.begun).isEmpty();
        }

        @Test
        void aFailureOfADependentStageIsJudgedWithoutItsWrapper() {
            CompletableFuture<String> future = world.retry(EXACT)
                    .executeAsync(context -> stages.apply(context).thenApply(String::trim));
            stages.last().completeExceptionally(new IOException());
            assertThat(world.timers.next()).isTrue();
            IllegalStateException last = new IllegalStateException();
            stages.last().completeExceptionally(last);
            assertThat(failureOf(future)).isSameAs(last);
        }

        @Test
        void aBareCompletionExceptionIsAFailureOfItsOwn() {
            CompletionException bare = new CompletionException("bare", null);
            CompletableFuture<String> future = world.retry(EXACT).executeAsync(stages);
            stages.last().completeExceptionally(bare);
            assertThat(failureOf(future)).isSameAs(bare);
        }

        @Test
        void resultsAreJudgedToo() {
            RetryPolicy policy = EXACT.withResultClassifier(ResultClassifier.retryIf(String.class, "busy"::equals));
            CompletableFuture<String> future = world.retry(policy).executeAsync(stages);
            stages.last().complete("busy");
            assertThat(world.timers.next()).isTrue();
            stages.last().complete("done");
            assertThat(future).isCompletedWithValue("done");
        }

        @Test
        void onlyASuccessAfterRetriesIsTold() {
            List<String> told = new ArrayList<>();
            RetryPolicy policy = EXACT.withListener(new RetryListener() {
                @Override
                public void succeededAfterRetries(String operation, int attempts, Duration elapsed) {
                    told.add(operation + " " + attempts + " " + elapsed.toMillis());
                }
            });
            CompletableFuture<String> first = world.retry(policy).executeAsync(stages);
            stages.last().complete("done");
            assertThat(first).isCompletedWithValue("done");
            assertThat(told).isEmpty();
            CompletableFuture<String> second = world.retry(policy).executeAsync(stages);
            stages.last().completeExceptionally(new IOException());
            world.timers.next();
            stages.last().complete("done");
            assertThat(second).isCompletedWithValue("done");
            assertThat(told).containsExactly("transfer 2 100");
        }

        @Test
        void aSuccessIsCreditedToTheBudget() {
            RetryBudget budget = RetryBudget.of(1, 1);
            CompletableFuture<String> future =
                    world.retry(EXACT.withBudget(budget)).executeAsync(stages);
            stages.last().completeExceptionally(new IOException());
            assertThat(budget.available()).isZero();
            world.timers.next();
            stages.last().complete("done");
            assertThat(future).isCompletedWithValue("done");
            assertThat(budget.available()).isEqualTo(1);
        }
    }

    @Nested
    class Ends {

        private final Stages stages = new Stages();

        @Test
        void exhaustionEndsTheFuture() {
            CompletableFuture<String> future =
                    world.retry(EXACT).executeAsync(context -> CompletableFuture.failedFuture(new IOException()));
            while (world.timers.next()) {
                // until there is none
            }
            assertThat(failureOf(future))
                    .isInstanceOf(RetryExhaustedException.class)
                    .hasMessage("transfer: given up after 3 attempts and 300 ms (ATTEMPTS)");
        }

        @Test
        void aDeadlineThatPassedWhileTheTimerWasLateEndsTheFuture() {
            CompletableFuture<String> future =
                    world.retry(EXACT.withDeadline(ms(150))).executeAsync(stages);
            stages.last().completeExceptionally(new IOException());
            world.pass(ms(100));
            assertThat(world.timers.next()).isTrue();
            assertThat(failureOf(future))
                    .isInstanceOf(RetryExhaustedException.class)
                    .hasMessageContaining("DEADLINE");
            assertThat(stages.begun).hasSize(1);
            assertThat(world.timers.interrupts).isZero();
        }

        @Test
        void whatTheOperationThrowsIsAFailureLikeAnyOther() {
            AtomicInteger attempts = new AtomicInteger();
            CompletableFuture<String> future = world.retry(EXACT).executeAsync(context -> {
                if (attempts.incrementAndGet() == 1) {
                    throw new CodedException("UNAVAILABLE");
                }
                return CompletableFuture.completedFuture("done");
            });
            assertThat(future).isNotDone();
            world.timers.next();
            assertThat(future).isCompletedWithValue("done");
        }

        @Test
        void anErrorEndsTheFuture() {
            AssertionError error = new AssertionError();
            CompletableFuture<String> future = world.retry(RetryPolicy.retryAllExcept())
                    .executeAsync(context -> {
                        throw error;
                    });
            assertThat(failureOf(future)).isSameAs(error);
        }

        @Test
        void noStageEndsTheFutureWithoutAnotherAttempt() {
            CompletableFuture<String> future =
                    world.retry(RetryPolicy.retryAllExcept()).executeAsync(context -> null);
            assertThat(failureOf(future))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessage("transfer: the operation returned no stage");
            assertThat(world.timers.delays).isEmpty();
        }

        @Test
        void aStageThatTakesNoCallbackIsAFailedAttempt() {
            CompletableFuture<String> stubborn = new CompletableFuture<>() {
                @Override
                public CompletableFuture<String> whenComplete(BiConsumer<? super String, ? super Throwable> action) {
                    throw new IllegalStateException("no callbacks");
                }
            };
            CompletableFuture<String> future = world.retry(EXACT).executeAsync(context -> stubborn);
            assertThat(failureOf(future)).hasMessage("no callbacks");
        }

        @Test
        void aThrowingClassifierEndsTheFutureWithTheFailure() {
            IOException failure = new IOException();
            RetryPolicy policy = EXACT.withClassifier(it -> {
                throw new IllegalStateException("broken");
            });
            CompletableFuture<String> future =
                    world.retry(policy).executeAsync(context -> CompletableFuture.failedFuture(failure));
            assertThat(failureOf(future)).isSameAs(failure);
            assertThat(failure.getSuppressed()).singleElement().hasToString("java.lang.IllegalStateException: broken");
        }

        @Test
        void aThrowingClassifierOfResultsEndsTheFuture() {
            IllegalStateException broken = new IllegalStateException();
            RetryPolicy policy = EXACT.withResultClassifier(result -> {
                throw broken;
            });
            CompletableFuture<String> future =
                    world.retry(policy).executeAsync(context -> CompletableFuture.completedFuture("done"));
            assertThat(failureOf(future)).isSameAs(broken);
        }

        @Test
        void aThrowingListenerChangesNothing() {
            RetryPolicy policy = EXACT.withListener(new RetryListener() {
                @Override
                public void attemptFailed(String operation, FailedAttempt attempt) {
                    throw new IllegalStateException();
                }
            });
            CompletableFuture<String> future = world.retry(policy).executeAsync(stages);
            stages.last().completeExceptionally(new IOException());
            world.timers.next();
            stages.last().complete("done");
            assertThat(future).isCompletedWithValue("done");
        }

        @Test
        void aBrokenClockEndsTheFuture() {
            AtomicInteger readings = new AtomicInteger();
            IllegalStateException broken = new IllegalStateException();
            RetryRuntime runtime = world.runtime().withNanoClock(() -> {
                if (readings.incrementAndGet() == 3) {
                    throw broken;
                }
                return 0;
            });
            CompletableFuture<String> future = Retry.named("transfer", EXACT.withDeadline(ms(1_000)), runtime)
                    .executeAsync(stages);
            stages.last().completeExceptionally(new IOException());
            world.timers.next();
            assertThat(failureOf(future)).isSameAs(broken);
        }

        @Test
        void aRefusingSchedulerEndsTheFutureWithTheFailure() {
            IOException first = new IOException("1");
            IOException second = new IOException("2");
            CompletableFuture<String> future = world.retry(EXACT).executeAsync(stages);
            stages.last().completeExceptionally(first);
            world.timers.next();
            world.timers.shutdown();
            stages.last().completeExceptionally(second);
            assertThat(failureOf(future)).isSameAs(second);
            assertThat(second.getSuppressed()).hasSize(2);
            assertThat(second.getSuppressed()[0]).isSameAs(first);
            assertThat(second.getSuppressed()[1]).isInstanceOf(RejectedExecutionException.class);
        }

        @Test
        void anInterruptedFlagOfTheCompletingThreadMeansNothing() {
            CompletableFuture<String> future = world.retry(EXACT).executeAsync(stages);
            Thread.currentThread().interrupt();
            stages.last().completeExceptionally(new IOException());
            assertThat(Thread.interrupted()).isTrue();
            assertThat(world.timers.next()).isTrue();
            stages.last().completeExceptionally(new InterruptedException());
            assertThat(failureOf(future)).isInstanceOf(InterruptedException.class);
            assertThat(Thread.interrupted()).isFalse();
        }
    }

    @Nested
    class Cancellation {

        private final Stages stages = new Stages();

        @Test
        void cancellingStopsTheAttemptThatRuns() {
            CompletableFuture<String> future = world.retry(EXACT).executeAsync(stages);
            assertThat(future.cancel(true)).isTrue();
            assertThat(stages.last()).isCancelled();
            assertThat(world.timers.next()).isFalse();
            assertThat(stages.begun).hasSize(1);
        }

        @Test
        void cancellingStopsTheTimerWithoutAnInterrupt() {
            CompletableFuture<String> future = world.retry(EXACT).executeAsync(stages);
            stages.last().completeExceptionally(new IOException());
            assertThat(future.cancel(true)).isTrue();
            assertThat(world.timers.pending).singleElement().matches(World.Timers.Timer::isCancelled, "is cancelled");
            assertThat(world.timers.next()).isFalse();
            assertThat(world.timers.interrupts).isZero();
        }

        @Test
        void completingTheFutureInAnotherWayStopsTheAttemptToo() {
            CompletableFuture<String> future = world.retry(EXACT).executeAsync(stages);
            future.completeExceptionally(new TimeoutException());
            assertThat(stages.last()).isCancelled();
        }

        @Test
        void whatACancelledAttemptComesToIsNotLookedAt() {
            List<String> told = new ArrayList<>();
            RetryPolicy policy = EXACT.withListener(new RetryListener() {
                @Override
                public void attemptFailed(String operation, FailedAttempt attempt) {
                    told.add(operation);
                }
            });
            CompletableFuture<String> future = world.retry(policy).executeAsync(stages);
            future.cancel(false);
            assertThat(told).isEmpty();
            assertThat(world.timers.delays).isEmpty();
        }

        @Test
        void aTimerThatGoesOffAllTheSameBeginsNothing() {
            CompletableFuture<String> future = world.retry(EXACT).executeAsync(stages);
            stages.last().completeExceptionally(new IOException());
            World.Timers.Timer timer = world.timers.pending.get(0);
            future.cancel(false);
            timer.command.run();
            assertThat(stages.begun).hasSize(1);
        }

        @Test
        void anAttemptThatIsCancelledFromInsideIsFinal() {
            CompletableFuture<String> future =
                    world.retry(RetryPolicy.retryAllExcept()).executeAsync(stages);
            stages.last().cancel(false);
            assertThat(future).isCancelled();
            assertThat(world.timers.delays).isEmpty();
        }

        @Test
        void aStageBegunWhileTheFutureIsCancelledIsCancelledToo() {
            List<CompletableFuture<String>> futures = new ArrayList<>();
            futures.add(world.retry(EXACT).executeAsync(context -> {
                CompletionStage<String> stage = stages.apply(context);
                if (context.attempt() == 2) {
                    futures.get(0).cancel(false);
                }
                return stage;
            }));
            stages.last().completeExceptionally(new IOException());
            world.timers.next();
            assertThat(stages.begun).hasSize(2);
            assertThat(stages.last()).isCancelled();
        }

        @Test
        void aTimerSetWhileTheFutureIsCancelledIsCancelledToo() {
            List<CompletableFuture<String>> futures = new ArrayList<>();
            List<ScheduledFuture<?>> timers = new ArrayList<>();
            ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1) {
                @Override
                public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
                    futures.get(0).cancel(false);
                    timers.add(super.schedule(command, 1, TimeUnit.HOURS));
                    return timers.get(0);
                }
            };
            try {
                futures.add(world.retry(EXACT).executeAsync(scheduler, stages));
                stages.last().completeExceptionally(new IOException());
                assertThat(timers).singleElement().matches(ScheduledFuture::isCancelled, "is cancelled");
            } finally {
                scheduler.shutdownNow();
            }
        }

        @Test
        void anAttemptThatBeginsBeforeItsTimerIsKnownIsStillTheOneThatIsStopped() {
            ScheduledThreadPoolExecutor eager = new ScheduledThreadPoolExecutor(1) {
                @Override
                public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
                    command.run();
                    return super.schedule(() -> {}, 1, TimeUnit.HOURS);
                }
            };
            try {
                CompletableFuture<String> future = world.retry(EXACT).executeAsync(eager, stages);
                stages.last().completeExceptionally(new IOException());
                assertThat(stages.begun).hasSize(2);
                future.cancel(false);
                assertThat(stages.last()).isCancelled();
            } finally {
                eager.shutdownNow();
            }
        }

        @Test
        void aStageThatCannotBeCancelledRunsOn() {
            CompletableFuture<String> inner = new CompletableFuture<>();
            CompletableFuture<String> minimal =
                    world.retry(EXACT).executeAsync(context -> inner.minimalCompletionStage());
            assertThat(minimal.cancel(false)).isTrue();
            assertThat(inner).isNotDone();
            CompletableFuture<String> stubborn = new CompletableFuture<>() {
                @Override
                public boolean cancel(boolean mayInterruptIfRunning) {
                    throw new UnsupportedOperationException();
                }
            };
            CompletableFuture<String> future = world.retry(EXACT).executeAsync(context -> stubborn);
            assertThat(future.cancel(false)).isTrue();
            assertThat(future).isCancelled();
        }
    }

    @Nested
    class Races {

        /**
         * Hazard: a cancellation that meets an attempt or a timer just as it is being set, and misses it, so that the
         * operation goes on for ever or a stage stays open. Retries here have no limit and no wait: whatever is missed
         * keeps the scheduler busy.
         */
        @Test
        void aCancelledOperationStopsWheneverTheCancellationComes() throws Exception {
            long seed = Seed.of(RetryAsyncTest.class);
            ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(2);
            ExecutorService cancellers = Executors.newSingleThreadExecutor();
            ConcurrentLinkedQueue<CompletableFuture<String>> begun = new ConcurrentLinkedQueue<>();
            Retry retry = Retry.named(
                    "transfer", RetryPolicy.defaults().withUnlimitedAttempts().withBackOff(BackOff.none()));
            try {
                List<CompletableFuture<String>> futures = new ArrayList<>();
                for (int round = 0; round < 2_000; round++) {
                    Random random = new Random(seed + round);
                    int open = 1 + random.nextInt(6);
                    int spins = random.nextInt(2_000);
                    CompletableFuture<String> future = retry.executeAsync(scheduler, context -> {
                        CompletableFuture<String> stage = new CompletableFuture<>();
                        begun.add(stage);
                        if (context.attempt() % open != 0 || open == 1) {
                            stage.completeExceptionally(new CodedException("UNAVAILABLE"));
                        }
                        return stage;
                    });
                    futures.add(future);
                    cancellers.execute(() -> {
                        for (int i = 0; i < spins; i++) {
                            Thread.onSpinWait();
                        }
                        future.cancel(false);
                    });
                }
                cancellers.shutdown();
                assertThat(cancellers.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
                assertThat(futures).allMatch(CompletableFuture::isCancelled);
                awaitIdle(scheduler);
                assertThat(begun).allMatch(CompletableFuture::isDone, "is done");
            } finally {
                scheduler.shutdownNow();
                cancellers.shutdownNow();
            }
        }

        private void awaitIdle(ScheduledThreadPoolExecutor scheduler) throws Exception {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            // Two tasks at once fill both threads: when both have run with nothing behind them, nobody is left.
            while (true) {
                CountDownLatch both = new CountDownLatch(2);
                scheduler.execute(both::countDown);
                scheduler.execute(both::countDown);
                assertThat(both.await(60, TimeUnit.SECONDS)).isTrue();
                if (scheduler.getQueue().isEmpty() && scheduler.getActiveCount() == 0) {
                    return;
                }
                assertThat(System.nanoTime()).as("the scheduler is still busy").isLessThan(end);
                Thread.onSpinWait();
            }
        }

        @Test
        void aResultAndACancellationRaceForOneEnd() throws Exception {
            long seed = Seed.of(RetryAsyncTest.class);
            ExecutorService other = Executors.newSingleThreadExecutor();
            try {
                for (int round = 0; round < 5_000; round++) {
                    int spins = new Random(seed + round).nextInt(200);
                    CompletableFuture<String> stage = new CompletableFuture<>();
                    CompletableFuture<String> future = world.retry(EXACT).executeAsync(context -> stage);
                    var completing = other.submit(() -> stage.complete("done"));
                    for (int i = 0; i < spins; i++) {
                        Thread.onSpinWait();
                    }
                    boolean cancelled = future.cancel(false);
                    completing.get();
                    assertThat(future.isCancelled()).isEqualTo(cancelled);
                    if (!cancelled) {
                        assertThat(future).isCompletedWithValue("done");
                    }
                }
            } finally {
                other.shutdownNow();
            }
        }

        @Test
        void aThousandOperationsShareOneThreadWithoutWaitingOnIt() throws Exception {
            List<Thread> threads = new ArrayList<>();
            ThreadFactory one = task -> {
                threads.add(new Thread(task, "the scheduler"));
                return threads.get(threads.size() - 1);
            };
            ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1, one);
            try {
                Retry retry = Retry.named("transfer", EXACT.withBackOff(BackOff.constant(ms(1))));
                ConcurrentLinkedQueue<String> names = new ConcurrentLinkedQueue<>();
                Executor direct = Runnable::run;
                List<CompletableFuture<Integer>> futures = new ArrayList<>();
                for (int i = 0; i < 1_000; i++) {
                    futures.add(retry.executeAsync(
                            scheduler,
                            context -> CompletableFuture.supplyAsync(
                                    () -> {
                                        if (context.attempt() < 3) {
                                            throw new CodedException("UNAVAILABLE");
                                        }
                                        names.add(Thread.currentThread().getName());
                                        return context.attempt();
                                    },
                                    direct)));
                }
                for (CompletableFuture<Integer> future : futures) {
                    assertThat(future.get(60, TimeUnit.SECONDS)).isEqualTo(3);
                }
                assertThat(names).hasSize(1_000).containsOnly("the scheduler");
                assertThat(threads).hasSize(1);
            } finally {
                scheduler.shutdownNow();
            }
        }
    }
}
