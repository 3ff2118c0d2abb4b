package dev.counterfoil.spi;

import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;

/**
 * The parked requests of a list: who shares a cell, a key or a reference with one of them stays behind it, so that the order
 * of the list holds. Not safe for use by several threads at once.
 */
public final class Parking {
    private final Set<Object> shared;

    /** Nothing is parked yet, but whatever needs one of these cells will be. */
    public Parking(Collection<CellAddress> held) {
        shared = new HashSet<>(held);
    }

    /** True where a request has to wait; then so do those that come later and share something with it. */
    public boolean keeps(Request request) {
        boolean kept = !shared.isEmpty() && !Collections.disjoint(shared, Shared.of(request));
        if (kept) {
            add(request);
        }
        return kept;
    }

    /** Parks a request. */
    public void add(Request request) {
        shared.addAll(Shared.of(request));
    }
}
