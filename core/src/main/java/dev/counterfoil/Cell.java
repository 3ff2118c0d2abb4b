package dev.counterfoil;

import java.time.Instant;

/** One named part of an account, as it stands. */
public sealed interface Cell permits Balance, Register, Journal {
    /** The cell's name. */
    CellId id();

    /** How many entries it has: each raises it by one, from 1 on. */
    long version();

    /** True where it was closed: it takes no operation but reopen. */
    boolean closed();

    /** The key of the update that changed it last. */
    Key lastUpdate();

    /** When that update was recorded. */
    Instant lastRecordedAt();
}
