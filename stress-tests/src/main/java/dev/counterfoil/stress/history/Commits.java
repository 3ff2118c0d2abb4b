package dev.counterfoil.stress.history;

import java.util.Locale;

/** Whose commits the callers of a ledger have. */
public enum Commits {
    /** Callers that wait at the same time share one, as is the default. */
    SHARED,
    /** Each call has its own. */
    OWN;

    /** For people, such as {@code own commits}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT) + " commits";
    }
}
