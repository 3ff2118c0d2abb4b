package dev.counterfoil.spi;

import java.util.ArrayList;
import java.util.List;

/**
 * A group on its way to the store.
 *
 * @param members who is in it
 * @param deadline the first of its callers', its leader among them
 * @param kind what kind of group
 * @param began when, in {@link System#nanoTime}
 */
record Flight(List<Queued> members, Deadline deadline, Kind kind, long began) {
    /** What kind of group is on its way. */
    enum Kind {
        /** Of several callers, as many as fit. */
        SHARED,
        /** A function with the locks of its cells; it takes nobody's way but that of those who need them. */
        ALONE,
        /** What waited for somebody else's lock. */
        PARKED
    }

    /** A flight that begins now; called under the lock of the queue. */
    static Flight of(List<Queued> members, Kind kind, CommitCaller leader) {
        Deadline first = leader.deadline();
        for (Queued one : members) {
            one.flies();
            first = first.orSooner(one.caller().deadline());
        }
        return new Flight(members, first, kind, System.nanoTime());
    }

    List<Item> items() {
        List<Item> items = new ArrayList<>(members.size());
        for (Queued one : members) {
            items.add(one.item());
        }
        return items;
    }
}
