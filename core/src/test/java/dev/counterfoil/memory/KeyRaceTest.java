package dev.counterfoil.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.BalanceId;
import dev.counterfoil.KeyReused;
import dev.counterfoil.Ledger;
import dev.counterfoil.Outcome;
import dev.counterfoil.Snapshot;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.spi.LedgerSettings;
import dev.counterfoil.spi.StoreLedger;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two updates under one key that have no cell in common, so that no lock keeps them apart. Each stands in the clock, which is
 * read behind its own locks, until the other one stands there too: neither can have found the other's decision.
 */
@Timeout(60)
class KeyRaceTest {
    private static final Unit SAR = Unit.of("SAR", 2);
    private static final List<BalanceId> CELLS = List.of(
            AccountId.of("wallet", "a").balance("available", SAR),
            AccountId.of("wallet", "b").balance("available", SAR));

    /** Lets pass whoever comes, until it is armed. */
    private volatile CyclicBarrier meeting = new CyclicBarrier(1);

    private Instant clock() {
        try {
            meeting.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new AssertionError("the other one did not come", e);
        }
        return Instant.EPOCH;
    }

    private Ledger openBoth() {
        Ledger ledger = new StoreLedger(new MemoryStore(this::clock), LedgerSettings.defaults());
        for (BalanceId cell : CELLS) {
            ledger.apply(Update.of("open " + cell).open(cell).build()).orThrow();
        }
        return ledger;
    }

    /** Applies one update to each cell at the same time, and gives the answers when both are there. */
    private List<Outcome> raced(Ledger ledger, BiFunction<Ledger, BalanceId, Outcome> call) {
        meeting = new CyclicBarrier(CELLS.size());
        // Threads of its own: the common pool may have but one, and the two would never meet.
        ExecutorService threads = Executors.newFixedThreadPool(CELLS.size());
        try {
            List<CompletableFuture<Outcome>> calls = CELLS.stream()
                    .map(cell -> CompletableFuture.supplyAsync(() -> call.apply(ledger, cell), threads))
                    .toList();
            return calls.stream().map(CompletableFuture::join).toList();
        } finally {
            meeting = new CyclicBarrier(1);
            threads.shutdownNow();
        }
    }

    private static void oneHasTheKey(Ledger ledger, List<Outcome> outcomes) {
        assertThat(outcomes).hasAtLeastOneElementOfType(Applied.class);
        assertThat(outcomes).hasAtLeastOneElementOfType(KeyReused.class);
        Applied applied = outcomes.get(0) instanceof Applied first ? first : (Applied) outcomes.get(1);
        KeyReused reused = outcomes.get(0) instanceof KeyReused first ? first : (KeyReused) outcomes.get(1);
        assertThat(((Applied) reused.stored()).receipt()).isEqualTo(applied.receipt());
        Snapshot after = ledger.read(CELLS.get(0).account(), CELLS.get(1).account());
        assertThat(after.balance(CELLS.get(0)).add(after.balance(CELLS.get(1)))).isEqualTo("1.00");
    }

    @Test
    void ofTwoUpdatesUnderOneKeyThatShareNoCellOneIsAppliedAndTheOtherIsTold() {
        try (Ledger ledger = openBoth()) {
            oneHasTheKey(
                    ledger,
                    raced(
                            ledger,
                            (l, cell) -> l.apply(Update.of("k").add(cell, "1").build())));
        }
    }

    @Test
    void itIsTheSameWhereTheyHoldReferences() {
        try (Ledger ledger = openBoth()) {
            oneHasTheKey(
                    ledger,
                    raced(
                            ledger,
                            (l, cell) -> l.apply(Update.of("k")
                                    .add(cell, "1")
                                    .reference("for " + cell)
                                    .build())));
        }
    }

    @Test
    void itIsTheSameWhereTheyOpenCells() {
        try (Ledger ledger = openBoth()) {
            List<Outcome> outcomes = raced(
                    ledger,
                    (l, cell) -> l.apply(Update.of("k")
                            .add(cell, "1")
                            .open(AccountId.of("new", cell.account().id()).balance("x", SAR))
                            .build()));
            oneHasTheKey(ledger, outcomes);
            assertThat(ledger.read(AccountId.of("new", "a"), AccountId.of("new", "b"))
                            .cells())
                    .hasSize(1);
        }
    }
}
