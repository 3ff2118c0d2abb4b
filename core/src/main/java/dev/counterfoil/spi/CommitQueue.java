package dev.counterfoil.spi;

import dev.counterfoil.spi.Queued.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for a commit, who is on the way, and who comes next: first in, first out among those that share a cell, a key or a
 * reference; whoever shares nothing with those on their way may go beside them. Safe for use by many threads.
 */
final class CommitQueue {
    /** Of the time of a call this part is kept for its way to the store: whoever still waits then is told so. */
    private static final int KEPT_PART = 10;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
    private static final int MOST_DOUBLINGS = 5;

    private final int atOnce;
    private final int room;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition left = lock.newCondition();
    private int wantIn;

    private final Set<Queued> waiting = new LinkedHashSet<>();
    private final Map<Object, Integer> waitingFor = new HashMap<>();
    private final Set<Object> flying = new HashSet<>();
    private int flights;

    /** Of those that wait, the ones that go alone. */
    private int functions;

    /** Somebody was told to lead, and has not taken his group yet. */
    private boolean turnGiven;

    private final Set<Queued> parked = new LinkedHashSet<>();
    private boolean parkedFly;

    /** What parked ones need that was on its way when they were to be sent: nobody else takes it before them. */
    private final Set<Object> reserved = new HashSet<>();

    private int parkedInVain;
    private long parkedAgainAt = System.nanoTime();

    /** For {@link #gather}. */
    private final AtomicInteger arrivals = new AtomicInteger();

    private volatile int lastSize;

    CommitQueue(int atOnce, int room) {
        this.atOnce = atOnce;
        this.room = room;
    }

    /** What kind of group is on its way. */
    enum Kind {
        /** Of several callers, as many as fit. */
        SHARED,
        /** A function with the locks of its cells; it takes nobody's way but that of those who need them. */
        ALONE,
        /** What waited for somebody else's lock. */
        PARKED
    }

    /**
     * One group.
     *
     * @param members who is in it
     * @param deadline the first of its callers', its leader among them
     * @param kind what kind of group
     */
    record Flight(List<Queued> members, Deadline deadline, Kind kind) {
        List<Item> items() {
            return members.stream().map(Queued::item).toList();
        }
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
                free |= comesIn(one);
            }
            arrivals.incrementAndGet();
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
            long nanos = leaveIn(caller);
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

    private boolean isFull() {
        return waiting.size() + parked.size() >= room;
    }

    private static void end(Queued one, String message, @Nullable Throwable cause) {
        one.item().fault(message, cause);
        one.to(Place.DONE);
    }

    /** How long a caller may go on waiting before he gives up. */
    private static long leaveIn(CommitCaller caller) {
        return caller.deadline().remainingNanos() - caller.deadline().wholeNanos() / KEPT_PART;
    }

    /** True where it waits, and may go in a shared group at once. */
    private boolean comesIn(Queued one) {
        boolean first = one.claims().stream().noneMatch(waitingFor::containsKey);
        if (first && staysBehindParked(one)) {
            // Whoever comes later and shares only its other cells does not wait for it.
            park(one);
            return false;
        }
        boolean free = first && isFree(one);
        add(one);
        if (free && one.isAlone()) {
            giveFlight(one);
            return false;
        }
        return free;
    }

    private boolean isFree(Queued one) {
        return Collections.disjoint(one.claims(), flying) && Collections.disjoint(one.claims(), reserved);
    }

    private void add(Queued one) {
        functions += one.isAlone() ? 1 : 0;
        one.to(Place.WAITING);
        waiting.add(one);
        one.claims().forEach(claim -> waitingFor.merge(claim, 1, Integer::sum));
    }

    private void remove(Queued one) {
        if (!waiting.remove(one)) {
            return;
        }
        functions -= one.isAlone() ? 1 : 0;
        one.claims().forEach(claim -> waitingFor.computeIfPresent(claim, (c, n) -> n == 1 ? null : n - 1));
    }

    /** What somebody holds that another request waits for already, and what comes later in a list than what it shares. */
    private boolean staysBehindParked(Queued one) {
        for (Queued before : parked) {
            if (!Collections.disjoint(
                    one.claims(), before.caller() == one.caller() ? before.claims() : before.held())) {
                return true;
            }
        }
        return false;
    }

    /**
     * Lets those come who are just being answered, as long as more of them come, and no more often than there are such. Without it the first to come back would go
     * alone, and the others wait for him.
     */
    @SuppressWarnings("ThreadPriorityCheck") // Nothing depends on it but how many share a commit.
    void gather() {
        int before = arrivals.get() - 1;
        int most = lastSize > 1 ? lastSize : 0;
        for (int i = 0; i < most && arrivals.get() != before; i++) {
            before = arrivals.get();
            Thread.yield();
        }
    }

    /** Takes the next group, for a caller whose turn it is. */
    Flight take(CommitCaller leader) {
        List<CommitCaller> next = new ArrayList<>();
        Flight flight;
        lock.lock();
        try {
            turnGiven = false;
            leader.busy(true);
            flight = flight(choose(next), Kind.SHARED, leader);
            giveTurns(next);
        } catch (Throwable e) {
            flights--;
            leader.busy(false);
            throw e;
        } finally {
            lock.unlock();
        }
        next.forEach(CommitQueue::wake);
        return flight;
    }

    private List<Queued> choose(List<CommitCaller> told) {
        List<Queued> group = new ArrayList<>();
        Set<Object> passed = new HashSet<>();
        GroupRoom space = new GroupRoom();
        for (Queued one : List.copyOf(waiting)) {
            if (!mayGo(one, passed, told)) {
                continue;
            }
            if (one.isAlone()) {
                passed.addAll(one.claims());
            } else if (space.takes(one.item())) {
                group.add(one);
            } else {
                break;
            }
        }
        group.forEach(this::remove);
        signalRoom();
        return group;
    }

    /**
     * True where nothing that came before and nobody on his way stands in its way. What stays behind a parked one is parked as
     * well, so that nobody waits for it who shares only its other cells; but not before what came earlier has gone.
     */
    private boolean mayGo(Queued one, Set<Object> passed, List<CommitCaller> told) {
        if (Collections.disjoint(one.claims(), passed)) {
            if (staysBehindParked(one)) {
                park(one);
                told.add(one.caller());
                return false;
            }
            if (isFree(one)) {
                return true;
            }
        }
        passed.addAll(one.claims());
        return false;
    }

    /** One at a time: whoever comes in tells the next. */
    private void signalRoom() {
        if (wantIn > 0 && !isFull()) {
            left.signal();
        }
    }

    private void park(Queued one) {
        remove(one);
        one.to(Place.PARKED);
        parked.add(one);
    }

    private Flight flight(List<Queued> group, Kind kind, CommitCaller leader) {
        for (Queued one : group) {
            one.to(Place.FLYING);
            flying.addAll(one.claims());
        }
        Deadline first = leader.deadline();
        for (Queued one : group) {
            Deadline next = one.caller().deadline();
            first = next.remainingNanos() < first.remainingNanos() ? next : first;
        }
        return new Flight(group, first, kind);
    }

    /** Sends the functions that may run on their way; tells the first other caller who may go to lead the next group. */
    private void giveTurns(List<CommitCaller> told) {
        boolean shared = !turnGiven && flights < atOnce && waiting.size() > functions;
        if (functions == 0 && !shared) {
            return;
        }
        Set<Object> passed = new HashSet<>();
        for (Queued one : List.copyOf(waiting)) {
            if (mayGo(one, passed, told)) {
                if (one.isAlone()) {
                    giveFlight(one);
                    told.add(one.caller());
                } else if (shared && !one.caller().isBusy()) {
                    giveTurn(one.caller());
                    told.add(one.caller());
                    shared = false;
                }
                passed.addAll(one.claims());
            }
            if (functions == 0 && !shared) {
                return;
            }
        }
    }

    private void giveTurn(CommitCaller caller) {
        turnGiven = true;
        flights++;
        caller.giveTurn();
    }

    private void giveFlight(Queued one) {
        remove(one);
        one.caller().giveFlight(flight(List.of(one), Kind.ALONE, one.caller()));
    }

    /** True where the parked ones are to be sent again now, by this caller. */
    boolean takeParkedTurn(CommitCaller caller) {
        lock.lock();
        try {
            if (parkedFly || !isFirstParked(caller) || leaveIn(caller) <= 0 || parkedAgainAt - System.nanoTime() > 0) {
                return false;
            }
            parkedFly = true;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean isFirstParked(CommitCaller caller) {
        return !parked.isEmpty() && parked.iterator().next().caller() == caller;
    }

    /** Takes what is parked and shares nothing with those on their way. */
    Flight takeParked(CommitCaller leader) {
        lock.lock();
        try {
            reserved.clear();
            List<Queued> group = new ArrayList<>();
            Set<Object> passed = new HashSet<>();
            GroupRoom space = new GroupRoom();
            for (Queued one : parked) {
                boolean alone = one.isAlone() && !(group.isEmpty() && one.caller() == leader);
                if (!Collections.disjoint(one.claims(), flying)) {
                    passed.addAll(one.claims());
                    reserved.addAll(one.claims());
                } else if (alone || !Collections.disjoint(one.claims(), passed)) {
                    passed.addAll(one.claims());
                } else if (space.takes(one.item())) {
                    group.add(one);
                    if (one.isAlone()) {
                        break;
                    }
                } else {
                    break;
                }
            }
            leader.busy(true);
            return flight(group, Kind.PARKED, leader);
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
            land(leader, flight, crashed, new ArrayList<>(), new ArrayList<>());
            landed = true;
        } finally {
            if (!landed) {
                giveUp(flight);
            }
        }
    }

    private void land(CommitCaller leader, Flight flight, boolean crashed, List<CommitCaller> next, List<Queued> done) {
        lock.lock();
        try {
            leader.busy(false);
            freeWay(flight);
            boolean interrupted = Thread.currentThread().isInterrupted();
            List<Queued> again = new ArrayList<>();
            for (Queued one : flight.members()) {
                sort(one, flight, crashed, interrupted && one.caller() != leader, again, done);
            }
            followAgain(again);
            putBack(again, flight.members().size());
            if (flight.kind() == Kind.SHARED) {
                lastSize = flight.members().size();
            } else if (flight.kind() == Kind.PARKED) {
                parkedInVain = done.isEmpty() && again.isEmpty() ? parkedInVain + 1 : 0;
                parkedAgainAt = System.nanoTime() + pause();
                lastAmongParked(flight.members());
            }
            if (!reserved.isEmpty() && Collections.disjoint(reserved, flying)) {
                parkedAgainAt = System.nanoTime();
            }
            giveTurns(next);
            if (!parked.isEmpty()) {
                next.add(parked.iterator().next().caller());
            }
            // Whoever waits again has a time when he leaves.
            flight.members().stream().filter(one -> one.place() != Place.FLYING).forEach(one -> next.add(one.caller()));
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
            parkedFly = false;
        }
        for (Queued one : flight.members()) {
            for (Object claim : one.claims()) {
                flying.remove(claim);
            }
        }
    }

    /** Ends what an error in the work of the queue left on its way; who has no end then is told so in his own thread. */
    private void giveUp(Flight flight) {
        lock.lock();
        try {
            for (Queued one : flight.members()) {
                if (one.place() == Place.FLYING) {
                    waiting.remove(one);
                    parked.remove(one);
                    one.to(Place.DONE);
                }
                wake(one.caller());
            }
            List<CommitCaller> next = new ArrayList<>();
            giveTurns(next);
            if (!parked.isEmpty()) {
                next.add(parked.iterator().next().caller());
            }
            next.forEach(CommitQueue::wake);
        } finally {
            lock.unlock();
        }
    }

    private void sort(
            Queued one, Flight flight, boolean crashed, boolean mayGoOn, List<Queued> again, List<Queued> done) {
        Item item = one.item();
        if (!item.hasEnd() && (crashed || one.caller().isGone())) {
            item.fault("the group was given up", null);
        }
        if (item.hasEnd()) {
            boolean lateGroup = flight.deadline().expired() && leaveIn(one.caller()) > 0;
            if (!one.caller().isGone() && item.mayGoAgain() && (mayGoOn || lateGroup)) {
                // The fault is the leader's, or of a neighbour whose time was up.
                item.reopen();
                parked.remove(one);
                again.add(one);
            } else {
                parked.remove(one);
                done.add(one);
            }
        } else if (!item.waitsFor().isEmpty()
                || (item.together() == 1 && flight.members().size() == 1)) {
            park(one);
        } else if (flight.kind() == Kind.PARKED || staysBehindParked(one)) {
            park(one);
        } else {
            again.add(one);
        }
    }

    /** What is parked behind something of its own list that goes again comes behind it again. */
    private void followAgain(List<Queued> again) {
        if (again.isEmpty() || parked.isEmpty()) {
            return;
        }
        Map<CommitCaller, Set<Object>> claims = new HashMap<>();
        again.forEach(one ->
                claims.computeIfAbsent(one.caller(), caller -> new HashSet<>()).addAll(one.claims()));
        for (Queued one : List.copyOf(parked)) {
            Set<Object> before = claims.get(one.caller());
            if (before != null && one.isParked() && !Collections.disjoint(one.claims(), before)) {
                before.addAll(one.claims());
                parked.remove(one);
                again.add(one);
            }
        }
    }

    /** In front of all others, in their order; but those whose group hides one that waits, behind all who share nothing. */
    private void putBack(List<Queued> again, int size) {
        if (again.isEmpty()) {
            return;
        }
        boolean suspect = again.stream().anyMatch(one -> one.item().together() < size);
        Set<Object> theirs = new HashSet<>();
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
        waiting.clear();
        waiting.addAll(before);
        again.forEach(this::add);
        waiting.addAll(behind);
    }

    /** Behind all that share nothing with them, so that each of the parked comes to the front and is sent. */
    private void lastAmongParked(List<Queued> members) {
        Set<Object> theirs = new HashSet<>();
        List<Queued> behind = new ArrayList<>();
        Set<Queued> sent = new HashSet<>(members);
        for (Queued one : List.copyOf(parked)) {
            if (sent.contains(one) || !Collections.disjoint(one.claims(), theirs)) {
                theirs.addAll(one.claims());
                parked.remove(one);
                behind.add(one);
            }
        }
        parked.addAll(behind);
    }

    private long pause() {
        if (parkedInVain == 0) {
            return 0;
        }
        long most = FIRST_PAUSE.toNanos() << Math.min(parkedInVain - 1, MOST_DOUBLINGS);
        return ThreadLocalRandom.current().nextLong(most / 2, most);
    }

    /** Gives up a turn whose caller has left. */
    void passOn() {
        List<CommitCaller> next = new ArrayList<>();
        lock.lock();
        try {
            turnGiven = false;
            flights--;
            giveTurns(next);
        } finally {
            lock.unlock();
        }
        next.forEach(CommitQueue::wake);
    }

    /** Ends a caller's requests, now or when they land: he does not wait for them any more. */
    void abandon(CommitCaller caller) {
        lock.lock();
        try {
            caller.leave();
            withdrawLocked(caller, "the caller is gone");
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
                boolean wasParked = parked.remove(one);
                if (wasParked) {
                    reserved.clear();
                }
                stoodInTheWay |= wasParked || one.claims().stream().anyMatch(this::isWaitedFor);
                end(one, message == null ? one.item().late() : message, null);
            }
        }
        signalRoom();
        List<CommitCaller> next = new ArrayList<>();
        // Those behind may go now, the parked ones may have another in front.
        if (stoodInTheWay) {
            giveTurns(next);
        }
        if (!parked.isEmpty()) {
            next.add(parked.iterator().next().caller());
        }
        next.forEach(CommitQueue::wake);
    }

    private boolean isWaitedFor(Object claim) {
        return waitingFor.containsKey(claim) && !flying.contains(claim);
    }

    /** How long a caller may wait for one of his requests before he looks again; ends what has waited for too long. */
    long mayWait(CommitCaller caller, Queued one) {
        lock.lock();
        try {
            Place place = one.place();
            if (place == Place.DONE) {
                return 0;
            }
            long nanos = leaveIn(caller);
            if (nanos <= 0) {
                withdrawLocked(caller, null);
                if (place == Place.FLYING) {
                    return Long.MAX_VALUE;
                }
                return 0;
            }
            return isFirstParked(caller) && !parkedFly
                    ? Math.max(0, Math.min(nanos, parkedAgainAt - System.nanoTime()))
                    : nanos;
        } finally {
            lock.unlock();
        }
    }

    private static void wake(CommitCaller caller) {
        LockSupport.unpark(caller.thread());
    }
}
