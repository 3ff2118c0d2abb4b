package dev.counterfoil.spi;

import dev.counterfoil.Decision;

/**
 * A decision as a store keeps it.
 *
 * @param id its identity
 * @param fingerprint what makes a repeat the same
 * @param decision the decision; {@code replayed} is false in it
 * @param balanced true where it was applied and its amounts sum to zero in each unit
 */
public record StoredDecision(DecisionId id, Fingerprint fingerprint, Decision decision, boolean balanced) {}
