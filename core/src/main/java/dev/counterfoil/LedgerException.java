package dev.counterfoil;

import org.jspecify.annotations.Nullable;

/**
 * A fault: its {@link #fate()} says whether the money moved. In either case the same update can be sent again, and counts once.
 * Messages hold no amounts, keys or payloads.
 */
public abstract class LedgerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Fate fate;
    private final int attempts;

    /** A fault with its fate; the cause may be null. */
    protected LedgerException(Fate fate, String message, @Nullable Throwable cause) {
        this(fate, message, cause, 0);
    }

    /** A fault of what was tried so many times. */
    protected LedgerException(Fate fate, String message, @Nullable Throwable cause, int attempts) {
        super(message, cause);
        this.fate = fate;
        this.attempts = attempts;
    }

    /** What became of the money. */
    public final Fate fate() {
        return fate;
    }

    /** How often it was tried at last; 0 where it did not get to the store, or that is not known. */
    public final int attempts() {
        return attempts;
    }
}
