package dev.counterfoil.jdbc.internal;

import java.sql.SQLException;

/** A wait for a lock that the thread's interrupt has ended; the flag is to be restored when the transaction is over. */
final class InterruptedWaitException extends SQLException {
    private static final long serialVersionUID = 1L;

    InterruptedWaitException(SQLException cause) {
        super("interrupted while waiting for a lock", cause);
    }
}
