package dev.counterfoil.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.counterfoil.retry.RetryBudget;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Two threads succeed often and fail now and then, under one budget that was empty before: each failure is tried again for as
 * long as there are tokens, and two successes earn one.
 *
 * <p>The hazard is a token that is lost, or made twice, between the counting of successes and the taking of tokens: the budget
 * dries out although the database is well, or lets through what was never earned.
 *
 * <p>The result is how many tokens each used, then how many were used or are left: {@value #EARNED} were earned.
 */
public final class RetryCreditStress {
    private RetryCreditStress() {}

    private static final int CAPACITY = 64;
    private static final int SUCCESSES_PER_RETRY = 2;
    private static final int ROUNDS = 12;
    private static final int SUCCESSES_IN_A_ROUND = 4;
    private static final int EARNED = 2 * ROUNDS * SUCCESSES_IN_A_ROUND / SUCCESSES_PER_RETRY;

    private static final String ALL = ".*, .*, " + EARNED;

    /** Successes are counted safely; they are read, and only then set back. */
    @State
    @JCStressTest
    @Outcome(id = ALL, expect = ACCEPTABLE, desc = "each token was used or is left")
    @Outcome(expect = FORBIDDEN, desc = "tokens were lost, or made twice")
    public static class Broken {
        private final AtomicInteger tokens = new AtomicInteger();
        private final AtomicInteger successes = new AtomicInteger();

        @SuppressWarnings("ThreadPriorityCheck") // Gives the other a chance to succeed just now.
        private void collect() {
            int counted = successes.get();
            if (counted >= SUCCESSES_PER_RETRY) {
                tokens.addAndGet(counted / SUCCESSES_PER_RETRY);
                Thread.yield();
                successes.set(counted % SUCCESSES_PER_RETRY);
            }
        }

        private int run() {
            int used = 0;
            for (int round = 0; round < ROUNDS; round++) {
                for (int i = 0; i < SUCCESSES_IN_A_ROUND; i++) {
                    successes.incrementAndGet();
                }
                collect();
                used += tokens.getAndSet(0);
            }
            return used;
        }

        /** Succeeds and fails. */
        @Actor
        public void first(III_Result r) {
            r.r1 = run();
        }

        /** Succeeds and fails. */
        @Actor
        public void second(III_Result r) {
            r.r2 = run();
        }

        /** Counts. */
        @Arbiter
        public void audit(III_Result r) {
            collect();
            r.r3 = r.r1 + r.r2 + tokens.get();
        }
    }

    /** The same with the retry of the library. */
    @State
    @JCStressTest
    @Outcome(id = ALL, expect = ACCEPTABLE, desc = "each token was used or is left")
    @Outcome(expect = FORBIDDEN, desc = "tokens were lost, or made twice")
    public static class Actual {
        private final RetryBudget budget = RetryBudget.of(CAPACITY, SUCCESSES_PER_RETRY);
        private final Budgeted operations = new Budgeted(budget);

        /** Empties the budget. */
        public Actual() {
            int unused = operations.retriesOfAFailure();
        }

        private int run() {
            int used = 0;
            for (int round = 0; round < ROUNDS; round++) {
                for (int i = 0; i < SUCCESSES_IN_A_ROUND; i++) {
                    operations.succeed();
                }
                used += operations.retriesOfAFailure();
            }
            return used;
        }

        /** Succeeds and fails. */
        @Actor
        public void first(III_Result r) {
            r.r1 = run();
        }

        /** Succeeds and fails. */
        @Actor
        public void second(III_Result r) {
            r.r2 = run();
        }

        /** Counts. */
        @Arbiter
        public void audit(III_Result r) {
            r.r3 = r.r1 + r.r2 + budget.available();
        }
    }
}
