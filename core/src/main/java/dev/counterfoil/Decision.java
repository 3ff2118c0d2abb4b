package dev.counterfoil;

import java.time.Instant;

/** How a key was decided, for ever: {@link Applied} or {@link Rejected}. */
public sealed interface Decision extends Outcome permits Applied, Rejected {
    /** When it was decided, by the store's clock, in microseconds. */
    Instant recordedAt();

    /** True where the key had been decided before, and this is that answer again. */
    boolean replayed();
}
