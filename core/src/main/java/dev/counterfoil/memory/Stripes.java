package dev.counterfoil.memory;

import dev.counterfoil.spi.GroupEvaluation.Needs;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;

/** The locks of what requests claim beside their cells: a reference, and what is reversed. */
final class Stripes {
    private static final int COUNT = 1024;

    private final ReentrantLock[] stripes = new ReentrantLock[COUNT];

    Stripes() {
        for (int i = 0; i < COUNT; i++) {
            stripes[i] = new ReentrantLock();
        }
    }

    /** In the global order, which is behind that of the accounts. */
    ReentrantLock[] of(Needs needs) {
        SortedSet<Integer> indexes = new TreeSet<>();
        needs.references().forEach(id -> indexes.add(stripe(id.hashCode())));
        needs.reversals().forEach(id -> indexes.add(stripe(id.hashCode())));
        return indexes.stream().map(i -> stripes[i]).toArray(ReentrantLock[]::new);
    }

    private static int stripe(int hash) {
        return (hash ^ hash >>> 16) & (COUNT - 1);
    }
}
