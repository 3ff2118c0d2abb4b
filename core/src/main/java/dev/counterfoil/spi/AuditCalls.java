package dev.counterfoil.spi;

import dev.counterfoil.NotAppliedException;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks a store, call by call, for something that takes longer than a call may. The ledger can be closed between two calls, which
 * then ends it, as interruption does.
 */
final class AuditCalls {
    private final AuditStore store;
    private final Gate gate;
    private final Supplier<Deadline> deadlines;
    private final Reads reads;
    private final Runnable over;

    /**
     * Calls of a store.
     *
     * @param store the store
     * @param gate lets calls in
     * @param deadlines when a call that begins now must have its answer
     * @param reads how a call is made
     * @param over is run behind each call
     */
    AuditCalls(AuditStore store, Gate gate, Supplier<Deadline> deadlines, Reads reads, Runnable over) {
        this.store = store;
        this.gate = gate;
        this.deadlines = deadlines;
        this.reads = reads;
        this.over = over;
    }

    /** One call. */
    @FunctionalInterface
    interface Call<T> {
        T on(AuditStore store, Deadline deadline) throws StoreException;
    }

    /** How a call is made: with retry, its failure as a fault of the ledger. */
    @FunctionalInterface
    interface Reads {
        <T> T make(StoreLedger.StoreCall<T> call);
    }

    /** Makes a call, again where that may help. */
    <T> T read(Call<T> call) {
        return inside(() -> {
            Deadline deadline = deadlines.get();
            return reads.make(() -> call.on(store, deadline));
        });
    }

    /** The row of a cell, or null where it is not there. */
    @Nullable
    CellRow cellRow(CellAddress cell) {
        return read((store, deadline) -> Optional.ofNullable(store.cellRow(cell, deadline)))
                .orElse(null);
    }

    /** Makes a call as {@code way} does it, while the ledger is not closed. */
    <T> T inside(Supplier<T> way) {
        if (Thread.currentThread().isInterrupted()) {
            throw new NotAppliedException("interrupted", null);
        }
        try {
            gate.enter();
        } catch (IllegalStateException e) {
            throw new NotAppliedException("the ledger was closed meanwhile", e);
        }
        try {
            return way.get();
        } finally {
            gate.leave();
            over.run();
        }
    }

    AuditStore store() {
        return store;
    }

    Deadline deadline() {
        return deadlines.get();
    }
}
