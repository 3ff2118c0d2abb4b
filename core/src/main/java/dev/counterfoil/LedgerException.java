package dev.counterfoil;

import org.jspecify.annotations.Nullable;

/**
 * A fault: its {@link #fate()} says whether the money moved. In either case the same update can be sent again, and counts once.
 * Messages hold no amounts, keys or payloads.
 */
public abstract class LedgerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Fate fate;

    /** A fault with its fate; the cause may be null. */
    protected LedgerException(Fate fate, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.fate = fate;
    }

    /** What became of the money. */
    public final Fate fate() {
        return fate;
    }
}
