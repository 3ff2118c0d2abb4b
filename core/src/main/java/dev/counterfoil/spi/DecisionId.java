package dev.counterfoil.spi;

import dev.counterfoil.Key;
import dev.counterfoil.internal.Texts;

/**
 * The identity of a decision in a store; ordered by namespace, scope and value.
 *
 * @param namespace the namespace
 * @param key the key
 */
public record DecisionId(String namespace, Key key) implements Comparable<DecisionId> {
    @Override
    public int compareTo(DecisionId other) {
        int order = Texts.compareBinary(namespace, other.namespace);
        return order == 0 ? key.compareTo(other.key) : order;
    }
}
