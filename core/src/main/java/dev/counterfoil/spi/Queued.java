package dev.counterfoil.spi;

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
    private final List<Object> names;
    private List<Claim> claims = List.of();
    private List<Claim> held = List.of();
    private boolean flying;
    private volatile Place place = Place.WAITING;

    Queued(Item item, CommitCaller caller) {
        this.item = item;
        this.caller = caller;
        this.names = Shared.of(item.request());
    }

    Item item() {
        return item;
    }

    CommitCaller caller() {
        return caller;
    }

    /** What no two groups that are on their way at a time may share: cells, keys and references. */
    List<Object> names() {
        return names;
    }

    /** The same as the queue knows it, while it is in the queue; under the lock of the queue, as the question is. */
    void claims(List<Claim> taken) {
        claims = taken;
    }

    List<Claim> claims() {
        return claims;
    }

    /** Whoever comes waits for what somebody holds of it: its cells, or else, for all that is known, a key or a reference. */
    void holdUp() {
        letGo();
        Set<CellAddress> cells = item.waitsFor();
        held = claims.stream()
                .filter(claim -> cells.isEmpty() ? !claim.isCell() : cells.contains(claim.name()))
                .toList();
        held.forEach(claim -> claim.holds(1));
    }

    /** Nobody waits for it any more. */
    void letGo() {
        held.forEach(claim -> claim.holds(-1));
        held = List.of();
    }

    /** Nobody else's request flies now that shares something with it. */
    void flies() {
        place = Place.FLYING;
        if (!flying) {
            flying = true;
            claims.forEach(claim -> claim.flies(1));
        }
    }

    /** Others may fly now that share something with it. */
    void lands() {
        if (flying) {
            flying = false;
            claims.forEach(claim -> claim.flies(-1));
        }
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
