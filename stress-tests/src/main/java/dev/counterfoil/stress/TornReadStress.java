package dev.counterfoil.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.counterfoil.AccountId;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Limits;
import dev.counterfoil.Snapshot;
import dev.counterfoil.Update;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * One thread changes two cells of an account and one of another by one update, another thread reads both accounts meanwhile.
 *
 * <p>The hazard is the torn view: the reader sees the update in one cell and not in the other, and reports a total that never
 * existed.
 *
 * <p>The result is what the reader saw of the three.
 */
public final class TornReadStress {
    private TornReadStress() {}

    /** A map that is safe for threads: each cell for itself. */
    @State
    @JCStressTest
    @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "as it was before")
    @Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "as it is after")
    @Outcome(expect = FORBIDDEN, desc = "a view of no moment")
    public static class Broken {
        private final Map<String, Integer> cells = new ConcurrentHashMap<>(Map.of("x", 0, "y", 0, "z", 0));

        /** Adds one to each. */
        @Actor
        public void update() {
            cells.merge("x", 1, Integer::sum);
            cells.merge("y", 1, Integer::sum);
            cells.merge("z", 1, Integer::sum);
        }

        /** Reads all. */
        @Actor
        public void read(III_Result r) {
            r.r1 = cells.getOrDefault("x", -1);
            r.r2 = cells.getOrDefault("y", -1);
            r.r3 = cells.getOrDefault("z", -1);
        }
    }

    /** The same as an update and a read of a ledger in memory. */
    @State
    @JCStressTest
    @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "as it was before")
    @Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "as it is after")
    @Outcome(expect = FORBIDDEN, desc = "a view of no moment")
    public static class Actual {
        private final Stand stand = Stand.next();
        private final AccountId other = stand.other("other");
        private final BalanceId x = stand.balance("x");
        private final BalanceId y = stand.balance("y");
        private final BalanceId z = Stand.balance(other, "z");
        private final Update update =
                stand.update("add").add(x, 1).add(y, 1).add(z, 1).build();

        /** Opens the balances. */
        public Actual() {
            Update open = stand.update("open")
                    .open(x, 0, Limits.nonNegative())
                    .open(y, 0, Limits.nonNegative())
                    .open(z, 0, Limits.nonNegative())
                    .build();
            stand.ledger().apply(open).orThrow();
        }

        /** Adds one to each. */
        @Actor
        public void update() {
            stand.ledger().apply(update).orThrow();
        }

        /** Reads all. */
        @Actor
        public void read(III_Result r) {
            Snapshot seen = stand.ledger().read(stand.account(), other);
            r.r1 = seen.balance(x).intValueExact();
            r.r2 = seen.balance(y).intValueExact();
            r.r3 = seen.balance(z).intValueExact();
        }
    }
}
