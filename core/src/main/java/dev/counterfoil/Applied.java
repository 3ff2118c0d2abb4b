package dev.counterfoil;

import java.time.Instant;
import java.util.Objects;

/**
 * The update took effect, once.
 *
 * @param receipt what it did; the same for every repeat, until its details are {@linkplain Ledger#prune pruned}
 * @param replayed true where the key had been applied before, and nothing changed now
 * @param provisional true where it took part in a transaction of the caller's that has not been committed yet: it counts only
 *     if that is
 */
public record Applied(Receipt receipt, boolean replayed, boolean provisional) implements Decision {
    /** Checks for null. */
    public Applied {
        Objects.requireNonNull(receipt, "receipt");
    }

    /** An update whose transaction is committed. */
    public Applied(Receipt receipt, boolean replayed) {
        this(receipt, replayed, false);
    }

    @Override
    public Key key() {
        return receipt.key();
    }

    @Override
    public Instant recordedAt() {
        return receipt.recordedAt();
    }
}
