package dev.counterfoil.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.counterfoil.AccountId;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Ledger;
import dev.counterfoil.Limits;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.spi.Answer;
import dev.counterfoil.spi.Deadline;
import dev.counterfoil.spi.LedgerSettings;
import dev.counterfoil.spi.Request;
import dev.counterfoil.spi.StoreException;
import dev.counterfoil.spi.StoreLedger;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLI_Result;

/**
 * A caller is interrupted while he waits in the queue, is on his way, or leads a group with somebody else in it.
 *
 * <p>The hazard is twofold: he takes his update back and is told that nothing was applied, while a leader has just taken it
 * along; or he leads, and takes his neighbour with him who was never interrupted.
 *
 * <p>The result is what he and the other were told, then the balance.
 */
public final class InterruptStress {
    private InterruptStress() {}

    /** He takes it back if it is not on its way; the leader takes it if it was not taken back. Neither looks and acts at once. */
    @State
    @JCStressTest
    @Outcome(id = "applied, applied, 2", expect = ACCEPTABLE, desc = "the interrupt came too late")
    @Outcome(id = "not applied, applied, 1", expect = ACCEPTABLE, desc = "taken back")
    @Outcome(id = "not applied, applied, 2", expect = FORBIDDEN, desc = "told not applied, and applied all the same")
    @Outcome(expect = FORBIDDEN, desc = "the other was taken along")
    public static class Broken {
        private volatile boolean takenBack;
        private volatile boolean onItsWay;
        private final AtomicInteger balance = new AtomicInteger();

        /** Waits, and is interrupted. */
        @Actor
        public void interrupted(LLI_Result r) {
            if (onItsWay) {
                r.r1 = Told.APPLIED;
            } else {
                takenBack = true;
                r.r1 = Told.NOT_APPLIED;
            }
        }

        /** Leads a group of both. */
        @Actor
        public void leader(LLI_Result r) {
            if (!takenBack) {
                onItsWay = true;
                balance.incrementAndGet();
            }
            balance.incrementAndGet();
            r.r2 = Told.APPLIED;
        }

        /** Reads what became of it. */
        @Arbiter
        public void audit(LLI_Result r) {
            r.r3 = balance.get();
        }
    }

    /** A ledger whose callers share commits, and a store that does the interrupting when the other's update reaches it. */
    @State
    @JCStressTest
    @Outcome(id = "applied, applied, 2", expect = ACCEPTABLE, desc = "the interrupt came too late")
    @Outcome(id = "not applied, applied, 1", expect = ACCEPTABLE, desc = "taken back")
    @Outcome(id = "not applied, applied, 2", expect = FORBIDDEN, desc = "told not applied, and applied all the same")
    @Outcome(expect = FORBIDDEN, desc = "the other was taken along")
    public static class Actual {
        private static final BalanceId BALANCE = AccountId.of("stand", "1").balance("balance", Unit.of("ONE", 0));
        private static final String OTHER = "other";

        private final Ledger ledger = new StoreLedger(new Interrupting(), LedgerSettings.defaults());
        private final Update mine = Update.of("mine").add(BALANCE, 1).build();
        private final Update other = Update.of(OTHER).add(BALANCE, 1).build();
        private @Nullable Thread inside;

        /** Opens the balance. */
        public Actual() {
            ledger.apply(Update.of("open")
                            .open(BALANCE, 0, Limits.nonNegative())
                            .build())
                    .orThrow();
        }

        /** Interrupts the caller as long as his call lasts. */
        private final class Interrupting extends Books {
            Interrupting() {
                super(new ReentrantLock());
            }

            @Override
            public List<Answer> submit(List<Request> group, Deadline deadline) throws StoreException {
                if (group.stream().anyMatch(request -> request.key().value().equals(OTHER))) {
                    interrupt();
                }
                return super.submit(group, deadline);
            }
        }

        private synchronized void interrupt() {
            if (inside != null) {
                inside.interrupt();
            }
        }

        private synchronized void inside(@Nullable Thread thread) {
            inside = thread;
        }

        /** Applies, and may be interrupted. */
        @Actor
        public void interrupted(LLI_Result r) {
            inside(Thread.currentThread());
            r.r1 = Told.by(ledger, mine);
            inside(null);
            boolean unused = Thread.interrupted();
        }

        /** Applies. */
        @Actor
        public void leader(LLI_Result r) {
            r.r2 = Told.by(ledger, other);
        }

        /** Reads what became of it. */
        @Arbiter
        public void audit(LLI_Result r) {
            r.r3 = ledger.read(BALANCE.account()).balance(BALANCE).intValueExact();
        }
    }
}
