package dev.counterfoil.spi;

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
import org.jspecify.annotations.Nullable;

/**
 * Requests that wait for what somebody else holds in the database: who stays behind them, and when they are sent again. Used
 * under the lock of the queue.
 */
final class ParkedRequests {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
    private static final int MOST_DOUBLINGS = 5;

    private final Set<Queued> all = new LinkedHashSet<>();
    private boolean fly;

    /** What they need that was on its way when they were to be sent: nobody else takes it before them. */
    private final Set<Claim> reserved = new HashSet<>();

    private int inVain;
    private long againAt = System.nanoTime();

    /** For a queue that is empty yet. */
    ParkedRequests() {}

    int size() {
        return all.size();
    }

    void add(Queued one) {
        if (all.add(one)) {
            one.caller().parks(one.claims(), 1);
        }
        one.holdUp();
        one.to(Queued.Place.PARKED);
    }

    boolean remove(Queued one) {
        if (!all.remove(one)) {
            return false;
        }
        one.caller().parks(one.claims(), -1);
        one.letGo();
        if (all.isEmpty()) {
            // Nobody is left who would take it.
            reserved.clear();
        }
        return true;
    }

    /** Whoever gives up was perhaps the one for whom something is reserved. */
    boolean withdraw(Queued one) {
        boolean was = remove(one);
        if (was) {
            reserved.clear();
        }
        return was;
    }

    /** True for what somebody holds that a parked one waits for, and for what comes later in a list than what it shares. */
    boolean keeps(Queued one) {
        return !all.isEmpty()
                && one.claims().stream()
                        .anyMatch(claim -> claim.isHeld() || one.caller().hasParked(claim));
    }

    boolean reserves(Claim claim) {
        return !reserved.isEmpty() && reserved.contains(claim);
    }

    /** Who sends them again, or null. */
    @Nullable
    CommitCaller first() {
        return all.isEmpty() ? null : all.iterator().next().caller();
    }

    /** How long the caller that sends them may wait until then; as long as he likes where he is another. */
    long againIn(CommitCaller caller, long most) {
        return first() == caller && !fly ? Math.max(0, Math.min(most, againAt - System.nanoTime())) : most;
    }

    /** True where they are to be sent again now, by this caller. */
    boolean takeTurn(CommitCaller caller) {
        if (fly || first() != caller || caller.leaveIn() <= 0 || againAt - System.nanoTime() > 0) {
            return false;
        }
        fly = true;
        return true;
    }

    /** Takes what shares nothing with those on their way. */
    List<Queued> take(CommitCaller leader) {
        reserved.clear();
        List<Queued> group = new ArrayList<>();
        Set<Claim> passed = new HashSet<>();
        GroupRoom space = new GroupRoom();
        for (Queued one : all) {
            boolean alone = one.isAlone() && !(group.isEmpty() && one.caller() == leader);
            if (one.claims().stream().anyMatch(Claim::isFlying)) {
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
        return group;
    }

    /** They are not on their way any more. */
    void landed() {
        fly = false;
    }

    /**
     * Says when they are sent again.
     *
     * @param members those that were sent
     * @param ofUse true where something came of it
     */
    void again(List<Queued> members, boolean ofUse) {
        inVain = ofUse ? 0 : inVain + 1;
        againAt = System.nanoTime() + pause();
        behindAllOthers(members);
    }

    /** They need not wait where nobody is on his way any more with what is reserved for them. */
    void look() {
        if (!reserved.isEmpty() && reserved.stream().noneMatch(Claim::isFlying)) {
            againAt = System.nanoTime();
        }
    }

    private long pause() {
        if (inVain == 0) {
            return 0;
        }
        long most = FIRST_PAUSE.toNanos() << Math.min(inVain - 1, MOST_DOUBLINGS);
        return ThreadLocalRandom.current().nextLong(most / 2, most);
    }

    /** Behind all that share nothing with them, so that each of the parked comes to the front and is sent. */
    private void behindAllOthers(List<Queued> members) {
        Set<Claim> theirs = new HashSet<>();
        List<Queued> behind = new ArrayList<>();
        Set<Queued> sent = new HashSet<>(members);
        for (Queued one : all) {
            if (sent.contains(one) || !Collections.disjoint(one.claims(), theirs)) {
                theirs.addAll(one.claims());
                behind.add(one);
            }
        }
        behind.forEach(all::remove);
        all.addAll(behind);
    }

    /** Adds to those that go again what is parked behind them in lists of their own, which comes behind them again. */
    void follow(List<Queued> again) {
        for (Queued one : behind(again)) {
            remove(one);
            again.add(one);
        }
    }

    /** Puts behind those that were parked on their way what was parked meanwhile and comes later in lists of their own. */
    void keepOrder(List<Queued> members) {
        List<Queued> later = behind(members.stream().filter(Queued::isParked).toList());
        later.forEach(all::remove);
        all.addAll(later);
    }

    /** What else is parked of the same lists and shares something with these, or with others that do; in its order. */
    private List<Queued> behind(List<Queued> before) {
        if (before.isEmpty() || all.isEmpty()) {
            return List.of();
        }
        Map<CommitCaller, Set<Claim>> claims = new HashMap<>();
        before.forEach(one ->
                claims.computeIfAbsent(one.caller(), caller -> new HashSet<>()).addAll(one.claims()));
        Set<Queued> first = new HashSet<>(before);
        List<Queued> behind = new ArrayList<>();
        for (Queued one : all) {
            Set<Claim> theirs = claims.get(one.caller());
            if (theirs != null
                    && one.isParked()
                    && !first.contains(one)
                    && !Collections.disjoint(one.claims(), theirs)) {
                theirs.addAll(one.claims());
                behind.add(one);
            }
        }
        return behind;
    }
}
