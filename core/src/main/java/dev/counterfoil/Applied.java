package dev.counterfoil;

import java.time.Instant;
import java.util.Objects;

/**
 * The update took effect, once.
 *
 * @param receipt what it did; the same for every repeat
 * @param replayed true where the key had been applied before, and nothing changed now
 */
public record Applied(Receipt receipt, boolean replayed) implements Decision {
    /** Checks for null. */
    public Applied {
        Objects.requireNonNull(receipt, "receipt");
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
