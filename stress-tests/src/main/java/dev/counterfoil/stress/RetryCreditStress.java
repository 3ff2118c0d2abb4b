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
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * One operation succeeds four times and earns two tokens, while another fails and is tried again for as long as it finds any, in
 * an empty budget with room for four.
 *
 * <p>The hazard is a token that is lost, or made twice, between the counting of successes and the taking: the budget dries out
 * although the database is well, or lets through what was never earned.
 *
 * <p>The result is how many tokens were used and are left, then how many of them were used.
 */
public final class RetryCreditStress {
    private RetryCreditStress() {}

    private static final int CAPACITY = 4;
    private static final int SUCCESSES_PER_RETRY = 2;

    /** Successes are counted safely; they are read, and only then set back. */
    @State
    @JCStressTest
    @Outcome(id = "2, .*", expect = ACCEPTABLE, desc = "used now or left for later: two were earned")
    @Outcome(id = "0, .*|1, .*", expect = FORBIDDEN, desc = "a token was lost")
    @Outcome(expect = FORBIDDEN, desc = "a token was made twice")
    public static class Broken {
        private final AtomicInteger tokens = new AtomicInteger();
        private final AtomicInteger successes = new AtomicInteger();
        private int used;

        private void collect() {
            int counted = successes.get();
            if (counted >= SUCCESSES_PER_RETRY) {
                successes.set(counted % SUCCESSES_PER_RETRY);
                tokens.addAndGet(counted / SUCCESSES_PER_RETRY);
            }
        }

        /** Succeeds. */
        @Actor
        public void succeed() {
            for (int i = 0; i < 2 * SUCCESSES_PER_RETRY; i++) {
                successes.incrementAndGet();
            }
        }

        /** Fails, and is tried again as long as it may. */
        @Actor
        public void fail(II_Result r) {
            collect();
            while (tokens.get() > 0) {
                tokens.decrementAndGet();
                used++;
                collect();
            }
            r.r2 = used;
        }

        /** Counts. */
        @Arbiter
        public void audit(II_Result r) {
            collect();
            r.r1 = r.r2 + tokens.get();
        }
    }

    /** The same with the retry of the library. */
    @State
    @JCStressTest
    @Outcome(id = "2, .*", expect = ACCEPTABLE, desc = "used now or left for later: two were earned")
    @Outcome(id = "0, .*|1, .*", expect = FORBIDDEN, desc = "a token was lost")
    @Outcome(expect = FORBIDDEN, desc = "a token was made twice")
    public static class Actual {
        private final RetryBudget budget = RetryBudget.of(CAPACITY, SUCCESSES_PER_RETRY);
        private final Budgeted operations = new Budgeted(budget);

        /** Empties the budget. */
        public Actual() {
            int unused = operations.retriesOfAFailure();
        }

        /** Succeeds. */
        @Actor
        public void succeed() {
            for (int i = 0; i < 2 * SUCCESSES_PER_RETRY; i++) {
                operations.succeed();
            }
        }

        /** Fails, and is tried again as long as it may. */
        @Actor
        public void fail(II_Result r) {
            r.r2 = operations.retriesOfAFailure();
        }

        /** Counts. */
        @Arbiter
        public void audit(II_Result r) {
            r.r1 = r.r2 + budget.available();
        }
    }
}
