package dev.counterfoil.spi;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Callers that come while commits are on their way form the next group, and share its commit. There is no thread of its own
 * and no timer: one of the waiting callers leads each group, the others wait for it.
 */
final class GroupCommit implements Submission {
    /** More frames than there ever are between a call and the deepest that the queue does. */
    private static final int STACK = 400;

    private final Sending sending;
    private final CommitQueue queue;

    /**
     * Groups of a store.
     *
     * @param sending how a group gets to the store
     * @param atOnce how many groups may be on their way at a time, parked ones not counted
     * @param room how many requests may wait
     */
    GroupCommit(Sending sending, int atOnce, int room) {
        this.sending = sending;
        this.queue = new CommitQueue(atOnce, room);
    }

    @Override
    public List<End> run(List<? extends Request> requests, Supplier<Deadline> deadlines, BooleanSupplier closed) {
        int unused = stackFor(STACK);
        CommitCaller caller = new CommitCaller(Thread.currentThread(), deadlines.get());
        List<Item> items = new ArrayList<>(requests.size());
        for (Request request : requests) {
            items.add(new Item(request));
        }
        List<Queued> open = new ArrayList<>(requests.size());
        caller.open(open);
        boolean begun = false;
        try {
            for (List<Item> part : GroupRoom.of(items)) {
                if (begun && closed.getAsBoolean()) {
                    part.forEach(item -> item.fault("the ledger was closed meanwhile", null));
                    continue;
                }
                if (caller.wasInterrupted()) {
                    part.forEach(item -> item.fault("interrupted while waiting", null));
                    continue;
                }
                if (begun) {
                    caller.renew(deadlines.get());
                }
                begun = true;
                List<Queued> entered =
                        part.stream().map(item -> new Queued(item, caller)).toList();
                List<Queued> before = List.copyOf(open);
                open.addAll(entered);
                enter(caller, entered, before, deadlines);
                // What is parked waits while the rest of the list goes on.
                await(caller, entered, true);
                open.removeIf(Queued::isDone);
            }
            await(caller, open, false);
        } finally {
            leave(caller, open);
        }
        for (Item item : items) {
            if (!item.hasEnd()) {
                item.fault("the group was given up", null);
            }
        }
        return items.stream().map(Item::end).toList();
    }

    @Override
    public int queued() {
        return queue.waiting();
    }

    @Override
    public int parked() {
        return queue.parked();
    }

    private void enter(CommitCaller caller, List<Queued> part, List<Queued> before, Supplier<Deadline> deadlines) {
        if (!before.isEmpty()) {
            if (queue.enter(caller, part, true)) {
                return;
            }
            await(caller, before, false);
            caller.renew(deadlines.get());
        }
        passOnTurn(caller);
        queue.enter(caller, part, false);
    }

    /**
     * Overflows here, before anything was touched, where the stack has no place for the work in the queue, which others need to
     * be done once it is begun.
     */
    private static int stackFor(int frames) {
        return frames == 0 ? 0 : 1 + stackFor(frames - 1);
    }

    private void passOnTurn(CommitCaller caller) {
        if (caller.takeTurn()) {
            queue.passOn();
        }
    }

    /** Waits for the ends of a caller's requests; leads groups when it is asked to. */
    private void await(CommitCaller caller, List<Queued> mine, boolean leaveParked) {
        for (Queued one : mine) {
            while (!one.isDone() && !(leaveParked && one.isParked())) {
                Flight own = caller.takeFlight();
                if (own != null) {
                    fly(caller, own);
                } else if (caller.takeTurn()) {
                    queue.gather();
                    fly(caller, queue.take(caller));
                } else if (queue.takeParkedTurn(caller)) {
                    fly(caller, queue.takeParked(caller));
                } else {
                    long nanos = queue.mayWait(caller, one);
                    // A call to wake up may have been used up by a wait for the lock.
                    if (nanos > 0 && !caller.isCalled() && !one.isDone()) {
                        LockSupport.parkNanos(this, nanos);
                    }
                    if (Thread.interrupted()) {
                        caller.interrupt();
                        queue.withdraw(caller, "interrupted while waiting");
                    }
                }
            }
        }
    }

    /** Nobody waits for a caller who is gone: not the others for his turn, and nobody for what he asked for. */
    private void leave(CommitCaller caller, List<Queued> mine) {
        try {
            if (!mine.stream().allMatch(Queued::isDone)) {
                // An error got out of his own group.
                queue.abandon(caller);
            }
            Flight own = caller.takeFlight();
            if (own != null) {
                queue.land(caller, own, true);
            }
        } finally {
            passOnTurn(caller);
            caller.restoreInterrupt();
        }
    }

    private void fly(CommitCaller leader, Flight flight) {
        boolean back = false;
        try {
            if (!flight.items().isEmpty()) {
                sending.send(flight.items(), flight.deadline(), new Parking(Set.of()));
            }
            back = true;
        } finally {
            queue.land(leader, flight, !back);
        }
    }
}
