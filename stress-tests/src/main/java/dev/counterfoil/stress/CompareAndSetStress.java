package dev.counterfoil.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.counterfoil.PageRequest;
import dev.counterfoil.RegisterId;
import dev.counterfoil.Update;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/**
 * Two threads each set the same register from ACTIVE to a value of their own.
 *
 * <p>The hazard is that both find ACTIVE and both are told that they have won: an order is paid by one and cancelled by the
 * other, and both act on it.
 *
 * <p>The result is what each was told, then the values in the register's history.
 */
public final class CompareAndSetStress {
    private CompareAndSetStress() {}

    /** Compare, then set, on a plain map. */
    @State
    @JCStressTest
    @Outcome(id = "applied, refused, ACTIVE PAID", expect = ACCEPTABLE, desc = "the first won")
    @Outcome(id = "refused, applied, ACTIVE CANCELLED", expect = ACCEPTABLE, desc = "the second won")
    @Outcome(id = "applied, applied, .*", expect = FORBIDDEN, desc = "both were told that they won")
    @Outcome(expect = FORBIDDEN, desc = "the answers and the history do not agree")
    public static class Broken {
        private static final String ORDER = "order";

        private final Map<String, List<String>> histories = new HashMap<>(Map.of(ORDER, List.of("ACTIVE")));

        private String compareAndSet(String next) {
            List<String> history = histories.getOrDefault(ORDER, List.of());
            if (!history.get(history.size() - 1).equals("ACTIVE")) {
                return Told.REFUSED;
            }
            List<String> longer = new ArrayList<>(history);
            longer.add(next);
            histories.put(ORDER, List.copyOf(longer));
            return Told.APPLIED;
        }

        /** Sets PAID. */
        @Actor
        public void first(LLL_Result r) {
            r.r1 = compareAndSet("PAID");
        }

        /** Sets CANCELLED. */
        @Actor
        public void second(LLL_Result r) {
            r.r2 = compareAndSet("CANCELLED");
        }

        /** Reads what became of it. */
        @Arbiter
        public void audit(LLL_Result r) {
            r.r3 = String.join(" ", histories.getOrDefault(ORDER, List.of()));
        }
    }

    /** The same as updates of a ledger in memory. */
    @State
    @JCStressTest
    @Outcome(id = "applied, refused, ACTIVE PAID", expect = ACCEPTABLE, desc = "the first won")
    @Outcome(id = "refused, applied, ACTIVE CANCELLED", expect = ACCEPTABLE, desc = "the second won")
    @Outcome(id = "applied, applied, .*", expect = FORBIDDEN, desc = "both were told that they won")
    @Outcome(expect = FORBIDDEN, desc = "the answers and the history do not agree")
    public static class Actual {
        private final Stand stand = Stand.next();
        private final RegisterId status = stand.account().register("status");
        private final Update pay =
                stand.update("pay").compareAndSet(status, "ACTIVE", "PAID").build();
        private final Update cancel = stand.update("cancel")
                .compareAndSet(status, "ACTIVE", "CANCELLED")
                .build();

        /** Opens the register. */
        public Actual() {
            stand.ledger()
                    .apply(stand.update("open").open(status, "ACTIVE").build())
                    .orThrow();
        }

        /** Sets PAID. */
        @Actor
        public void first(LLL_Result r) {
            r.r1 = Told.by(stand.ledger(), pay);
        }

        /** Sets CANCELLED. */
        @Actor
        public void second(LLL_Result r) {
            r.r2 = Told.by(stand.ledger(), cancel);
        }

        /** Reads what became of it. */
        @Arbiter
        public void audit(LLL_Result r) {
            r.r3 = String.join(
                    " ",
                    stand.ledger().history(status, PageRequest.first(10)).items().stream()
                            .map(entry -> String.valueOf(entry.after()))
                            .toList());
        }
    }
}
