package dev.counterfoil.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.counterfoil.AccountId;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Key;
import dev.counterfoil.Ledger;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.spi.Answer;
import dev.counterfoil.spi.Deadline;
import dev.counterfoil.spi.LedgerSettings;
import dev.counterfoil.spi.Request;
import dev.counterfoil.spi.StoreException;
import dev.counterfoil.spi.StoreLedger;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/**
 * A ledger is closed while a caller applies an update: a service that is shut down under load.
 *
 * <p>The hazard is an update that is neither refused nor served: it passes the door before it closes, and finds the store gone.
 *
 * <p>The result is what the caller was told, whether his update is there, then whether the store was used after its end.
 */
public final class LedgerCloseStress {
    private static final String CLOSED = "closed";

    private LedgerCloseStress() {}

    /** Look whether it is open, then use the store. */
    @State
    @JCStressTest
    @Outcome(id = "applied, there, in order", expect = ACCEPTABLE, desc = "served; closing waited")
    @Outcome(id = "closed, not there, in order", expect = ACCEPTABLE, desc = "turned away before anything was sent")
    @Outcome(id = ".*, used after its end", expect = FORBIDDEN, desc = "the store was taken away beneath a call")
    @Outcome(expect = FORBIDDEN, desc = "the answer and the store do not agree")
    public static class Broken {
        private volatile boolean closed;
        private volatile boolean storeClosed;
        private boolean there;
        private boolean late;

        /** Applies. */
        @Actor
        public void apply(LLL_Result r) {
            if (closed) {
                r.r1 = CLOSED;
            } else {
                late = storeClosed;
                there = true;
                r.r1 = Told.APPLIED;
            }
        }

        /** Closes. */
        @Actor
        public void close() {
            closed = true;
            storeClosed = true;
        }

        /** Reads what became of it. */
        @Arbiter
        public void audit(LLL_Result r) {
            r.r2 = there ? "there" : "not there";
            r.r3 = late ? "used after its end" : "in order";
        }
    }

    /** A ledger whose callers share commits. */
    @State
    @JCStressTest
    @Outcome(id = "applied, there, in order", expect = ACCEPTABLE, desc = "served; closing waited")
    @Outcome(id = "closed, not there, in order", expect = ACCEPTABLE, desc = "turned away before anything was sent")
    @Outcome(id = ".*, used after its end", expect = FORBIDDEN, desc = "the store was taken away beneath a call")
    @Outcome(expect = FORBIDDEN, desc = "the answer and the store do not agree")
    public static class Actual {
        private static final BalanceId BALANCE = AccountId.of("stand", "1").balance("balance", Unit.of("ONE", 0));
        private static final Update OPEN = Update.of("open").open(BALANCE).build();

        private final Ending store = new Ending();
        private final Ledger ledger = new StoreLedger(store, LedgerSettings.defaults());

        /** Notes what comes after its end. */
        private static final class Ending extends Books {
            private volatile boolean ended;
            private volatile boolean late;

            Ending() {
                super(new ReentrantLock());
            }

            @Override
            public List<Answer> submit(List<Request> group, Deadline deadline) throws StoreException {
                List<Answer> answers = super.submit(group, deadline);
                late |= ended;
                return answers;
            }

            @Override
            public void close() {
                ended = true;
            }
        }

        /** Applies. */
        @Actor
        public void apply(LLL_Result r) {
            try {
                r.r1 = Told.by(ledger, OPEN);
            } catch (IllegalStateException e) {
                r.r1 = CLOSED;
            }
        }

        /** Closes. */
        @Actor
        public void close() {
            ledger.close();
        }

        /** Reads what became of it. */
        @Arbiter
        public void audit(LLL_Result r) {
            r.r2 = store.isDecided(Key.of("open")) ? "there" : "not there";
            r.r3 = store.late ? "used after its end" : "in order";
        }
    }
}
