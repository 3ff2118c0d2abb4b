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
 * Two operations that always fail share a budget with one token.
 *
 * <p>The hazard is a budget that is overdrawn: both find the token, both try again, and a database that is down gets more retries
 * than it was to get. Or nobody gets it, and a retry that was paid for is not made.
 *
 * <p>The result is how often each was tried again, then what is left of the budget.
 */
public final class RetryBudgetStress {
    private RetryBudgetStress() {}

    /** Look whether there is a token, then take one. */
    @State
    @JCStressTest
    @Outcome(id = "1, 0, 0", expect = ACCEPTABLE, desc = "the first had the token")
    @Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "the second had the token")
    @Outcome(id = "1, 1, .*", expect = FORBIDDEN, desc = "one token, two retries")
    @Outcome(expect = FORBIDDEN, desc = "the token was lost, or was not used up")
    public static class Broken {
        private final AtomicInteger tokens = new AtomicInteger(1);

        private int retries() {
            if (tokens.get() == 0) {
                return 0;
            }
            tokens.decrementAndGet();
            return 1;
        }

        /** Fails, and is tried again as long as it may. */
        @Actor
        public void first(III_Result r) {
            r.r1 = retries();
        }

        /** Fails, and is tried again as long as it may. */
        @Actor
        public void second(III_Result r) {
            r.r2 = retries();
        }

        /** Reads what is left. */
        @Arbiter
        public void audit(III_Result r) {
            r.r3 = tokens.get();
        }
    }

    /** The same with the retry of the library. */
    @State
    @JCStressTest
    @Outcome(id = "1, 0, 0", expect = ACCEPTABLE, desc = "the first had the token")
    @Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "the second had the token")
    @Outcome(id = "1, 1, .*", expect = FORBIDDEN, desc = "one token, two retries")
    @Outcome(expect = FORBIDDEN, desc = "the token was lost, or was not used up")
    public static class Actual {
        private final RetryBudget budget = RetryBudget.of(1, 1);
        private final Budgeted operations = new Budgeted(budget);

        /** Fails, and is tried again as long as it may. */
        @Actor
        public void first(III_Result r) {
            r.r1 = operations.retriesOfAFailure();
        }

        /** Fails, and is tried again as long as it may. */
        @Actor
        public void second(III_Result r) {
            r.r2 = operations.retriesOfAFailure();
        }

        /** Reads what is left. */
        @Arbiter
        public void audit(III_Result r) {
            r.r3 = budget.available();
        }
    }
}
