package dev.counterfoil;

import java.time.Instant;
import java.util.Objects;

/**
 * The time that was asked for has not passed yet by the store's clock, so what is still to come could change the answer. Ask
 * for {@link #answerable()}, or ask again later.
 */
public final class NotSettledException extends LedgerException {
    private static final long serialVersionUID = 1L;

    private final Instant answerable;

    /** For a question of which the latest time that can be answered is known. */
    public NotSettledException(Instant answerable) {
        super(Fate.NOT_APPLIED, "not settled yet: what can be answered now ends at " + answerable, null);
        this.answerable = Objects.requireNonNull(answerable, "answerable");
    }

    /** The latest time that could be answered when this was asked: a time to look at, or the end of a period. */
    public Instant answerable() {
        return answerable;
    }
}
