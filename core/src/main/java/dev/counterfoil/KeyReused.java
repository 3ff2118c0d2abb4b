package dev.counterfoil;

import java.util.Objects;

/**
 * The key was decided before, for an update of other content; nothing changed now. This is a fault of the caller's keys, and
 * is never to be taken for a refusal of the update that was sent.
 *
 * @param stored how the key was decided
 */
public record KeyReused(Decision stored) implements Outcome {
    /** Checks for null. */
    public KeyReused {
        Objects.requireNonNull(stored, "stored");
    }

    @Override
    public Key key() {
        return stored.key();
    }
}
