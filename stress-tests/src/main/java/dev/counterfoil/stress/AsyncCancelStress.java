package dev.counterfoil.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.counterfoil.BalanceId;
import dev.counterfoil.Limits;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/**
 * An executor comes to an update that was handed to it while its caller cancels the future.
 *
 * <p>The hazard is a cancelled payment that is made all the same: whoever cancelled before it ran was promised that nothing is
 * sent. And whoever was too late to cancel has to find the outcome in the future.
 *
 * <p>The result is whether the executor came before or after the cancelling was over, whether it was cancelled, then what became
 * of the update.
 */
public final class AsyncCancelStress {
    private AsyncCancelStress() {}

    /** Whoever runs it does not look whether it is still wanted. */
    @State
    @JCStressTest
    @Outcome(id = "after, cancelled, not there", expect = ACCEPTABLE, desc = "cancelled in time: nothing was sent")
    @Outcome(
            id = "before, .*, applied and told|before, cancelled, not there",
            expect = ACCEPTABLE,
            desc = "too late to cancel, or just in time")
    @Outcome(
            id = "before, cancelled, applied",
            expect = ACCEPTABLE_INTERESTING,
            desc = "it was under way: cancelling only stopped the waiting")
    @Outcome(
            id = "after, cancelled, applied",
            expect = FORBIDDEN,
            desc = "a payment that was cancelled before was made all the same")
    @Outcome(expect = FORBIDDEN, desc = "the future and the ledger do not agree")
    public static class Broken {
        private final CompletableFuture<Integer> future = new CompletableFuture<>();
        private final AtomicInteger balance = new AtomicInteger();
        private volatile boolean over;

        /** Runs it. */
        @Actor
        public void run(LLL_Result r) {
            r.r1 = over ? "after" : "before";
            future.complete(balance.incrementAndGet());
        }

        /** Cancels it. */
        @Actor
        public void cancel(LLL_Result r) {
            r.r2 = future.cancel(true) ? "cancelled" : "too late";
            over = true;
        }

        /** Reads what became of it. */
        @Arbiter
        public void audit(LLL_Result r) {
            r.r3 = fate(balance.get(), future);
        }
    }

    /** The same with an update of a ledger in memory. */
    @State
    @JCStressTest
    @Outcome(id = "after, cancelled, not there", expect = ACCEPTABLE, desc = "cancelled in time: nothing was sent")
    @Outcome(
            id = "before, .*, applied and told|before, cancelled, not there",
            expect = ACCEPTABLE,
            desc = "too late to cancel, or just in time")
    @Outcome(
            id = "before, cancelled, applied",
            expect = ACCEPTABLE_INTERESTING,
            desc = "it was under way: cancelling only stopped the waiting")
    @Outcome(
            id = "after, cancelled, applied",
            expect = FORBIDDEN,
            desc = "a payment that was cancelled before was made all the same")
    @Outcome(expect = FORBIDDEN, desc = "the future and the ledger do not agree")
    public static class Actual {
        private final Stand stand = Stand.next();
        private final BalanceId balance = stand.balance("balance");
        private final Queue<Runnable> executor = new ArrayDeque<>();
        private final CompletableFuture<?> future;
        private volatile boolean over;

        /** Opens the balance, and hands the update to the executor. */
        public Actual() {
            stand.ledger()
                    .apply(stand.update("open")
                            .open(balance, 0, Limits.nonNegative())
                            .build())
                    .orThrow();
            future = stand.ledger()
                    .applyAsync(stand.update("pay").add(balance, 1).build(), executor::add);
        }

        /** Runs it. */
        @Actor
        public void run(LLL_Result r) {
            r.r1 = over ? "after" : "before";
            executor.remove().run();
        }

        /** Cancels it. */
        @Actor
        public void cancel(LLL_Result r) {
            r.r2 = future.cancel(true) ? "cancelled" : "too late";
            over = true;
        }

        /** Reads what became of it. */
        @Arbiter
        public void audit(LLL_Result r) {
            r.r3 = fate(stand.amount(balance), future);
        }
    }

    private static String fate(int balance, CompletableFuture<?> future) {
        String told = future.isCompletedExceptionally() ? "" : " and told";
        return (balance == 1 ? "applied" : "not there") + told;
    }
}
