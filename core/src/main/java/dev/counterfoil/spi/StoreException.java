package dev.counterfoil.spi;

import org.jspecify.annotations.Nullable;

/** A transaction that failed as a whole: where, and what that means. No answers were given. */
public final class StoreException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Phase phase;
    private final Trouble trouble;

    /** Where a transaction stood when it failed. */
    public enum Phase {
        /** It had not begun: no connection, no turn, no lock. */
        ACQUIRE,
        /** It had begun, and its commit had not been sent. */
        BODY,
        /** Its commit had been sent. */
        COMMIT
    }

    /** What the failure means. */
    public enum Trouble {
        /** Nothing was applied, and the same group may pass if it is sent again: a conflict, a deadlock, a lost link. */
        TRANSIENT,
        /** Nothing was applied: one value of one request was refused by the database. The others may pass without it. */
        ONE_REQUEST,
        /** Nothing was applied, and sending it again would not help. */
        PERMANENT,
        /** It may have been applied or not. The same group, sent again, gives the answer. */
        UNKNOWN
    }

    /** A failure; the message must hold no amounts, keys or payloads. */
    public StoreException(Phase phase, Trouble trouble, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.phase = phase;
        this.trouble = trouble;
    }

    /** Where it failed. */
    public Phase phase() {
        return phase;
    }

    /** What it means. */
    public Trouble trouble() {
        return trouble;
    }
}
