package dev.counterfoil.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GateTest {
    private static final int ROUNDS = 3_000;

    @Test
    void nobodyIsInsideWhenTheCloserHasWaited() throws Exception {
        int entered = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Gate gate = new Gate();
            AtomicBoolean over = new AtomicBoolean();
            CyclicBarrier start = new CyclicBarrier(2);
            CompletableFuture<Boolean> caller = CompletableFuture.supplyAsync(() -> {
                meet(start);
                return isInside(gate, over);
            });
            meet(start);
            assertThat(gate.close()).isTrue();
            gate.awaitEmpty(TimeUnit.SECONDS.toNanos(20));
            over.set(true);
            entered += caller.get(20, TimeUnit.SECONDS) ? 1 : 0;
        }
        System.out.println("the gate: " + entered + " of " + ROUNDS + " were inside before it was closed");
    }

    /** False where it was closed before. */
    private static boolean isInside(Gate gate, AtomicBoolean over) {
        try {
            gate.enter();
        } catch (IllegalStateException e) {
            return false;
        }
        assertThat(over).as("the closer had waited, and somebody was inside").isFalse();
        gate.leave();
        return true;
    }

    private static void meet(CyclicBarrier start) {
        try {
            start.await(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void itIsClosedOnceAndForEver() {
        Gate gate = new Gate();
        gate.enter();
        gate.leave();
        assertThat(gate.close()).isTrue();
        assertThat(gate.close()).isFalse();
        assertThatIllegalStateException().isThrownBy(gate::enter);
        gate.awaitEmpty(0);
    }

    @Test
    void theCloserWaitsForThoseInsideAtMostAsLongAsHeSays() {
        Gate gate = new Gate();
        gate.enter();
        gate.close();
        long before = System.nanoTime();
        gate.awaitEmpty(TimeUnit.MILLISECONDS.toNanos(20));
        assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(20));
    }
}
