package dev.counterfoil.spi;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A request in the queue of a group commit. */
final class Queued {
    /** Where it is; changes under the lock of the queue. */
    enum Place {
        WAITING,
        FLYING,
        PARKED,
        DONE
    }

    private final Item item;
    private final CommitCaller caller;
    private final Set<Object> claims;
    private final Set<Object> names;
    private volatile Place place = Place.WAITING;

    Queued(Item item, CommitCaller caller) {
        this.item = item;
        this.caller = caller;
        GroupEvaluation.Needs needs = GroupEvaluation.needs(List.of(item.request()));
        this.names = new HashSet<>(needs.decisions());
        names.addAll(needs.references());
        this.claims = new HashSet<>(item.request().cells());
        claims.addAll(names);
    }

    Item item() {
        return item;
    }

    CommitCaller caller() {
        return caller;
    }

    /** What no two groups that are on their way at a time may share: cells, keys and references. */
    Set<Object> claims() {
        return claims;
    }

    /** Of a parked one, what somebody holds: cells, or else, for all that is known, a key or a reference. */
    Set<?> held() {
        return item.waitsFor().isEmpty() ? names : item.waitsFor();
    }

    Place place() {
        return place;
    }

    void to(Place next) {
        place = next;
    }

    boolean isDone() {
        return place == Place.DONE;
    }

    boolean isParked() {
        return place == Place.PARKED;
    }

    /** True where it goes alone, led by its own caller: a function runs in its caller's thread. */
    boolean isAlone() {
        return item.request() instanceof Request.Deciding;
    }
}
