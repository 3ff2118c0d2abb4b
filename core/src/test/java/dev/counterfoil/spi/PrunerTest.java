package dev.counterfoil.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.counterfoil.Fate;
import dev.counterfoil.Key;
import dev.counterfoil.NotAppliedException;
import dev.counterfoil.spi.FakeStore.PruneAnswer;
import dev.counterfoil.spi.PruneStep.Done;
import dev.counterfoil.spi.StoreException.Phase;
import dev.counterfoil.spi.StoreException.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pruning goes on step by step till the end, and where it does not come there it says how far it came. */
class PrunerTest {
    private static final Instant CLOCK = Instant.parse("2026-03-01T10:00:00Z");
    private static final Instant BEFORE = CLOCK.minus(Duration.ofDays(90));

    private final FakeStore store = FakeStore.following();
    private final List<PruneStep> steps = new ArrayList<>();
    private final StoreLedger ledger = new StoreLedger(
            store, LedgerSettings.defaults().withNamespace("tenant").withTimeout(Duration.ofSeconds(1)));

    private PruneAnswer ends(long count) {
        return (step, deadline) -> {
            steps.add(step);
            return new Done(CLOCK, count, null);
        };
    }

    private PruneAnswer goesOn(long count, String last) {
        return (step, deadline) -> {
            steps.add(step);
            return new Done(CLOCK, count, Key.of(last));
        };
    }

    private static PruneAnswer fails(Trouble trouble) {
        return (step, deadline) -> {
            throw new StoreException(Phase.COMMIT, trouble, "scripted " + trouble, null);
        };
    }

    @Test
    void eachStepGoesOnBehindTheOneBefore() {
        store.thenPrunes(goesOn(1000, "a"), goesOn(0, "b"), ends(7));

        assertThat(ledger.prune(BEFORE)).isEqualTo(1007);

        assertThat(steps).extracting(PruneStep::after).containsExactly(null, Key.of("a"), Key.of("b"));
        assertThat(steps).allSatisfy((step, deadline) -> {
            assertThat(step.namespace()).isEqualTo("tenant");
            assertThat(step.recordedBefore()).isEqualTo(BEFORE);
            assertThat(step.age()).isEqualTo(Duration.ofSeconds(1));
            assertThat(step.limit()).isEqualTo(1000);
        });
    }

    @Test
    void aStepWhoseAnswerWasLostIsDoneAgain() {
        store.thenPrunes(goesOn(1000, "a"), fails(Trouble.UNKNOWN), fails(Trouble.TRANSIENT), ends(7));

        assertThat(ledger.prune(BEFORE)).isEqualTo(1007);
        assertThat(steps).extracting(PruneStep::after).containsExactly(null, Key.of("a"));
    }

    @Test
    void aFaultSaysHowManyArePruned() {
        store.thenPrunes(goesOn(1000, "a"), fails(Trouble.PERMANENT), ends(7));

        assertThatThrownBy(() -> ledger.prune(BEFORE))
                .isInstanceOfSatisfying(
                        NotAppliedException.class, e -> assertThat(e.fate()).isEqualTo(Fate.NOT_APPLIED))
                .hasMessageContaining("after 1000 decisions")
                .hasMessageContaining("scripted PERMANENT");
        assertThat(steps).hasSize(1);
    }

    /** The time-out is one second, and two of the steps last longer. */
    @Test
    void eachStepHasATimeOutOfItsOwn() {
        PruneAnswer slow = (step, deadline) -> {
            long end = System.nanoTime() + Duration.ofMillis(600).toNanos();
            while (System.nanoTime() - end < 0) {
                Thread.onSpinWait();
            }
            return new Done(CLOCK, 1, Key.of("a"));
        };
        store.thenPrunes(slow, slow, (step, deadline) -> {
            assertThat(deadline.expired()).isFalse();
            return new Done(CLOCK, 1, null);
        });

        assertThat(ledger.prune(BEFORE)).isEqualTo(3);
    }

    @Test
    void anInterruptStopsItBetweenTwoSteps() {
        store.thenPrunes(
                (step, deadline) -> {
                    Thread.currentThread().interrupt();
                    return new Done(CLOCK, 1000, Key.of("a"));
                },
                ends(7));

        assertThatThrownBy(() -> ledger.prune(BEFORE))
                .isInstanceOf(NotAppliedException.class)
                .hasMessageContaining("after 1000 decisions")
                .hasMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(steps).isEmpty();
    }

    @Test
    void closingTheLedgerStopsItBetweenTwoSteps() {
        store.thenPrunes(
                (step, deadline) -> {
                    Thread closer = new Thread(ledger::close);
                    closer.start();
                    while (closer.getState() != Thread.State.TIMED_WAITING) {
                        Thread.onSpinWait();
                    }
                    return new Done(CLOCK, 1000, Key.of("a"));
                },
                ends(7));

        assertThatThrownBy(() -> ledger.prune(BEFORE))
                .isInstanceOf(NotAppliedException.class)
                .hasMessageContaining("after 1000 decisions")
                .hasMessageContaining("closed");
        assertThat(steps).isEmpty();
    }

    @Test
    void whatIsNearerToTheStoresClockThanTheTimeOutIsRefused() {
        store.thenPrunes(ends(0));
        assertThat(ledger.prune(CLOCK.minusSeconds(1))).isZero();

        store.thenPrunes(ends(0));
        assertThatThrownBy(() -> ledger.prune(CLOCK.minusSeconds(1).plusNanos(1000)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PT1S");
    }
}
