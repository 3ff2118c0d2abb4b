package dev.counterfoil.spi;

import dev.counterfoil.Key;
import dev.counterfoil.NotAppliedException;
import dev.counterfoil.retry.Retry;
import dev.counterfoil.retry.RetryExhaustedException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Prunes decisions step by step, each with a time-out of its own, until the end or the first fault. */
final class Pruner {
    /** Long enough to go on, short enough that no other transaction notices it. */
    private static final int STEP = 1000;

    private final LedgerStore store;
    private final Retry retry;
    private final Gate gate;
    private final Duration timeout;
    private long count;

    Pruner(LedgerStore store, Retry retry, Gate gate, Duration timeout) {
        this.store = store;
        this.retry = retry;
        this.gate = gate;
        this.timeout = timeout;
    }

    long prune(String namespace, Instant recordedBefore) {
        PruneStep step = new PruneStep(namespace, recordedBefore, timeout, null, STEP);
        while (true) {
            if (gate.isClosed()) {
                throw stopped("the ledger is closed", null);
            }
            if (Thread.currentThread().isInterrupted()) {
                throw stopped("interrupted", null);
            }
            Key last = take(step);
            if (last == null) {
                return count;
            }
            step = step.behind(last);
        }
    }

    private @Nullable Key take(PruneStep step) {
        Deadline deadline = Deadline.after(timeout);
        PruneStep.Done done;
        try {
            done = retry.execute(() -> store.prune(step, deadline));
        } catch (StoreException e) {
            throw stopped(e.getMessage(), e);
        } catch (RetryExhaustedException e) {
            Throwable failure = e.getCause();
            throw stopped(failure == null ? "" : failure.getMessage(), failure);
        } catch (RuntimeException e) {
            throw stopped("unexpectedly", e);
        }
        if (!step.allowedAt(done.clock())) {
            if (step.after() != null) {
                throw stopped("the store's clock went back", null);
            }
            throw new IllegalArgumentException("recordedBefore: " + step.recordedBefore() + " must be at least "
                    + timeout + ", the time-out of a call, before the store's clock, which says " + done.clock());
        }
        count += done.count();
        return done.last();
    }

    private NotAppliedException stopped(@Nullable String why, @Nullable Throwable cause) {
        return new NotAppliedException(
                "the pruning stopped after " + count + " decisions, run it again for the rest: " + why, cause);
    }
}
