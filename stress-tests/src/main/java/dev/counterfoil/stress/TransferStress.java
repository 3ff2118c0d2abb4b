package dev.counterfoil.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.counterfoil.BalanceId;
import dev.counterfoil.Limits;
import dev.counterfoil.Update;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/**
 * Two threads transfer the same single coin, one to the left, one to the right.
 *
 * <p>The hazard is the coin that is spent twice: both look, both find it, and both take it. That each balance changes atomically
 * does not help, because what has to be atomic is the look together with both changes.
 *
 * <p>The result is what each was told, then the balances: the coin's, left, right.
 */
public final class TransferStress {
    private TransferStress() {}

    /** Each balance is an atomic number; the rule spans several steps. */
    @State
    @JCStressTest
    @Outcome(id = "applied, refused, 0 1 0", expect = ACCEPTABLE, desc = "the coin went left")
    @Outcome(id = "refused, applied, 0 0 1", expect = ACCEPTABLE, desc = "the coin went right")
    @Outcome(id = "applied, applied, .*", expect = FORBIDDEN, desc = "the coin was spent twice")
    @Outcome(expect = FORBIDDEN, desc = "a transfer was half done, or answered falsely")
    public static class Broken {
        private final AtomicInteger coin = new AtomicInteger(1);
        private final AtomicInteger left = new AtomicInteger();
        private final AtomicInteger right = new AtomicInteger();

        private String transfer(AtomicInteger to) {
            if (coin.get() < 1) {
                return Told.REFUSED;
            }
            to.incrementAndGet();
            coin.decrementAndGet();
            return Told.APPLIED;
        }

        /** Goes left. */
        @Actor
        public void first(LLL_Result r) {
            r.r1 = transfer(left);
        }

        /** Goes right. */
        @Actor
        public void second(LLL_Result r) {
            r.r2 = transfer(right);
        }

        /** Reads what became of it. */
        @Arbiter
        public void audit(LLL_Result r) {
            r.r3 = coin + " " + left + " " + right;
        }
    }

    /** The same as transfers of a ledger in memory, between accounts that are locked in one order. */
    @State
    @JCStressTest
    @Outcome(id = "applied, refused, 0 1 0", expect = ACCEPTABLE, desc = "the coin went left")
    @Outcome(id = "refused, applied, 0 0 1", expect = ACCEPTABLE, desc = "the coin went right")
    @Outcome(id = "applied, applied, .*", expect = FORBIDDEN, desc = "the coin was spent twice")
    @Outcome(expect = FORBIDDEN, desc = "a transfer was half done, or answered falsely")
    public static class Actual {
        private final Stand stand = Stand.next();
        private final BalanceId coin = stand.balance("coin");
        private final BalanceId left = Stand.balance(stand.other("left"), "coin");
        private final BalanceId right = Stand.balance(stand.other("right"), "coin");
        private final Update goLeft =
                stand.update("left").transfer(coin, left, 1).build();
        private final Update goRight =
                stand.update("right").transfer(coin, right, 1).build();

        /** Opens the balances. */
        public Actual() {
            Update open = stand.update("open")
                    .open(coin, 1, Limits.nonNegative())
                    .open(left, 0, Limits.nonNegative())
                    .open(right, 0, Limits.nonNegative())
                    .build();
            stand.ledger().apply(open).orThrow();
        }

        /** Goes left. */
        @Actor
        public void first(LLL_Result r) {
            r.r1 = Told.by(stand.ledger(), goLeft);
        }

        /** Goes right. */
        @Actor
        public void second(LLL_Result r) {
            r.r2 = Told.by(stand.ledger(), goRight);
        }

        /** Reads what became of it. */
        @Arbiter
        public void audit(LLL_Result r) {
            r.r3 = stand.amount(coin) + " " + stand.amount(left) + " " + stand.amount(right);
        }
    }
}
