package dev.counterfoil.spi;

import dev.counterfoil.spi.Flight.Kind;
import dev.counterfoil.spi.Queued.Place;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for a commit, who is on the way, and who comes next: first in, first out among those that share a cell, a key or a
 * reference; whoever shares nothing with those on their way may go beside them. Safe for use by many threads.
 */
final class CommitQueue {
    private final int atOnce;
    private final int room;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition left = lock.newCondition();
    private int wantIn;

    private final Claims claims = new Claims();
    private Set<Queued> waiting = new LinkedHashSet<>();
    private final ParkedRequests parked = new ParkedRequests();
    private int flights;

    /** Of those that wait, the ones that go alone. */
    private int functions;

    /** Somebody was told to lead, and has not taken his group yet. */
    private boolean turnGiven;

    /** How often it was looked who may go. */
    private long walk;

    private final JustAnswered justAnswered = new JustAnswered();

    CommitQueue(int atOnce, int room) {
        this.atOnce = atOnce;
        this.room = room;
    }

    /**
     * Queues a caller's requests, and gives him a turn where there is a way. Waits for room, unless the caller is in the queue
     * already: others may wait for him, and there may be no room before he leads what he has there.
     *
     * @param inside true where some of the caller's requests have no end yet
     * @return false where he is inside and there is no room: nothing was queued
     */
    boolean enter(CommitCaller caller, List<Queued> all, boolean inside) {
        lock.lock();
        try {
            if (inside && isFull()) {
                return false;
            }
            if (!inside && !waitForRoom(caller, all)) {
                return true;
            }
            boolean free = false;
            for (Queued one : all) {
                claims.take(one);
                free |= comesIn(one);
            }
            justAnswered.come(all.size());
            signalRoom();
            if (free && flights < atOnce && !turnGiven) {
                giveTurn(caller);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean waitForRoom(CommitCaller caller, List<Queued> all) {
        boolean waited = false;
        boolean leftEarly = false;
        while (isFull() || (!waited && wantIn > 0)) {
            waited = true;
            long nanos = caller.leaveIn();
            if (nanos <= 0) {
                all.forEach(one -> end(one, "the queue of the ledger is full", null));
                return false;
            }
            wantIn++;
            try {
                long unused = left.awaitNanos(nanos);
            } catch (InterruptedException e) {
                caller.interrupt();
                all.forEach(one -> end(one, "interrupted while waiting for a place in the queue", e));
                leftEarly = true;
            } finally {
                wantIn--;
            }
            if (leftEarly) {
                // Room that came meanwhile was told to nobody, and whoever comes waits behind those who want in.
                signalRoom();
                return false;
            }
        }
        return true;
    }

    /** How many wait for a group. */
    int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /** How many wait for what somebody else holds in the database. */
    int parked() {
        lock.lock();
        try {
            return parked.size();
        } finally {
            lock.unlock();
        }
    }

    private boolean isFull() {
        return waiting.size() + parked.size() >= room;
    }

    /** One at a time: whoever comes in tells the next. */
    private void signalRoom() {
        if (wantIn > 0 && !isFull()) {
            left.signal();
        }
    }

    private void end(Queued one, String message, @Nullable Throwable cause) {
        one.item().fault(message, cause);
        claims.release(one);
        one.to(Place.DONE);
    }

    /** True where it waits, and may go in a shared group at once. */
    private boolean comesIn(Queued one) {
        boolean first = one.claims().stream().noneMatch(Claim::isWaitedFor);
        if (first && parked.keeps(one)) {
            // Whoever comes later and shares only its other cells does not wait for it.
            parked.add(one);
            return false;
        }
        boolean free = first && isFree(one);
        if (free && one.isAlone()) {
            giveFlight(one);
            return false;
        }
        add(one);
        return free;
    }

    private boolean isFree(Queued one) {
        for (Claim claim : one.claims()) {
            if (claim.isFlying() || parked.reserves(claim)) {
                return false;
            }
        }
        return true;
    }

    private void add(Queued one) {
        one.to(Place.WAITING);
        waiting.add(one);
        functions += one.isAlone() ? 1 : 0;
        one.claims().forEach(claim -> claim.waits(1));
    }

    private void remove(Queued one) {
        if (waiting.remove(one)) {
            removed(one);
        }
    }

    private void removed(Queued one) {
        functions -= one.isAlone() ? 1 : 0;
        one.claims().forEach(claim -> claim.waits(-1));
    }

    /** Waits a moment for those who were just answered; for a caller whose turn it is. */
    void gather() {
        justAnswered.await();
    }

    /** Takes the next group, for a caller whose turn it is. */
    Flight take(CommitCaller leader) {
        List<CommitCaller> next = List.of();
        List<Queued> group = List.of();
        Flight flight;
        lockAnyway();
        try {
            turnGiven = false;
            leader.busy(true);
            next = new ArrayList<>();
            group = new ArrayList<>();
            choose(group, next);
            flight = Flight.of(group, Kind.SHARED, leader);
            giveTurns(next);
        } catch (Throwable e) {
            flights--;
            leader.busy(false);
            giveUp(group);
            throw e;
        } finally {
            lock.unlock();
        }
        next.forEach(CommitQueue::wake);
        return flight;
    }

    private void choose(List<Queued> group, List<CommitCaller> told) {
        GroupRoom space = new GroupRoom();
        walk++;
        for (Iterator<Queued> all = waiting.iterator(); all.hasNext(); ) {
            Queued one = all.next();
            if (!mayGo(one, all, told)) {
                continue;
            }
            if (one.isAlone()) {
                pass(one);
            } else if (space.takes(one.item())) {
                group.add(one);
            } else {
                break;
            }
        }
        group.forEach(this::remove);
        signalRoom();
    }

    /**
     * True where nothing that came before and nobody on his way stands in its way. What stays behind a parked one is parked as
     * well, so that nobody waits for it who shares only its other cells; but not before what came earlier has gone.
     */
    private boolean mayGo(Queued one, Iterator<Queued> at, List<CommitCaller> told) {
        if (!isPassed(one)) {
            if (parked.keeps(one)) {
                at.remove();
                removed(one);
                parked.add(one);
                told.add(one.caller());
                return false;
            }
            if (isFree(one)) {
                return true;
            }
        }
        pass(one);
        return false;
    }

    private boolean isPassed(Queued one) {
        for (Claim claim : one.claims()) {
            if (claim.isPassed(walk)) {
                return true;
            }
        }
        return false;
    }

    private void pass(Queued one) {
        one.claims().forEach(claim -> claim.pass(walk));
    }

    /** Sends the functions that may run on their way; tells the first other caller who may go to lead the next group. */
    private void giveTurns(List<CommitCaller> told) {
        boolean shared = !turnGiven && flights < atOnce && waiting.size() > functions;
        walk++;
        for (Iterator<Queued> all = waiting.iterator(); all.hasNext() && (functions > 0 || shared); ) {
            Queued one = all.next();
            if (!mayGo(one, all, told)) {
                continue;
            }
            if (one.isAlone()) {
                all.remove();
                removed(one);
                giveFlight(one);
                told.add(one.caller());
            } else {
                if (shared && !one.caller().isBusy()) {
                    giveTurn(one.caller());
                    told.add(one.caller());
                    shared = false;
                }
                pass(one);
            }
        }
    }

    private void giveTurn(CommitCaller caller) {
        turnGiven = true;
        flights++;
        caller.giveTurn();
    }

    private static void giveFlight(Queued one) {
        one.caller().giveFlight(Flight.of(List.of(one), Kind.ALONE, one.caller()));
    }

    /** True where the parked ones are to be sent again now, by this caller. */
    boolean takeParkedTurn(CommitCaller caller) {
        lock.lock();
        try {
            return parked.takeTurn(caller);
        } finally {
            lock.unlock();
        }
    }

    /** Takes what is parked and shares nothing with those on their way. */
    Flight takeParked(CommitCaller leader) {
        lockAnyway();
        List<Queued> group = List.of();
        try {
            leader.busy(true);
            group = parked.take(leader);
            return Flight.of(group, Kind.PARKED, leader);
        } catch (Throwable e) {
            parked.landed();
            leader.busy(false);
            giveUp(group);
            throw e;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends a flight, answers its members, and tells who goes next.
     *
     * @param leader who led it
     * @param flight the flight
     * @param crashed true where the leader's own function threw, or an error was thrown; nobody else's request is lost by it
     */
    void land(CommitCaller leader, Flight flight, boolean crashed) {
        boolean landed = false;
        try {
            landAndAnswer(leader, flight, crashed);
            landed = true;
        } finally {
            if (!landed) {
                lockAnyway();
                try {
                    giveUp(flight.members());
                } finally {
                    lock.unlock();
                }
            }
        }
    }

    private void landAndAnswer(CommitCaller leader, Flight flight, boolean crashed) {
        List<CommitCaller> next;
        List<Queued> done;
        lockAnyway();
        try {
            leader.busy(false);
            freeWay(flight);
            next = new ArrayList<>();
            done = new ArrayList<>();
            boolean interrupted = Thread.currentThread().isInterrupted();
            boolean late = flight.deadline().expired();
            List<Queued> again = new ArrayList<>();
            for (Queued one : flight.members()) {
                boolean goesOn = (late && one.caller().leaveIn() > 0) || (interrupted && one.caller() != leader);
                sort(one, flight, crashed, goesOn, again, done);
            }
            if (flight.kind() == Kind.SHARED) {
                parked.keepOrder(flight.members());
            }
            parked.follow(again);
            putBack(again, flight.members().size());
            if (flight.kind() == Kind.SHARED) {
                justAnswered.are(done.size(), System.nanoTime() - flight.began());
            } else if (flight.kind() == Kind.PARKED) {
                parked.again(flight.members(), !done.isEmpty() || !again.isEmpty());
            }
            parked.look();
            giveTurns(next);
            tellFirstParked(next);
            // Whoever waits again has a time when he leaves.
            flight.members().stream().filter(one -> one.place() != Place.FLYING).forEach(one -> next.add(one.caller()));
            done.forEach(claims::release);
            signalRoom();
        } finally {
            lock.unlock();
        }
        next.forEach(CommitQueue::wake);
        // Whoever wakes finds all of his answers.
        done.forEach(one -> one.to(Place.DONE));
        Set<CommitCaller> answered = new LinkedHashSet<>();
        done.forEach(one -> answered.add(one.caller()));
        answered.remove(leader);
        answered.forEach(CommitQueue::wake);
    }

    private void freeWay(Flight flight) {
        if (flight.kind() == Kind.SHARED) {
            flights--;
        } else if (flight.kind() == Kind.PARKED) {
            parked.landed();
        }
        flight.members().forEach(Queued::lands);
    }

    private void tellFirstParked(List<CommitCaller> next) {
        CommitCaller first = parked.first();
        if (first != null) {
            next.add(first);
        }
    }

    /** Ends what an error in the work of the queue left on its way; who has no end then is told so in his own thread. */
    private void giveUp(List<Queued> members) {
        for (Queued one : members) {
            one.lands();
            if (one.place() == Place.FLYING || (one.place() == Place.WAITING && !waiting.contains(one))) {
                remove(one);
                parked.remove(one);
                claims.release(one);
                one.to(Place.DONE);
            }
            wake(one.caller());
        }
        // Somebody may have been given a turn, and nobody has told him.
        waiting.forEach(one -> wake(one.caller()));
        List<CommitCaller> next = new ArrayList<>();
        giveTurns(next);
        tellFirstParked(next);
        next.forEach(CommitQueue::wake);
    }

    /** Says of a member of a flight whether it has its answer, waits again, or is parked. */
    private void sort(
            Queued one, Flight flight, boolean crashed, boolean goesOn, List<Queued> again, List<Queued> done) {
        Item item = one.item();
        if (!item.hasEnd() && (crashed || one.caller().isGone())) {
            item.fault("the group was given up", null);
        }
        if (item.hasEnd()) {
            parked.remove(one);
            if (goesOn && mayGoAgain(one)) {
                // The fault is the leader's, or of a neighbour whose time was up.
                item.reopen();
                again.add(one);
            } else {
                done.add(one);
            }
        } else if (!item.waitsFor().isEmpty()
                || (item.together() == 1 && flight.members().size() == 1)) {
            parked.add(one);
        } else if (flight.kind() == Kind.PARKED || parked.keeps(one)) {
            parked.add(one);
        } else {
            again.add(one);
        }
    }

    private static boolean mayGoAgain(Queued one) {
        return !one.caller().isGone() && one.item().mayGoAgain();
    }

    /** In front of all others, in their order; but those whose group hides one that waits, behind all who share nothing. */
    private void putBack(List<Queued> again, int size) {
        if (again.isEmpty()) {
            return;
        }
        boolean suspect = again.stream().anyMatch(one -> one.item().together() < size);
        Set<Claim> theirs = new HashSet<>();
        if (suspect) {
            again.forEach(one -> theirs.addAll(one.claims()));
        }
        List<Queued> before = new ArrayList<>();
        List<Queued> behind = new ArrayList<>();
        for (Queued one : waiting) {
            if (suspect && Collections.disjoint(one.claims(), theirs)) {
                before.add(one);
            } else {
                theirs.addAll(one.claims());
                behind.add(one);
            }
        }
        // All of them or, after an error, none: nobody gets lost.
        Set<Queued> all = new LinkedHashSet<>(before);
        all.addAll(again);
        all.addAll(behind);
        waiting = all;
        again.forEach(this::add);
    }

    /** Gives up a turn whose caller has left. */
    void passOn() {
        lockAnyway();
        try {
            turnGiven = false;
            flights--;
            List<CommitCaller> next = new ArrayList<>();
            giveTurns(next);
            next.forEach(CommitQueue::wake);
        } finally {
            lock.unlock();
        }
    }

    /** Ends a caller's requests, now or when they land: he does not wait for them any more. */
    void abandon(CommitCaller caller) {
        lockAnyway();
        try {
            caller.leave();
            withdrawLocked(caller, null);
        } finally {
            lock.unlock();
        }
    }

    /** Ends those of a caller's requests that are not on their way. */
    void withdraw(CommitCaller caller, String message) {
        lock.lock();
        try {
            withdrawLocked(caller, message);
        } finally {
            lock.unlock();
        }
    }

    private void withdrawLocked(CommitCaller caller, @Nullable String message) {
        boolean stoodInTheWay = false;
        for (Queued one : caller.open()) {
            if (one.place() == Place.WAITING || one.place() == Place.PARKED) {
                remove(one);
                stoodInTheWay |= parked.withdraw(one)
                        || one.claims().stream().anyMatch(claim -> claim.isWaitedFor() && !claim.isFlying());
                if (!caller.isGone()) {
                    one.item().fault(message == null ? one.item().late() : message, null);
                }
                claims.release(one);
                one.to(Place.DONE);
            }
        }
        signalRoom();
        List<CommitCaller> next = new ArrayList<>();
        // Those behind may go now, the parked ones may have another in front.
        if (stoodInTheWay) {
            giveTurns(next);
        }
        tellFirstParked(next);
        next.forEach(CommitQueue::wake);
    }

    /** How long a caller may wait for one of his requests before he looks again; ends what has waited for too long. */
    long mayWait(CommitCaller caller, Queued one) {
        lock.lock();
        try {
            Place place = one.place();
            if (place == Place.DONE) {
                return 0;
            }
            long nanos = caller.leaveIn();
            if (nanos <= 0) {
                withdrawLocked(caller, null);
                return place == Place.FLYING ? Long.MAX_VALUE : 0;
            }
            return parked.againIn(caller, nanos);
        } finally {
            lock.unlock();
        }
    }

    /** Takes the lock, also where there is no memory left to stand in line for it. */
    @SuppressWarnings("ThreadPriorityCheck") // Whoever has it goes on.
    private void lockAnyway() {
        try {
            lock.lock();
        } catch (OutOfMemoryError e) {
            while (!lock.tryLock()) {
                Thread.yield();
            }
        }
    }

    private static void wake(CommitCaller caller) {
        LockSupport.unpark(caller.thread());
    }
}
