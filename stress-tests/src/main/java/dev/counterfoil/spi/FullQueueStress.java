package dev.counterfoil.spi;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.counterfoil.AccountId;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Key;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.retry.Retry;
import dev.counterfoil.retry.RetryPolicy;
import dev.counterfoil.stress.Books;
import dev.counterfoil.stress.Told;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;

/**
 * Four callers want into a queue that has one place, and one of them is interrupted meanwhile.
 *
 * <p>The hazard is the lost call: whoever leaves looks whether somebody waits for the place just before somebody begins to wait;
 * or the call goes to the one who gives up, and nobody passes it on. A caller waits beside a free place until his time is up.
 *
 * <p>The result is what three callers were told, then whether the interrupted one was told the truth.
 *
 * <p>It stands in this package because the queue of a ledger has ten thousand places, and no race fills them.
 */
public final class FullQueueStress {
    private FullQueueStress() {}

    /** The mark that somebody waits is set after the look at the place, as the call is made before it is seen. */
    @State
    @JCStressTest
    @Outcome(id = "applied, applied, .*", expect = ACCEPTABLE, desc = "both had the place in turn")
    @Outcome(id = "not applied, .*|.*, not applied, .*", expect = FORBIDDEN, desc = "waited beside a free place")
    public static class Broken {
        private final AtomicBoolean taken = new AtomicBoolean();
        private final AtomicInteger gone = new AtomicInteger();
        private volatile boolean waits;
        private volatile boolean called;

        private String apply() {
            boolean in = taken.compareAndSet(false, true);
            if (!in) {
                waits = true;
                while (!called && gone.get() == 0) {
                    Thread.onSpinWait();
                }
                in = called;
            }
            taken.set(false);
            if (waits) {
                called = true;
            }
            gone.incrementAndGet();
            return in ? Told.APPLIED : Told.NOT_APPLIED;
        }

        /** Applies. */
        @Actor
        public void first(LLLL_Result r) {
            r.r1 = apply();
        }

        /** Applies. */
        @Actor
        public void second(LLLL_Result r) {
            r.r2 = apply();
        }

        /** There are no others here. */
        @Arbiter
        public void audit(LLLL_Result r) {
            r.r3 = Told.APPLIED;
            r.r4 = "true";
        }
    }

    /** The queue of the library, with one place. */
    @State
    @JCStressTest
    @Outcome(id = "applied, applied, applied, true", expect = ACCEPTABLE, desc = "everybody was answered")
    @Outcome(id = "not applied, .*|.*, not applied, .*", expect = FORBIDDEN, desc = "waited beside a free place")
    @Outcome(expect = FORBIDDEN, desc = "the interrupted one was not told the truth")
    public static class Actual {
        private static final BalanceId BALANCE = AccountId.of("stand", "1").balance("balance", Unit.of("ONE", 0));
        private static final Duration LONG = Duration.ofSeconds(2);

        private final Books books = new Books(new ReentrantLock());
        private final StoreLedger ledger = new StoreLedger(books, LedgerSettings.defaults());
        private final GroupCommit queue =
                new GroupCommit(new Sending(books, Retry.named("stress", RetryPolicy.none())), 1, 1);

        private String apply(String key) {
            Update update = Update.of(key).openIfAbsent(BALANCE).build();
            End end = queue.run(List.of(ledger.posting(update)), () -> Deadline.after(LONG), () -> false)
                    .get(0);
            return end.fault() == null
                    ? Told.of(((Answer.Decided) Objects.requireNonNull(end.answer())).outcome())
                    : Told.of(end.fault());
        }

        private static void awaitEnd(Thread thread) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new AssertionError("nobody interrupts an actor", e);
            }
        }

        /** Applies, beside a thread of its own that applies as well. */
        @Actor
        public void first(LLLL_Result r) {
            Thread neighbour = new Thread(() -> r.r3 = apply("neighbour"));
            neighbour.start();
            r.r1 = apply("first");
            awaitEnd(neighbour);
        }

        /** Applies, beside a thread of its own that is interrupted. */
        @Actor
        public void second(LLLL_Result r) {
            Thread interrupted = new Thread(() -> r.r4 = apply("interrupted"));
            interrupted.start();
            interrupted.interrupt();
            r.r2 = apply("second");
            awaitEnd(interrupted);
        }

        /** Looks whether it is as the interrupted one was told. */
        @Arbiter
        public void audit(LLLL_Result r) {
            String truth = books.isDecided(Key.of("interrupted")) ? Told.APPLIED : Told.NOT_APPLIED;
            r.r4 = Boolean.toString(truth.equals(r.r4));
        }
    }
}
