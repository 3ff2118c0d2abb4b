package dev.counterfoil.spi;

import dev.counterfoil.Applied;
import dev.counterfoil.Decision;
import dev.counterfoil.Key;
import org.jspecify.annotations.Nullable;

/**
 * A decision as a store keeps it.
 *
 * @param id its identity
 * @param fingerprint what makes a repeat the same
 * @param decision the decision; {@code replayed} is false in it
 * @param balanced true where it was applied and its amounts sum to zero in each unit
 */
public record StoredDecision(DecisionId id, Fingerprint fingerprint, Decision decision, boolean balanced) {
    /** The reference that it holds, or null. */
    public @Nullable ReferenceId reference() {
        String reference =
                decision instanceof Applied applied ? applied.receipt().reference() : null;
        return reference == null ? null : new ReferenceId(id.namespace(), reference);
    }

    /** The update that it has reversed, or null. */
    public @Nullable DecisionId reversed() {
        Key reversed = decision instanceof Applied applied ? applied.receipt().reverses() : null;
        return reversed == null ? null : new DecisionId(id.namespace(), reversed);
    }
}
