package dev.counterfoil.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.BalanceId;
import dev.counterfoil.DecideView;
import dev.counterfoil.Ledger;
import dev.counterfoil.Outcome;
import dev.counterfoil.Proposal;
import dev.counterfoil.Update;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A balance that is locked for as long as a test wants: by a decide whose first run is made stale and whose second, under the
 * lock, does not end before it is let go. It then adds 1.00; making it stale has added 0.01.
 */
final class Held implements AutoCloseable {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch locked = new CountDownLatch(1);
    private final CountDownLatch letGo = new CountDownLatch(1);
    private final Ledger ledger;
    private final BalanceId cell;
    private final Future<Outcome> decision;
    private int runs;

    Held(Ledger ledger, BalanceId cell) throws Exception {
        this.ledger = ledger;
        this.cell = cell;
        this.decision = threads.submit(() -> ledger.decide("held", "hold", List.of(cell), this::hold));
        while (!locked.await(10, TimeUnit.MILLISECONDS)) {
            assertThat(decision).as("the decide that is to hold the lock").isNotDone();
        }
    }

    private Proposal hold(DecideView now) {
        runs++;
        if (runs == 1) {
            Update stale = Update.of("stale").add(cell, "0.01").build();
            try {
                threads.submit(() -> ledger.apply(stale).orThrow()).get(Crowd.PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException | ExecutionException | TimeoutException e) {
                throw new AssertionError("a first run holds no lock, so another caller may change the balance", e);
            }
        } else {
            locked.countDown();
            Crowd.await(letGo);
        }
        return now.update().add(cell, "1.00").build();
    }

    /** Lets go, and gives what became of the decide, which ran twice. */
    Outcome letGo() throws Exception {
        letGo.countDown();
        Outcome outcome = Crowd.get(decision);
        assertThat(runs).as("runs").isEqualTo(2);
        return outcome;
    }

    @Override
    public void close() {
        letGo.countDown();
        threads.shutdown();
    }
}
