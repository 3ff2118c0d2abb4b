package dev.counterfoil.spi;

import dev.counterfoil.LedgerException;
import dev.counterfoil.NotAppliedException;
import dev.counterfoil.OutcomeUnknownException;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A request on its way, and what is known of it so far. Used by one thread at a time. */
final class Item {
    private final Request request;
    private final Weight weight;

    /** The first failure after which an attempt may have been applied; null while there is none. */
    private @Nullable Throwable unknown;

    /** The most requests that go in one group with it. */
    private int together = GroupRoom.REQUESTS;

    /** The cells of it that somebody else held when it was last sent. */
    private Set<CellAddress> waitsFor = Set.of();

    private boolean wasParked;

    private @Nullable End end;

    Item(Request request) {
        this.request = request;
        this.weight = Weight.of(request);
    }

    Request request() {
        return request;
    }

    Weight weight() {
        return weight;
    }

    int together() {
        return together;
    }

    Set<CellAddress> waitsFor() {
        return waitsFor;
    }

    /** Why it got no answer in its time. */
    String late() {
        if (!wasParked) {
            return "the time of the call is up";
        }
        return waitsFor.isEmpty()
                ? "something that it needs, or that an update before it needs, is held by somebody else"
                : "somebody else holds a cell that it needs";
    }

    boolean hasEnd() {
        return end != null;
    }

    End end() {
        return Objects.requireNonNull(end);
    }

    void answer(Answer answer) {
        end = new End(answer, null);
    }

    /** True the first time. */
    boolean parked(Set<CellAddress> cells) {
        boolean first = !wasParked;
        waitsFor = Set.copyOf(cells);
        wasParked = true;
        return first;
    }

    /** True where somebody was seen to hold what it needs, or what a neighbour of it needs that nobody can see. */
    boolean wasParked() {
        return wasParked;
    }

    /** The next time it goes in a smaller group, because something unseen holds one of this size. */
    void halve(int size) {
        together = Math.max(1, size / 2);
    }

    /** An attempt failed in a way that leaves open whether it was applied. */
    void mayBeApplied(Throwable failure) {
        unknown = unknown == null ? failure : unknown;
    }

    /** True for a fault that says nothing of this request alone. */
    boolean mayGoAgain() {
        LedgerException fault = end().fault();
        return fault != null
                && !(fault.getCause() instanceof StoreException cause
                        && cause.trouble() == StoreException.Trouble.ONE_REQUEST);
    }

    /** Forgets a fault, but not that it may have been applied: it is sent again. */
    void reopen() {
        end = null;
    }

    void fault(String message, @Nullable Throwable cause) {
        fault(message, cause, 0);
    }

    /** Ends it with a fault, after so many attempts. */
    void fault(String message, @Nullable Throwable cause, int attempts) {
        Throwable lost = unknown;
        if (lost == null) {
            end = new End(null, new NotAppliedException(message, cause, attempts));
            return;
        }
        LedgerException fault = new OutcomeUnknownException(
                request.key(),
                "it may have been applied or not; the same update, sent again, gives the answer: " + message,
                cause,
                attempts);
        if (lost != cause) {
            fault.addSuppressed(lost);
        }
        end = new End(null, fault);
    }
}
