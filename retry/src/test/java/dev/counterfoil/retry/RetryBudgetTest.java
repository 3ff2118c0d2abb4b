package dev.counterfoil.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {

    @Test
    void aFullBudgetAllowsItsCapacityAndNoMore() {
        RetryBudget budget = RetryBudget.of(3, 10);
        assertThat(budget.available()).isEqualTo(3);
        assertThat(new boolean[] {budget.tryTake(), budget.tryTake(), budget.tryTake(), budget.tryTake()})
                .containsExactly(true, true, true, false);
        assertThat(budget.available()).isZero();
    }

    @Test
    void soManySuccessesPutATokenBack() {
        RetryBudget budget = RetryBudget.of(1, 10);
        assertThat(budget.tryTake()).isTrue();
        for (int i = 0; i < 9; i++) {
            budget.succeeded();
        }
        assertThat(budget.tryTake()).isFalse();
        assertThat(budget.available()).isZero();
        budget.succeeded();
        assertThat(budget.available()).isEqualTo(1);
        assertThat(budget.tryTake()).isTrue();
        assertThat(budget.tryTake()).isFalse();
    }

    @Test
    void aRemainderOfSuccessesIsKept() {
        RetryBudget budget = RetryBudget.of(5, 10);
        while (budget.tryTake()) {
            // until it is empty
        }
        for (int i = 0; i < 15; i++) {
            budget.succeeded();
        }
        assertThat(budget.tryTake()).isTrue();
        assertThat(budget.tryTake()).isFalse();
        for (int i = 0; i < 5; i++) {
            budget.succeeded();
        }
        assertThat(budget.tryTake()).isTrue();
    }

    @Test
    void successesOfAFullBudgetAreNotSavedUp() {
        RetryBudget budget = RetryBudget.of(2, 2);
        budget.succeeded();
        assertThat(budget.tryTake()).isTrue();
        budget.succeeded();
        assertThat(budget.available()).isEqualTo(1);
        budget.succeeded();
        assertThat(budget.available()).isEqualTo(2);
    }

    @Test
    void successesNeverFillItBeyondItsCapacity() {
        RetryBudget budget = RetryBudget.of(2, 1);
        for (int i = 0; i < 100; i++) {
            budget.succeeded();
        }
        assertThat(budget.available()).isEqualTo(2);
        assertThat(budget.tryTake()).isTrue();
        for (int i = 0; i < 100; i++) {
            budget.succeeded();
        }
        assertThat(budget.available()).isEqualTo(2);
        assertThat(new boolean[] {budget.tryTake(), budget.tryTake(), budget.tryTake()})
                .containsExactly(true, true, false);
    }

    @Test
    void anEmptyBudgetStopsRetriesOfAllOperationsThatShareItButNoFirstAttempt() throws Exception {
        World world = new World();
        RetryPolicy policy = RetryPolicy.defaults().withBudget(RetryBudget.of(3, 1));
        Retry one = Retry.named("one", policy, world.runtime());
        Retry other = Retry.named("other", policy.withMaxAttempts(9), world.runtime());
        assertThatThrownBy(() -> one.run(() -> {
                    throw new IOException();
                }))
                .hasMessageContaining("given up after 3 attempts")
                .hasMessageContaining("ATTEMPTS");
        assertThatThrownBy(() -> other.run(() -> {
                    throw new IOException();
                }))
                .hasMessageContaining("given up after 2 attempts")
                .hasMessageContaining("BUDGET");
        assertThatThrownBy(() -> other.execute(() -> {
                    throw new IOException();
                }))
                .hasMessageContaining("given up after 1 attempt")
                .hasMessageContaining("BUDGET");
        assertThat(one.execute(() -> "done")).isEqualTo("done");
        one.run(() -> {});
        one.execute(context -> "done");
        assertThat(policy.budget().orElseThrow().available()).isEqualTo(3);
    }

    @Test
    void aSuccessAfterRetriesIsCreditedOnce() throws Exception {
        RetryBudget budget = RetryBudget.of(10, 1);
        World world = new World();
        world.retry(RetryPolicy.defaults().withBudget(budget))
                .execute(new Script(new IOException(), new IOException()));
        assertThat(budget.available()).isEqualTo(9);
    }

    @Test
    void noTokenIsTakenForARetryThatTheDeadlineForbids() {
        RetryBudget budget = RetryBudget.of(10, 1);
        World world = new World();
        RetryPolicy policy = RetryPolicy.defaults().withBudget(budget).withDeadline(Duration.ofMillis(1));
        assertThatThrownBy(() -> world.retry(policy).execute(new Script(new IOException())))
                .hasMessageContaining("DEADLINE");
        assertThat(budget.available()).isEqualTo(10);
    }

    @Test
    void numbersBelowOneAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RetryBudget.of(0, 1))
                .withMessage("the capacity 0 and the successes per retry 1 are not both 1 or more");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RetryBudget.of(1, 0))
                .withMessage("the capacity 1 and the successes per retry 0 are not both 1 or more");
        assertThat(RetryBudget.of(1, 1)).hasToString("RetryBudget[1 of 1, one for 1 successes]");
    }

    /**
     * Hazard: a token taken twice, a success counted twice, tokens below zero or above the capacity. Model: no more takes
     * than the capacity and the successes pay for; and, once all threads have stopped, not less than what is certain.
     */
    @Test
    void underContentionNoTokenIsInvented() throws Exception {
        long seed = Seed.of(RetryBudgetTest.class);
        int threads = 4;
        int steps = 200_000;
        int capacity = 50;
        int successesPerRetry = 7;
        RetryBudget budget = RetryBudget.of(capacity, successesPerRetry);
        CyclicBarrier start = new CyclicBarrier(threads);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        long taken = 0;
        long succeeded = 0;
        try {
            List<Future<long[]>> counts = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                Random random = new Random(seed + thread);
                counts.add(pool.submit(() -> {
                    long[] count = new long[2];
                    start.await();
                    for (int i = 0; i < steps; i++) {
                        if (random.nextInt(4) == 0) {
                            count[0] += budget.tryTake() ? 1 : 0;
                        } else {
                            budget.succeeded();
                            count[1]++;
                        }
                        int available = budget.available();
                        if (available < 0 || available > capacity) {
                            throw new AssertionError(available);
                        }
                    }
                    return count;
                }));
            }
            for (Future<long[]> count : counts) {
                taken += count.get()[0];
                succeeded += count.get()[1];
            }
        } finally {
            pool.shutdownNow();
        }
        while (budget.tryTake()) {
            taken++;
        }
        assertThat(taken).isLessThanOrEqualTo(capacity + succeeded / successesPerRetry);
        // Takes are asked for more often than successes pay for them, so the bucket is seldom full and little is lost.
        assertThat(taken).isGreaterThan((long) (0.9 * succeeded / successesPerRetry));
    }
}
