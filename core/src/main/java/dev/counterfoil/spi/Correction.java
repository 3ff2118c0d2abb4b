package dev.counterfoil.spi;

import dev.counterfoil.Cell;
import dev.counterfoil.Entry;
import dev.counterfoil.KeyReused;
import dev.counterfoil.Outcome;
import dev.counterfoil.internal.Refusals;
import java.time.Instant;
import java.util.function.Function;

/**
 * A correction of one cell, under a key like any update.
 *
 * @param seen the row of the cell for which it was made; where it is another one now, the correction is stale
 * @param id the key
 * @param fingerprint what makes a repeat the same
 * @param made what is written, given the clock behind the lock of the cell
 */
public record Correction(CellRow seen, DecisionId id, Fingerprint fingerprint, Function<Instant, Made> made) {
    /**
     * What a correction writes.
     *
     * @param cell the cell as it is afterwards
     * @param entry the entry that says so
     * @param decision the decision under the key
     */
    public record Made(Cell cell, Entry entry, StoredDecision decision) {}

    /** The answer where the key was decided before. */
    public Outcome answer(StoredDecision earlier) {
        return earlier.fingerprint().equals(fingerprint)
                ? Refusals.replayed(earlier.decision())
                : new KeyReused(Refusals.replayed(earlier.decision()));
    }
}
