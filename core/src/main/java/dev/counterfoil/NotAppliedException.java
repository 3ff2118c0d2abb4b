package dev.counterfoil;

import org.jspecify.annotations.Nullable;

/** The store could not do it, and nothing was applied. The same update can be sent again. */
public final class NotAppliedException extends LedgerException {
    private static final long serialVersionUID = 1L;

    /** A fault that left nothing behind; the cause may be null. */
    public NotAppliedException(String message, @Nullable Throwable cause) {
        super(Fate.NOT_APPLIED, message, cause);
    }

    /** A fault of what was tried so many times. */
    public NotAppliedException(String message, @Nullable Throwable cause, int attempts) {
        super(Fate.NOT_APPLIED, message, cause, attempts);
    }
}
