package dev.counterfoil.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.counterfoil.AccountId;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Ledger;
import dev.counterfoil.Limits;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.spi.LedgerSettings;
import dev.counterfoil.spi.StoreLedger;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLI_Result;

/**
 * Two callers share commits: one of them leads a group, the other waits for him, or is told to lead the next.
 *
 * <p>The hazard is the lost hand-over: a caller comes at the moment at which the leader has found the queue empty and has not
 * left yet. The caller believes that he is led, the leader has gone, and nobody ever sends the update.
 *
 * <p>The result is what each was told, then the balance. A caller that nobody wakes is told so when his time is up, and that is
 * forbidden here.
 */
public final class HandOverStress {
    private HandOverStress() {}

    /** A queue and a mark that somebody leads, each safe for threads. Who has an answer is told; nothing waits for ever. */
    @State
    @JCStressTest
    @Outcome(id = "applied, applied, 2", expect = ACCEPTABLE, desc = "both were answered")
    @Outcome(id = "nothing, .*|.*, nothing, .*", expect = FORBIDDEN, desc = "a caller was forgotten in the queue")
    @Outcome(expect = FORBIDDEN, desc = "the answers and the balance do not agree")
    public static class Broken {
        private final Queue<AtomicBoolean> queue = new ConcurrentLinkedQueue<>();
        private final AtomicBoolean led = new AtomicBoolean();
        private final AtomicInteger balance = new AtomicInteger();
        private final AtomicInteger gone = new AtomicInteger();

        private String apply() {
            AtomicBoolean answered = new AtomicBoolean();
            queue.add(answered);
            if (led.compareAndSet(false, true)) {
                for (AtomicBoolean next = queue.poll(); next != null; next = queue.poll()) {
                    balance.incrementAndGet();
                    next.set(true);
                }
                // Whoever has come since the last look is not seen.
                led.set(false);
            }
            while (!answered.get() && gone.get() == 0) {
                Thread.onSpinWait();
            }
            gone.incrementAndGet();
            return answered.get() ? Told.APPLIED : "nothing";
        }

        /** Applies. */
        @Actor
        public void first(LLI_Result r) {
            r.r1 = apply();
        }

        /** Applies. */
        @Actor
        public void second(LLI_Result r) {
            r.r2 = apply();
        }

        /** Reads what became of it. */
        @Arbiter
        public void audit(LLI_Result r) {
            r.r3 = balance.get();
        }
    }

    /** A ledger whose callers share commits. */
    @State
    @JCStressTest
    @Outcome(id = "applied, applied, 4", expect = ACCEPTABLE, desc = "both were answered, twice each")
    @Outcome(id = "not applied, .*|.*, not applied, .*", expect = FORBIDDEN, desc = "a caller was forgotten")
    @Outcome(expect = FORBIDDEN, desc = "the answers and the balance do not agree")
    public static class Actual {
        private static final BalanceId BALANCE = AccountId.of("stand", "1").balance("balance", Unit.of("ONE", 0));

        private final Ledger ledger = new StoreLedger(new Books(new ReentrantLock()), LedgerSettings.defaults());
        private final Update first = add("first");
        private final Update firstAgain = add("first again");
        private final Update second = add("second");
        private final Update secondAgain = add("second again");

        /** Opens the balance. */
        public Actual() {
            ledger.apply(Update.of("open")
                            .open(BALANCE, 0, Limits.nonNegative())
                            .build())
                    .orThrow();
        }

        private static Update add(String key) {
            return Update.of(key).add(BALANCE, 1).build();
        }

        /** Applies, twice. */
        @Actor
        public void first(LLI_Result r) {
            r.r1 = Told.byAll(ledger, first, firstAgain);
        }

        /** Applies, twice. */
        @Actor
        public void second(LLI_Result r) {
            r.r2 = Told.byAll(ledger, second, secondAgain);
        }

        /** Reads what became of it. */
        @Arbiter
        public void audit(LLI_Result r) {
            r.r3 = ledger.read(BALANCE.account()).balance(BALANCE).intValueExact();
        }
    }
}
