package dev.counterfoil.spi;

import org.jspecify.annotations.Nullable;

/** A transaction that failed as a whole: where, and what that means. No answers were given. */
public final class StoreException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Phase phase;
    private final Trouble trouble;
    private final @Nullable String sqlState;

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
        this(phase, trouble, message, cause, null);
    }

    /** A failure to which the database gave an SQLState. */
    public StoreException(
            Phase phase, Trouble trouble, String message, @Nullable Throwable cause, @Nullable String sqlState) {
        super(message, cause);
        this.phase = phase;
        this.trouble = trouble;
        this.sqlState = sqlState;
    }

    /** Where it failed. */
    public Phase phase() {
        return phase;
    }

    /** What it means. */
    public Trouble trouble() {
        return trouble;
    }

    /** What the database called it, if it did. */
    public @Nullable String sqlState() {
        return sqlState;
    }
}
