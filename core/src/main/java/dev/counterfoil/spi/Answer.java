package dev.counterfoil.spi;

import dev.counterfoil.Outcome;
import java.util.Set;

/** What a store says of one request of a group. */
public sealed interface Answer {
    /**
     * It is decided, and durable as far as the database keeps its promise.
     *
     * @param outcome the outcome
     */
    record Decided(Outcome outcome) implements Answer {}

    /** What a {@link Request.Posting} expected to be unchanged has changed; nothing was applied. */
    record Stale() implements Answer {}

    /**
     * A lock did not come, or it comes later in the list than what shares a cell, a key or a reference with it and is parked;
     * nothing was applied.
     *
     * @param waitsFor the cells of it that somebody else holds; empty where it only stays behind another, and for all of a
     *     group where one of them waits for what nobody can see yet: a cell that somebody opens, a key that he uses
     */
    record Parked(Set<CellAddress> waitsFor) implements Answer {}
}
