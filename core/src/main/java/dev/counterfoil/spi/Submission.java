package dev.counterfoil.spi;

import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** How requests of a call get to the store. Safe for use by many threads. */
interface Submission {
    /**
     * Sends all, in order, and waits until each has an end.
     *
     * @param requests what to send, as one list
     * @param deadlines gives each group of the list its own; asked first for the first group
     * @param closed true from when on no further group of the list is begun
     */
    List<End> run(List<? extends Request> requests, Supplier<Deadline> deadlines, BooleanSupplier closed);

    /** How many requests wait for a group. */
    default int queued() {
        return 0;
    }

    /** How many requests wait for what somebody else holds. */
    default int parked() {
        return 0;
    }

    /** Sends one, and waits until it has an end. */
    default End run(Request request, Deadline deadline) {
        return run(List.of(request), () -> deadline, () -> false).get(0);
    }
}
