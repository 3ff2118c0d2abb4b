package dev.counterfoil.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.counterfoil.BalanceId;
import dev.counterfoil.Limits;
import dev.counterfoil.Update;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/**
 * Two doctors go off call at the same time; each looks first whether the other stays.
 *
 * <p>The hazard is the write skew: each changes a cell that the other only reads, so nothing collides where it is written, and
 * what both relied on is true no more.
 *
 * <p>The result is what each was told, then who is on call.
 */
public final class DecideStress {
    private DecideStress() {}

    /** Each writes only if what it writes has not changed since it looked, as under snapshot isolation. */
    @State
    @JCStressTest
    @Outcome(id = "applied, refused, 0 1", expect = ACCEPTABLE, desc = "the first left, the second stays")
    @Outcome(id = "refused, applied, 1 0", expect = ACCEPTABLE, desc = "the second left, the first stays")
    @Outcome(id = "applied, applied, 0 0", expect = FORBIDDEN, desc = "nobody is on call")
    @Outcome(expect = FORBIDDEN, desc = "the answers and the cells do not agree")
    public static class Broken {
        private final AtomicInteger one = new AtomicInteger(1);
        private final AtomicInteger two = new AtomicInteger(1);

        private static String leave(AtomicInteger mine, AtomicInteger other) {
            int seen = mine.get();
            if (seen + other.get() < 2) {
                return Told.REFUSED;
            }
            return mine.compareAndSet(seen, 0) ? Told.APPLIED : Told.REFUSED;
        }

        /** Leaves. */
        @Actor
        public void first(LLL_Result r) {
            r.r1 = leave(one, two);
        }

        /** Leaves. */
        @Actor
        public void second(LLL_Result r) {
            r.r2 = leave(two, one);
        }

        /** Reads what became of it. */
        @Arbiter
        public void audit(LLL_Result r) {
            r.r3 = one + " " + two;
        }
    }

    /** The same as two decide functions on a ledger in memory. */
    @State
    @JCStressTest
    @Outcome(id = "applied, refused, 0 1", expect = ACCEPTABLE, desc = "the first left, the second stays")
    @Outcome(id = "refused, applied, 1 0", expect = ACCEPTABLE, desc = "the second left, the first stays")
    @Outcome(id = "applied, applied, 0 0", expect = FORBIDDEN, desc = "nobody is on call")
    @Outcome(expect = FORBIDDEN, desc = "the answers and the cells do not agree")
    public static class Actual {
        private final Stand stand = Stand.next();
        private final BalanceId one = stand.balance("one");
        private final BalanceId two = Stand.balance(stand.other("other"), "two");

        /** Opens the balances. */
        public Actual() {
            Update open = stand.update("open")
                    .open(one, 1, Limits.nonNegative())
                    .open(two, 1, Limits.nonNegative())
                    .build();
            stand.ledger().apply(open).orThrow();
        }

        private String leave(String key, BalanceId mine, BalanceId other) {
            return Told.of(() -> stand.ledger().decide(stand.key(key), "leave", List.of(mine, other), now -> {
                boolean bothAreThere = now.balance(mine).add(now.balance(other)).intValueExact() == 2;
                return bothAreThere
                        ? now.update().take(mine, 1).build()
                        : now.decline("ALONE", "nobody else is on call");
            }));
        }

        /** Leaves. */
        @Actor
        public void first(LLL_Result r) {
            r.r1 = leave("first", one, two);
        }

        /** Leaves. */
        @Actor
        public void second(LLL_Result r) {
            r.r2 = leave("second", two, one);
        }

        /** Reads what became of it. */
        @Arbiter
        public void audit(LLL_Result r) {
            r.r3 = stand.amount(one) + " " + stand.amount(two);
        }
    }
}
