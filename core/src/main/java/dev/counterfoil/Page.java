package dev.counterfoil;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One page, a consistent view of its own.
 *
 * @param items the items, in order
 * @param next what to ask for to go on; empty where this was the last page at that moment
 * @param asOf the moment, by the store's clock
 * @param <T> the type of the items
 */
public record Page<T>(List<T> items, Optional<PageRequest> next, Instant asOf) {
    /** Copies the items. */
    public Page {
        items = List.copyOf(items);
    }
}
