package dev.counterfoil.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.counterfoil.Applied;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Limits;
import dev.counterfoil.Receipt;
import dev.counterfoil.Update;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;

/**
 * The same update, under the same key, is sent by two threads at the same time: an impatient client, or a broker that delivers
 * twice.
 *
 * <p>The hazard is that both find the key unused and both apply it: the money moves twice, with two receipts for one key.
 *
 * <p>The result is what each was told, whether both receipts are equal, then the balance.
 */
public final class ReplayStress {
    private ReplayStress() {}

    /** Look the key up, apply, write the key down: each step safe for threads, the whole not. */
    @State
    @JCStressTest
    @Outcome(id = "applied, replay, equal, 1", expect = ACCEPTABLE, desc = "the first was the original")
    @Outcome(id = "replay, applied, equal, 1", expect = ACCEPTABLE, desc = "the second was the original")
    @Outcome(id = "applied, applied, .*, 2", expect = FORBIDDEN, desc = "the money moved twice")
    @Outcome(expect = FORBIDDEN, desc = "original and replay do not agree")
    public static class Broken {
        private final Map<String, Integer> receipts = new ConcurrentHashMap<>();
        private final AtomicInteger balance = new AtomicInteger();
        private volatile int first;
        private volatile int second;

        private boolean isReplay() {
            if (receipts.containsKey("key")) {
                return true;
            }
            receipts.put("key", balance.incrementAndGet());
            return false;
        }

        private int receipt() {
            return receipts.getOrDefault("key", -1);
        }

        /** Sends it. */
        @Actor
        public void first(LLLL_Result r) {
            r.r1 = isReplay() ? Told.REPLAY : Told.APPLIED;
            first = receipt();
        }

        /** Sends it. */
        @Actor
        public void second(LLLL_Result r) {
            r.r2 = isReplay() ? Told.REPLAY : Told.APPLIED;
            second = receipt();
        }

        /** Reads what became of it. */
        @Arbiter
        public void audit(LLLL_Result r) {
            r.r3 = first == second ? "equal" : "differ";
            r.r4 = balance.get();
        }
    }

    /** The same update of a ledger in memory. */
    @State
    @JCStressTest
    @Outcome(id = "applied, replay, equal, 1", expect = ACCEPTABLE, desc = "the first was the original")
    @Outcome(id = "replay, applied, equal, 1", expect = ACCEPTABLE, desc = "the second was the original")
    @Outcome(id = "applied, applied, .*, 2", expect = FORBIDDEN, desc = "the money moved twice")
    @Outcome(expect = FORBIDDEN, desc = "original and replay do not agree")
    public static class Actual {
        private final Stand stand = Stand.next();
        private final BalanceId balance = stand.balance("balance");
        private volatile @Nullable Receipt first;
        private volatile @Nullable Receipt second;

        /** Opens the balance. */
        public Actual() {
            stand.ledger()
                    .apply(stand.update("open")
                            .open(balance, 0, Limits.nonNegative())
                            .build())
                    .orThrow();
        }

        /** Each builds it for itself, as two processes would. */
        private Applied send() {
            Update update = stand.update("pay").add(balance, 1).build();
            return stand.ledger().apply(update).orThrow();
        }

        /** Sends it. */
        @Actor
        public void first(LLLL_Result r) {
            Applied applied = send();
            r.r1 = Told.of(applied);
            first = applied.receipt();
        }

        /** Sends it. */
        @Actor
        public void second(LLLL_Result r) {
            Applied applied = send();
            r.r2 = Told.of(applied);
            second = applied.receipt();
        }

        /** Reads what became of it. */
        @Arbiter
        public void audit(LLLL_Result r) {
            r.r3 = Objects.equals(first, second) ? "equal" : "differ";
            r.r4 = stand.amount(balance);
        }
    }
}
