package dev.counterfoil;

import org.jspecify.annotations.Nullable;

/**
 * The answer to a commit was lost, and it could not be found out in time whether it took effect. It is there once or not at
 * all: sending the same update again, with the same key, gives the answer.
 */
public final class OutcomeUnknownException extends LedgerException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // a Key is not serializable; a deserialized fault has lost it
    private final transient Key key;

    /** A fault whose effect is unknown. */
    public OutcomeUnknownException(Key key, String message, @Nullable Throwable cause) {
        this(key, message, cause, 0);
    }

    /** A fault of what was tried so many times. */
    public OutcomeUnknownException(Key key, String message, @Nullable Throwable cause, int attempts) {
        super(Fate.UNKNOWN, message, cause, attempts);
        this.key = key;
    }

    /** The key to ask again with. */
    public Key key() {
        return key;
    }
}
