package dev.counterfoil.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.counterfoil.Balance;
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
 * One thread pays into a balance while another closes it, which asks that it be empty.
 *
 * <p>The hazard is money behind a closed door: the payment finds the balance open, the closing finds it empty, and both go on.
 *
 * <p>The result is what the payer and the closer were told, then the balance.
 */
public final class CloseStress {
    private CloseStress() {}

    /** The mark and the amount are each seen by all threads at once; they are not looked at together. */
    @State
    @JCStressTest
    @Outcome(id = "applied, refused, open 1", expect = ACCEPTABLE, desc = "paid before; it was not empty any more")
    @Outcome(id = "refused, applied, closed 0", expect = ACCEPTABLE, desc = "closed before; no payment came in")
    @Outcome(id = "applied, applied, closed 1", expect = FORBIDDEN, desc = "there is money behind the closed door")
    @Outcome(expect = FORBIDDEN, desc = "the answers and the balance do not agree")
    public static class Broken {
        private volatile boolean closed;
        private final AtomicInteger balance = new AtomicInteger();

        /** Pays. */
        @Actor
        public void pay(LLL_Result r) {
            if (closed) {
                r.r1 = Told.REFUSED;
            } else {
                balance.incrementAndGet();
                r.r1 = Told.APPLIED;
            }
        }

        /** Closes. */
        @Actor
        public void close(LLL_Result r) {
            if (balance.get() != 0) {
                r.r2 = Told.REFUSED;
            } else {
                closed = true;
                r.r2 = Told.APPLIED;
            }
        }

        /** Reads what became of it. */
        @Arbiter
        public void audit(LLL_Result r) {
            r.r3 = (closed ? "closed " : "open ") + balance;
        }
    }

    /** The same as updates of a ledger in memory. */
    @State
    @JCStressTest
    @Outcome(id = "applied, refused, open 1", expect = ACCEPTABLE, desc = "paid before; it was not empty any more")
    @Outcome(id = "refused, applied, closed 0", expect = ACCEPTABLE, desc = "closed before; no payment came in")
    @Outcome(id = "applied, applied, closed 1", expect = FORBIDDEN, desc = "there is money behind the closed door")
    @Outcome(expect = FORBIDDEN, desc = "the answers and the balance do not agree")
    public static class Actual {
        private final Stand stand = Stand.next();
        private final BalanceId balance = stand.balance("balance");
        private final Update pay = stand.update("pay").add(balance, 1).build();
        private final Update close = stand.update("close").close(balance).build();

        /** Opens the balance. */
        public Actual() {
            Update open =
                    stand.update("open").open(balance, 0, Limits.nonNegative()).build();
            stand.ledger().apply(open).orThrow();
        }

        /** Pays. */
        @Actor
        public void pay(LLL_Result r) {
            r.r1 = Told.by(stand.ledger(), pay);
        }

        /** Closes. */
        @Actor
        public void close(LLL_Result r) {
            r.r2 = Told.by(stand.ledger(), close);
        }

        /** Reads what became of it. */
        @Arbiter
        public void audit(LLL_Result r) {
            Balance now = stand.ledger().read(stand.account()).find(balance).orElseThrow();
            r.r3 = (now.closed() ? "closed " : "open ") + now.amount();
        }
    }
}
