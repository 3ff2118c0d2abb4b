package dev.counterfoil.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.counterfoil.AccountId;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Limits;
import dev.counterfoil.Update;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLI_Result;

/**
 * Two browser tabs pay the same invoice, under different keys and from different accounts.
 *
 * <p>The hazard is that the locks of the cells do not help here, since there is no cell that both lock: both find the reference
 * of the invoice free, and it is paid twice.
 *
 * <p>The result is what each was told, then what was paid in all.
 */
public final class ReferenceStress {
    private ReferenceStress() {}

    /** Each account has a lock; the reference is looked up and written down under it. */
    @State
    @JCStressTest
    @Outcome(id = "applied, refused, 1", expect = ACCEPTABLE, desc = "the first paid")
    @Outcome(id = "refused, applied, 1", expect = ACCEPTABLE, desc = "the second paid")
    @Outcome(id = "applied, applied, 2", expect = FORBIDDEN, desc = "the invoice was paid twice")
    @Outcome(expect = FORBIDDEN, desc = "the answers and the balances do not agree")
    public static class Broken {
        private static final String REFERENCE = "invoice/42/payment";

        private final Map<String, String> references = new ConcurrentHashMap<>();
        private final AtomicInteger one = new AtomicInteger();
        private final AtomicInteger two = new AtomicInteger();

        private String pay(String key, AtomicInteger account) {
            synchronized (account) {
                if (references.containsKey(REFERENCE)) {
                    return Told.REFUSED;
                }
                account.incrementAndGet();
                references.put(REFERENCE, key);
                return Told.APPLIED;
            }
        }

        /** Pays from the one account. */
        @Actor
        public void first(LLI_Result r) {
            r.r1 = pay("first", one);
        }

        /** Pays from the other. */
        @Actor
        public void second(LLI_Result r) {
            r.r2 = pay("second", two);
        }

        /** Reads what became of it. */
        @Arbiter
        public void audit(LLI_Result r) {
            r.r3 = one.get() + two.get();
        }
    }

    /** The same as updates of a ledger in memory. */
    @State
    @JCStressTest
    @Outcome(id = "applied, refused, 1", expect = ACCEPTABLE, desc = "the first paid")
    @Outcome(id = "refused, applied, 1", expect = ACCEPTABLE, desc = "the second paid")
    @Outcome(id = "applied, applied, 2", expect = FORBIDDEN, desc = "the invoice was paid twice")
    @Outcome(expect = FORBIDDEN, desc = "the answers and the balances do not agree")
    public static class Actual {
        private final Stand stand = Stand.next();
        private final BalanceId one = stand.balance("paid");
        private final BalanceId two = Stand.balance(other(), "paid");
        private final Update first = pay("first", one);
        private final Update second = pay("second", two);

        /** Opens the balances. */
        public Actual() {
            Update open = stand.update("open")
                    .open(one, 0, Limits.nonNegative())
                    .open(two, 0, Limits.nonNegative())
                    .build();
            stand.ledger().apply(open).orThrow();
        }

        private AccountId other() {
            return stand.other("other");
        }

        private Update pay(String key, BalanceId paid) {
            return stand.update(key)
                    .add(paid, 1)
                    .reference("invoice/" + stand.key("payment"))
                    .build();
        }

        /** Pays from the one account. */
        @Actor
        public void first(LLI_Result r) {
            r.r1 = Told.by(stand.ledger(), first);
        }

        /** Pays from the other. */
        @Actor
        public void second(LLI_Result r) {
            r.r2 = Told.by(stand.ledger(), second);
        }

        /** Reads what became of it. */
        @Arbiter
        public void audit(LLI_Result r) {
            r.r3 = stand.amount(one) + stand.amount(two);
        }
    }
}
