package dev.counterfoil.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class RetryTest {

    private static final RetryPolicy EXACT = RetryPolicy.defaults()
            .withBackOff(BackOff.exponential(Duration.ofMillis(100), Duration.ofSeconds(5))
                    .withJitter(0));

    private final World world = new World();

    private static Duration ms(long millis) {
        return Duration.ofMillis(millis);
    }

    @AfterEach
    void noTestLeavesTheThreadInterrupted() {
        assertThat(Thread.interrupted()).isFalse();
    }

    @Nested
    class Attempts {

        @Test
        void aSuccessAtTheFirstAttemptIsReturned() throws Exception {
            Script operation = new Script();
            assertThat(world.retry(EXACT).execute(operation)).isEqualTo("done");
            assertThat(operation.attempts).isEqualTo(1);
            assertThat(world.sleeps).isEmpty();
        }

        @Test
        void aSuccessAfterFailuresIsReturnedAndTheWaitsGrow() throws Exception {
            Script operation = new Script(new IOException("1"), new IOException("2"));
            assertThat(world.retry(EXACT).execute(operation)).isEqualTo("done");
            assertThat(operation.attempts).isEqualTo(3);
            assertThat(world.sleeps).containsExactly(ms(100), ms(200));
        }

        @Test
        void anOperationWithoutResultIsRetriedToo() throws Exception {
            Script operation = new Script(new IOException("1"));
            world.retry(EXACT).run((ThrowingRunnable<Exception>) operation);
            assertThat(operation.attempts).isEqualTo(2);
            new Script().run();
            world.retry(EXACT).run(() -> {});
        }

        @Test
        void aNullResultIsAResult() {
            String result = world.retry(EXACT).execute(() -> null);
            assertThat(result).isNull();
        }

        @Test
        void theFirstAttemptReadsNoClockDrawsNoRandomAndDoesNotSleep() {
            RetryRuntime untouchable = new RetryRuntime(
                    () -> {
                        throw new AssertionError("the clock was read");
                    },
                    nanos -> {
                        throw new AssertionError("slept");
                    },
                    () -> {
                        throw new AssertionError("random was drawn");
                    },
                    Optional.empty());
            Retry retry = Retry.named("transfer", RetryPolicy.defaults().withBudget(RetryBudget.of(1, 1)), untouchable);
            assertThat(retry.execute(() -> "done")).isEqualTo("done");
            retry.run(() -> {});
        }

        @Test
        void aBackOffWithoutWaitNeverCallsTheSleeper() throws Exception {
            assertThat(world.retry(EXACT.withBackOff(BackOff.none())).execute(new Script(new IOException())))
                    .isEqualTo("done");
            assertThat(world.sleeps).isEmpty();
        }

        @Test
        void unlimitedAttemptsGoOnAndOnlyTheLastHundredFailuresAreKept() {
            List<IOException> thrown = new ArrayList<>();
            Retry retry = world.retry(EXACT.withUnlimitedAttempts()
                    .withBackOff(BackOff.constant(ms(1)))
                    .withDeadline(ms(10_000)));
            RetryExhaustedException exhausted = assertThatExceptionOfType(RetryExhaustedException.class)
                    .isThrownBy(() -> retry.execute(() -> {
                        IOException failure = new IOException();
                        thrown.add(failure);
                        throw failure;
                    }))
                    .actual();
            assertThat(exhausted.attempts()).isEqualTo(10_000).isEqualTo(thrown.size());
            assertThat(exhausted.failures())
                    .extracting(FailedAttempt::failure)
                    .containsExactlyElementsOf(thrown.subList(9_900, 10_000));
            assertThat(exhausted.failures()).extracting(FailedAttempt::number).startsWith(9_901);
            assertThat(exhausted.getSuppressed()).hasSize(99);
        }

        @Test
        void everyNumberOfAttemptsKeepsAllItsFailuresUpToAHundred() {
            for (int max = 1; max <= 101; max++) {
                Retry retry = world.retry(EXACT.withMaxAttempts(max));
                RetryExhaustedException exhausted = assertThatExceptionOfType(RetryExhaustedException.class)
                        .isThrownBy(() -> retry.run(() -> {
                            throw new IOException();
                        }))
                        .actual();
                assertThat(exhausted.attempts()).isEqualTo(max);
                assertThat(exhausted.failures()).hasSize(Math.min(max, 100)).doesNotContainNull();
            }
        }

        @Test
        void argumentsAreChecked() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Retry.named(" ", EXACT))
                    .withMessage("the name is blank");
            assertThatNullPointerException().isThrownBy(() -> Retry.named(null, EXACT));
            assertThatNullPointerException().isThrownBy(() -> Retry.named("transfer", null));
            assertThatNullPointerException().isThrownBy(() -> Retry.named("transfer", EXACT, null));
            Retry retry = Retry.named("transfer", RetryPolicy.retryAllExcept());
            assertThatNullPointerException()
                    .isThrownBy(() -> retry.execute((ThrowingSupplier<String, RuntimeException>) null))
                    .withMessage("operation");
            assertThatNullPointerException()
                    .isThrownBy(() -> retry.execute((ThrowingFunction<RetryContext, String, RuntimeException>) null))
                    .withMessage("operation");
            assertThatNullPointerException()
                    .isThrownBy(() -> retry.run((ThrowingRunnable<RuntimeException>) null))
                    .withMessage("operation");
            assertThatNullPointerException()
                    .isThrownBy(() -> retry.run((ThrowingConsumer<RetryContext, RuntimeException>) null))
                    .withMessage("operation");
        }

        @Test
        void aRetryKnowsItsNameAndPolicy() {
            Retry retry = Retry.named("transfer", EXACT);
            assertThat(retry.name()).isEqualTo("transfer");
            assertThat(retry.policy()).isSameAs(EXACT);
            assertThat(retry).hasToString("Retry[transfer, " + EXACT + "]");
        }
    }

    @Nested
    class Failures {

        @Test
        void aCheckedExceptionPassesThroughUnwrappedByInference() {
            FileNotFoundException failure = new FileNotFoundException();
            Retry retry = world.retry(EXACT.withClassifier(Classifier.never()));
            try {
                retry.execute(() -> {
                    throw failure;
                });
            } catch (FileNotFoundException caught) { // compiles because it is inferred
                assertThat(caught).isSameAs(failure).hasNoSuppressedExceptions();
                return;
            }
            throw new AssertionError("nothing was thrown");
        }

        @Test
        void anOperationThatThrowsNothingCheckedNeedsNoCatch() {
            int length = world.retry(EXACT).execute("abc"::length);
            assertThat(length).isEqualTo(3);
        }

        @Test
        void aFailureThatMustNotBeRetriedIsRethrownWithEarlierOnesSuppressed() {
            IOException first = new IOException("1");
            IOException second = new IOException("2");
            IllegalStateException last = new IllegalStateException("3");
            Script operation = new Script(first, second, last);
            assertThat(catchThrowable(() -> world.retry(EXACT).execute(operation)))
                    .isSameAs(last);
            assertThat(last.getSuppressed()).containsExactly(first, second);
            assertThat(operation.attempts).isEqualTo(3);
        }

        @Test
        void anAmbiguousFailureIsRethrownAtOnce() {
            IllegalStateException lostAtCommit = new IllegalStateException();
            Script operation = new Script(lostAtCommit);
            Classifier classifier = Classifier.defaults().when(IllegalStateException.class, Verdict.AMBIGUOUS);
            assertThat(catchThrowable(
                            () -> world.retry(EXACT.withClassifier(classifier)).execute(operation)))
                    .isSameAs(lostAtCommit);
            assertThat(operation.attempts).isEqualTo(1);
        }

        @Test
        void anAmbiguousFailureIsRetriedWhereTheCallerSaysThatTheOperationIsIdempotent() throws Exception {
            Script operation = new Script(new IllegalStateException());
            Classifier classifier = Classifier.defaults()
                    .when(IllegalStateException.class, Verdict.AMBIGUOUS)
                    .retryingAmbiguous();
            assertThat(world.retry(EXACT.withClassifier(classifier)).execute(operation))
                    .isEqualTo("done");
        }

        @Test
        void anErrorPassesWithEarlierFailuresSuppressedAndIsNeverClassified() {
            IOException first = new IOException("1");
            AssertionError error = new AssertionError();
            Script operation = new Script(first, error);
            List<Throwable> classified = new ArrayList<>();
            RetryPolicy policy = EXACT.withClassifier(failure -> {
                classified.add(failure);
                return Verdict.RETRY;
            });
            assertThat(catchThrowable(() -> world.retry(policy).execute(operation)))
                    .isSameAs(error);
            assertThat(error.getSuppressed()).containsExactly(first);
            assertThat(classified).containsExactly(first);
        }

        @Test
        void aCancellationIsFinal() {
            CancellationException cancellation = new CancellationException();
            Script operation = new Script(cancellation);
            assertThat(catchThrowable(
                            () -> world.retry(RetryPolicy.retryAllExcept()).execute(operation)))
                    .isSameAs(cancellation);
            assertThat(operation.attempts).isEqualTo(1);
        }

        @Test
        void nestedRetriesDoNotMultiply() {
            AtomicInteger attempts = new AtomicInteger();
            Retry inner = world.retry(RetryPolicy.retryAllExcept());
            Retry outer = world.retry(RetryPolicy.retryAllExcept());
            assertThatThrownBy(() -> outer.run(() -> {
                        try {
                            inner.run(() -> {
                                attempts.incrementAndGet();
                                throw new IOException();
                            });
                        } catch (RetryExhaustedException exhausted) {
                            throw new ExecutionException(exhausted);
                        }
                    }))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(RetryExhaustedException.class);
            assertThat(attempts).hasValue(3);
        }

        @Test
        void aThrowingClassifierEndsTheExecutionWithTheFailureAndIsSuppressedInIt() {
            IOException failure = new IOException();
            IllegalStateException broken = new IllegalStateException();
            Script operation = new Script(failure);
            RetryPolicy policy = EXACT.withClassifier(it -> {
                throw broken;
            });
            assertThat(catchThrowable(() -> world.retry(policy).execute(operation)))
                    .isSameAs(failure);
            assertThat(failure.getSuppressed()).containsExactly(broken);
            assertThat(operation.attempts).isEqualTo(1);
        }

        @Test
        void aClassifierThatReturnsNullEndsTheExecutionWithTheFailure() {
            IOException failure = new IOException();
            assertThat(catchThrowable(
                            () -> world.retry(EXACT.withClassifier(it -> null)).execute(new Script(failure))))
                    .isSameAs(failure);
            assertThat(failure.getSuppressed()).singleElement().isInstanceOf(NullPointerException.class);
        }

        @Test
        void aBrokenBackOffEndsTheExecutionWithTheFailure() {
            IOException failure = new IOException();
            Script operation = new Script(failure);
            RetryPolicy policy = EXACT.withBackOff((failures, previous, random) -> -1);
            assertThat(catchThrowable(() -> world.retry(policy).execute(operation)))
                    .isSameAs(failure);
            assertThat(failure.getSuppressed())
                    .singleElement()
                    .isInstanceOf(IllegalStateException.class)
                    .hasToString("java.lang.IllegalStateException: the back-off returned a negative delay: -1");
            assertThat(operation.attempts).isEqualTo(1);
        }

        @Test
        void aBrokenSleeperIsThrownWithTheFailuresSuppressed() {
            IOException failure = new IOException();
            IllegalStateException broken = new IllegalStateException();
            Retry retry = Retry.named("transfer", EXACT, world.runtime().withSleeper(nanos -> {
                throw broken;
            }));
            assertThat(catchThrowable(() -> retry.execute(new Script(failure)))).isSameAs(broken);
            assertThat(broken.getSuppressed()).containsExactly(failure);
        }

        @Test
        void theBackOffIsToldOfTheFailuresAndOfThePreviousWait() {
            List<String> asked = new ArrayList<>();
            RetryPolicy policy = EXACT.withMaxAttempts(4).withBackOff((failures, previous, random) -> {
                asked.add(failures + " after " + previous);
                return failures * 10L;
            });
            assertThatThrownBy(() -> world.retry(policy).run(() -> {
                        throw new IOException();
                    }))
                    .isInstanceOf(RetryExhaustedException.class);
            assertThat(asked).containsExactly("1 after 0", "2 after 10", "3 after 20");
        }
    }

    @Nested
    class Exhaustion {

        @Test
        void theExceptionTellsItAll() {
            IOException first = new IOException("1");
            IOException second = new IOException("2");
            IOException third = new IOException("3");
            Script script = new Script(first, second, third);
            RetryExhaustedException exhausted = assertThatExceptionOfType(RetryExhaustedException.class)
                    .isThrownBy(() -> world.retry(EXACT).execute(context -> {
                        world.pass(ms(10));
                        return script.get();
                    }))
                    .actual();
            assertThat(exhausted)
                    .hasCause(third)
                    .hasMessage("transfer: given up after 3 attempts and 330 ms (ATTEMPTS)");
            assertThat(exhausted.getSuppressed()).containsExactly(first, second);
            assertThat(exhausted.failureCode()).isEqualTo("RETRY_EXHAUSTED");
            assertThat(exhausted.operation()).isEqualTo("transfer");
            assertThat(exhausted.attempts()).isEqualTo(3);
            assertThat(exhausted.elapsed()).isEqualTo(ms(330));
            assertThat(exhausted.reason()).isEqualTo(StopReason.ATTEMPTS);
            assertThat(exhausted.failures())
                    .containsExactly(
                            new FailedAttempt(1, ms(10).toNanos(), first, Verdict.RETRY, ms(100).toNanos()),
                            new FailedAttempt(2, ms(120).toNanos(), second, Verdict.RETRY, ms(200).toNanos()),
                            new FailedAttempt(3, ms(330).toNanos(), third, Verdict.RETRY, 0));
            assertThat(exhausted.failures().get(1).elapsed()).isEqualTo(ms(120));
            assertThat(exhausted.failures().get(1).delay()).isEqualTo(ms(200));
        }

        @Test
        void withoutDeadlineAndContextTheTimeRunsFromTheFirstFailure() {
            RetryExhaustedException exhausted = assertThatExceptionOfType(RetryExhaustedException.class)
                    .isThrownBy(() -> world.retry(EXACT).run(() -> {
                        world.pass(ms(10));
                        throw new IOException();
                    }))
                    .actual();
            assertThat(exhausted.elapsed()).isEqualTo(ms(320));
            assertThat(exhausted.failures())
                    .extracting(FailedAttempt::elapsed)
                    .containsExactly(ms(0), ms(110), ms(320));
        }

        @Test
        void aFailureThrownAgainAndAgainIsNotSuppressedInItself() {
            IOException always = new IOException();
            RetryExhaustedException exhausted = assertThatExceptionOfType(RetryExhaustedException.class)
                    .isThrownBy(() -> world.retry(EXACT).run(() -> {
                        throw always;
                    }))
                    .actual();
            assertThat(exhausted).hasCause(always).hasNoSuppressedExceptions();
            assertThat(always).hasNoSuppressedExceptions();
            assertThat(exhausted.failures()).hasSize(3);
        }

        @Test
        void aFailureThatReturnsLaterIsSuppressedOnce() {
            IOException a = new IOException("a");
            IOException b = new IOException("b");
            RetryExhaustedException exhausted = assertThatExceptionOfType(RetryExhaustedException.class)
                    .isThrownBy(() -> world.retry(EXACT.withMaxAttempts(4)).execute(new Script(a, a, a, b)))
                    .actual();
            assertThat(exhausted.getSuppressed()).containsExactly(a);
        }

        @Test
        void oneAttemptIsExhaustedAtOnceAndNoneRethrows() {
            IOException failure = new IOException();
            assertThatThrownBy(() -> world.retry(EXACT.withMaxAttempts(1)).execute(new Script(failure)))
                    .isInstanceOf(RetryExhaustedException.class)
                    .hasMessage("transfer: given up after 1 attempt and 0 ms (ATTEMPTS)");
            assertThat(catchThrowable(() -> world.retry(RetryPolicy.none()).execute(new Script(failure))))
                    .isSameAs(failure);
        }
    }

    @Nested
    class Deadlines {

        @Test
        void noWaitIsBegunThatWouldReachTheDeadline() {
            Script operation = new Script(new IOException(), new IOException(), new IOException());
            RetryExhaustedException exhausted = assertThatExceptionOfType(RetryExhaustedException.class)
                    .isThrownBy(() -> world.retry(EXACT.withDeadline(ms(300))).execute(operation))
                    .actual();
            assertThat(world.sleeps).containsExactly(ms(100));
            assertThat(exhausted.reason()).isEqualTo(StopReason.DEADLINE);
            assertThat(exhausted.attempts()).isEqualTo(2);
            assertThat(exhausted.elapsed()).isEqualTo(ms(100));
            assertThat(exhausted.failures().get(1).delay()).isEqualTo(ms(200));
        }

        @Test
        void aWaitThatEndsBeforeTheDeadlineIsBegun() throws Exception {
            Script operation = new Script(new IOException(), new IOException());
            assertThat(world.retry(EXACT.withDeadline(ms(300).plusNanos(1))).execute(operation))
                    .isEqualTo("done");
        }

        @Test
        void theDeadlineCountsTheAttemptsToo() {
            Retry retry = world.retry(EXACT.withDeadline(ms(300)));
            RetryExhaustedException exhausted = assertThatExceptionOfType(RetryExhaustedException.class)
                    .isThrownBy(() -> retry.run(() -> {
                        world.pass(ms(400));
                        throw new IOException();
                    }))
                    .actual();
            assertThat(exhausted.attempts()).isEqualTo(1);
            assertThat(exhausted.elapsed()).isEqualTo(ms(400));
        }

        @Test
        void noAttemptBeginsIfTheWaitLastedBeyondTheDeadline() {
            Retry retry = Retry.named(
                    "transfer", EXACT.withDeadline(ms(300)), world.runtime().withSleeper(nanos -> world.pass(ms(300))));
            Script operation = new Script(new IOException());
            RetryExhaustedException exhausted = assertThatExceptionOfType(RetryExhaustedException.class)
                    .isThrownBy(() -> retry.execute(operation))
                    .actual();
            assertThat(exhausted.reason()).isEqualTo(StopReason.DEADLINE);
            assertThat(operation.attempts).isEqualTo(1);
        }

        @Test
        void aSuccessAfterTheDeadlineIsASuccess() {
            assertThat(world.retry(EXACT.withDeadline(ms(1))).<String, RuntimeException>execute(() -> {
                        world.pass(ms(5));
                        return "done";
                    }))
                    .isEqualTo("done");
        }

        @Test
        void aWaitOfCenturiesEndsNothingButItself() {
            Duration centuries = Duration.ofNanos(Long.MAX_VALUE);
            Script operation = new Script(new IOException());
            assertThatThrownBy(() -> world.retry(EXACT.withDeadline(centuries).withBackOff(BackOff.constant(centuries)))
                            .execute(operation))
                    .isInstanceOf(RetryExhaustedException.class)
                    .hasMessageContaining("DEADLINE");
        }
    }

    @Nested
    class Hints {

        @Test
        void aHintIsHonouredInPlaceOfTheBackOff() throws Exception {
            RetryPolicy policy = EXACT.withClassifier(failure -> Verdict.retryAfter(ms(7)));
            assertThat(world.retry(policy).execute(new Script(new IOException())))
                    .isEqualTo("done");
            assertThat(world.sleeps).containsExactly(ms(7));
        }

        @Test
        void aHintIsBounded() throws Exception {
            RetryPolicy policy = EXACT.withHintCap(ms(50))
                    .withClassifier(failure -> Verdict.retryAfter(Duration.ofSeconds(Long.MAX_VALUE)));
            assertThat(world.retry(policy).execute(new Script(new IOException())))
                    .isEqualTo("done");
            assertThat(world.sleeps).containsExactly(ms(50));
        }

        @Test
        void aHintBeyondTheDeadlineEndsTheExecution() {
            RetryPolicy policy = EXACT.withDeadline(ms(100)).withClassifier(failure -> Verdict.retryAfter(ms(100)));
            assertThatThrownBy(() -> world.retry(policy).execute(new Script(new IOException())))
                    .isInstanceOf(RetryExhaustedException.class)
                    .hasMessageContaining("DEADLINE");
            assertThat(world.sleeps).isEmpty();
        }
    }

    @Nested
    class Interruptions {

        @Test
        void anInterruptedWaitEndsWithTheFailureAsCauseAndTheFlagSet() {
            IOException failure = new IOException();
            Retry retry = Retry.named("transfer", EXACT, world.runtime().withSleeper(nanos -> {
                throw new InterruptedException();
            }));
            Script operation = new Script(failure);
            RetryExhaustedException exhausted = assertThatExceptionOfType(RetryExhaustedException.class)
                    .isThrownBy(() -> retry.execute(operation))
                    .actual();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(exhausted).hasCause(failure);
            assertThat(exhausted.reason()).isEqualTo(StopReason.INTERRUPTED);
            assertThat(exhausted.attempts()).isEqualTo(1);
            assertThat(operation.attempts).isEqualTo(1);
        }

        @Test
        void anInterruptDuringTheAttemptStopsBeforeTheWaitEvenIfThereIsNone() {
            RetryBudget budget = RetryBudget.of(5, 1);
            IOException failure = new IOException();
            RetryExhaustedException exhausted = assertThatExceptionOfType(RetryExhaustedException.class)
                    .isThrownBy(
                            () -> world.retry(EXACT.withBackOff(BackOff.none()).withBudget(budget))
                                    .run(() -> {
                                        Thread.currentThread().interrupt();
                                        throw failure;
                                    }))
                    .actual();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(exhausted.reason()).isEqualTo(StopReason.INTERRUPTED);
            assertThat(exhausted).hasCause(failure);
            assertThat(exhausted.attempts()).isEqualTo(1);
            assertThat(budget.available()).isEqualTo(5);
        }

        /**
         * All wait at the same time, many more than there are carriers: nothing that the retry holds pins a virtual thread
         * while it waits.
         */
        @Test
        void virtualThreadsWaitTogether() throws Exception {
            Method perTask = Arrays.stream(Executors.class.getMethods())
                    .filter(method -> method.getName().equals("newVirtualThreadPerTaskExecutor"))
                    .findAny()
                    .orElse(null);
            assumeTrue(perTask != null, "virtual threads, from JDK 21");
            CyclicBarrier all = new CyclicBarrier(1_000);
            Retry retry = Retry.named("transfer", EXACT, world.runtime().withSleeper(nanos -> {
                try {
                    all.await(60, TimeUnit.SECONDS);
                } catch (BrokenBarrierException | TimeoutException broken) {
                    throw new AssertionError(broken);
                }
            }));
            ExecutorService executor = (ExecutorService) perTask.invoke(null);
            try {
                List<Future<String>> results = new ArrayList<>();
                for (int i = 0; i < 1_000; i++) {
                    Script operation = new Script(new IOException());
                    results.add(executor.submit(() -> retry.execute(operation)));
                }
                for (Future<String> result : results) {
                    assertThat(result.get(60, TimeUnit.SECONDS)).isEqualTo("done");
                }
            } finally {
                executor.shutdownNow();
            }
        }

        @Test
        void anInterruptedOperationIsNotRetriedAndTheFlagIsSet() {
            InterruptedException interruption = new InterruptedException();
            Script operation = new Script(interruption);
            assertThat(catchThrowable(
                            () -> world.retry(RetryPolicy.retryAllExcept()).execute(operation)))
                    .isSameAs(interruption);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(operation.attempts).isEqualTo(1);
        }

        @Test
        void theRealSleeperObeysAnInterrupt() {
            Script operation = new Script(new IOException());
            RetryPolicy slow = RetryPolicy.defaults().withBackOff(BackOff.constant(Duration.ofHours(1)));
            RetryListener interrupting = new RetryListener() {
                @Override
                public void retryScheduled(String name, FailedAttempt attempt) {
                    Thread.currentThread().interrupt();
                }
            };
            assertThatThrownBy(() -> Retry.named("transfer", slow.withListener(interrupting))
                            .execute(operation))
                    .isInstanceOf(RetryExhaustedException.class)
                    .hasMessageContaining("INTERRUPTED");
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Nested
    class Contexts {

        @Test
        void theContextTellsAttemptElapsedAndRemaining() {
            List<String> seen = new ArrayList<>();
            List<RetryContext> contexts = new ArrayList<>();
            Retry retry = world.retry(EXACT.withDeadline(ms(1_000)));
            String result = retry.<String, RuntimeException>execute(context -> {
                contexts.add(context);
                world.pass(ms(10));
                seen.add(context.attempt() + " " + context.elapsed().toMillis() + " "
                        + context.remaining().orElseThrow().toMillis());
                if (context.attempt() < 3) {
                    throw new CodedException("UNAVAILABLE");
                }
                return "done";
            });
            assertThat(result).isEqualTo("done");
            assertThat(seen).containsExactly("1 10 990", "2 120 880", "3 330 670");
            assertThat(contexts).extracting(RetryContext::attempt).containsExactly(1, 2, 3);
            world.pass(ms(5_000));
            assertThat(contexts.get(0).remaining()).contains(Duration.ZERO);
        }

        @Test
        void withoutDeadlineNothingIsSaidOfTheRemainingTime() throws Exception {
            world.retry(EXACT).run(context -> assertThat(context.remaining()).isEmpty());
        }

        @Test
        void aClockThatGoesBackCountsAsStandingStill() {
            world.retry(EXACT.withDeadline(ms(100))).run(context -> {
                world.pass(ms(-50));
                assertThat(context.elapsed()).isZero();
                assertThat(context.remaining()).contains(ms(100));
            });
        }

        @Test
        void anOperationWithContextButWithoutResultIsRetried() {
            AtomicInteger last = new AtomicInteger();
            world.retry(EXACT).run(context -> {
                last.set(context.attempt());
                if (context.attempt() == 1) {
                    throw new CodedException("ABORTED");
                }
            });
            assertThat(last).hasValue(2);
        }

        @Test
        void theElapsedTimeIsCountedFromTheBeginningOfTheFirstAttempt() {
            RetryExhaustedException exhausted = assertThatExceptionOfType(RetryExhaustedException.class)
                    .isThrownBy(() -> world.retry(EXACT.withMaxAttempts(1)).run(context -> {
                        world.pass(ms(10));
                        throw new IOException();
                    }))
                    .actual();
            assertThat(exhausted.elapsed()).isEqualTo(ms(10));
        }
    }

    @Nested
    class Results {

        private final RetryPolicy retryingBusy =
                EXACT.withResultClassifier(ResultClassifier.retryIf(String.class, "busy"::equals));

        @Test
        void aResultCanBeRetried() {
            AtomicInteger attempts = new AtomicInteger();
            String result = world.retry(retryingBusy).execute(() -> attempts.incrementAndGet() < 3 ? "busy" : "done");
            assertThat(result).isEqualTo("done");
            assertThat(attempts).hasValue(3);
            assertThat(world.sleeps).hasSize(2);
        }

        @Test
        void aResultThatStaysUnacceptableExhausts() {
            RetryExhaustedException exhausted = assertThatExceptionOfType(RetryExhaustedException.class)
                    .isThrownBy(() -> world.retry(retryingBusy).execute(() -> "busy"))
                    .actual();
            assertThat(exhausted.attempts()).isEqualTo(3);
            assertThat(exhausted.getCause())
                    .isInstanceOfSatisfying(
                            UnacceptableResultException.class,
                            refusal -> assertThat(refusal.result()).isEqualTo("busy"))
                    .hasMessage("unacceptable result (RETRY): java.lang.String");
            assertThat(exhausted.getCause().getStackTrace()).isEmpty();
        }

        @Test
        void aResultOfAnOperationWithContextIsJudgedToo() {
            assertThat(world.retry(retryingBusy)
                            .<String, RuntimeException>execute(context -> context.attempt() == 1 ? "busy" : "done"))
                    .isEqualTo("done");
        }

        @Test
        void resultsOfOtherClassesAndNullAreAccepted() {
            assertThat(world.retry(retryingBusy).<Integer, RuntimeException>execute(() -> 5))
                    .isEqualTo(5);
            assertThat(world.retry(retryingBusy).<String, RuntimeException>execute(() -> null))
                    .isNull();
        }

        @Test
        void aResultCanFailOrHintAsAnExceptionCan() {
            RetryPolicy policy = EXACT.withResultClassifier(result -> result instanceof Verdict verdict
                    ? Optional.of(verdict)
                    : result == null ? Optional.of(Verdict.AMBIGUOUS) : Optional.empty());
            assertThatThrownBy(() -> world.retry(policy).execute(() -> Verdict.FAIL))
                    .isInstanceOf(UnacceptableResultException.class)
                    .hasMessage("unacceptable result (FAIL): dev.counterfoil.retry.Verdict$Plain");
            assertThatThrownBy(() -> world.retry(policy).execute(() -> null))
                    .isInstanceOf(UnacceptableResultException.class)
                    .hasMessage("unacceptable result (AMBIGUOUS): null");
            assertThat(world.sleeps).isEmpty();
            Object result = world.retry(policy)
                    .<Object, RuntimeException>execute(
                            context -> context.attempt() == 1 ? Verdict.retryAfter(ms(9)) : "done");
            assertThat(result).isEqualTo("done");
            assertThat(world.sleeps).containsExactly(ms(9));
        }

        @Test
        void anOperationWithoutResultIsNotAskedForOne() {
            AtomicInteger attempts = new AtomicInteger();
            RetryPolicy nothingIsGood = EXACT.withResultClassifier(result -> Optional.of(Verdict.FAIL));
            world.retry(nothingIsGood).run(() -> {
                if (attempts.incrementAndGet() == 1) {
                    throw new CodedException("ABORTED");
                }
            });
            world.retry(nothingIsGood).run(context -> {
                attempts.incrementAndGet();
            });
            assertThat(attempts).hasValue(3);
        }

        @Test
        void whatAClassifierOfResultsThrowsReachesTheCallerAndTheOperationIsNotRepeated() {
            IllegalStateException broken = new IllegalStateException();
            AtomicInteger attempts = new AtomicInteger();
            Retry retry = world.retry(RetryPolicy.retryAllExcept().withResultClassifier(result -> {
                throw broken;
            }));
            assertThat(catchThrowable(() -> retry.execute(attempts::incrementAndGet)))
                    .isSameAs(broken);
            assertThat(catchThrowable(() -> retry.execute(context -> attempts.incrementAndGet())))
                    .isSameAs(broken);
            assertThat(attempts).hasValue(2);
        }

        @Test
        void aRefusedResultThatLeavesAnInnerRetryKeepsItsVerdictOutside() {
            RetryPolicy refusing = EXACT.withResultClassifier(result -> Optional.of(Verdict.FAIL));
            AtomicInteger attempts = new AtomicInteger();
            assertThatThrownBy(() -> world.retry(RetryPolicy.retryAllExcept())
                            .execute(() -> world.retry(refusing).execute(attempts::incrementAndGet)))
                    .isInstanceOf(UnacceptableResultException.class);
            assertThat(attempts).hasValue(1);
        }
    }
}
