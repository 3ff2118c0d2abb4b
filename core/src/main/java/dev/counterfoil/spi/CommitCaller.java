package dev.counterfoil.spi;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A call that waits for its requests, and may have to lead a group meanwhile. */
final class CommitCaller {
    /** Of the time of a call this part is kept for its way to the store: whoever still waits then is told so. */
    private static final int KEPT_PART = 10;

    private final Thread thread;
    private volatile Deadline deadline;
    private volatile boolean turn;
    private volatile @Nullable Flight own;
    private volatile boolean interrupted;
    private List<Queued> open = List.of();
    private final Map<Claim, Integer> parked = new HashMap<>();
    private boolean gone;
    private boolean busy;

    CommitCaller(Thread thread, Deadline deadline) {
        this.thread = thread;
        this.deadline = deadline;
    }

    Thread thread() {
        return thread;
    }

    Deadline deadline() {
        return deadline;
    }

    /** How long it may go on waiting before it gives up. */
    long leaveIn() {
        Deadline until = deadline;
        return until.remainingNanos() - until.wholeNanos() / KEPT_PART;
    }

    /** The next part of a list has a time of its own, and so has what is parked of the parts before. */
    void renew(Deadline next) {
        deadline = next;
    }

    /** It is to lead the next group; called under the lock of the queue. */
    void giveTurn() {
        turn = true;
    }

    /** True once for each turn that was given. Called by its own thread, and no turn is given while one is. */
    boolean takeTurn() {
        if (!turn) {
            return false;
        }
        turn = false;
        return true;
    }

    /** Its function is to be sent, the one request that it has; called under the lock of the queue. */
    void giveFlight(Flight flight) {
        own = flight;
    }

    /** Its function, if that is to be sent now. */
    @Nullable
    Flight takeFlight() {
        Flight flight = own;
        if (flight != null) {
            own = null;
        }
        return flight;
    }

    /** True where there is something for it to do. */
    boolean isCalled() {
        return turn || own != null;
    }

    /** Its thread was interrupted while it waited. */
    void interrupt() {
        interrupted = true;
    }

    /** It leads a group now; under the lock of the queue, as the question is. */
    void busy(boolean leads) {
        busy = leads;
    }

    boolean isBusy() {
        return busy;
    }

    boolean wasInterrupted() {
        return interrupted;
    }

    /** Its requests, those that have an end perhaps among them. Used by its own thread. */
    List<Queued> open() {
        return open;
    }

    void open(List<Queued> requests) {
        open = requests;
    }

    /** So many more of its requests are parked that have these claims; under the lock of the queue, as the question is. */
    void parks(List<Claim> claims, int more) {
        for (Claim claim : claims) {
            parked.merge(claim, more, (a, b) -> a + b == 0 ? null : a + b);
        }
    }

    boolean hasParked(Claim claim) {
        return !parked.isEmpty() && parked.containsKey(claim);
    }

    /** It does not wait for its requests any more; under the lock of the queue, as the question is. */
    void leave() {
        gone = true;
    }

    boolean isGone() {
        return gone;
    }

    void restoreInterrupt() {
        if (interrupted) {
            thread.interrupt();
        }
    }
}
