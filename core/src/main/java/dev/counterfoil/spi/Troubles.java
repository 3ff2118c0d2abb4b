package dev.counterfoil.spi;

import dev.counterfoil.LedgerEvent;
import org.jspecify.annotations.Nullable;

/** A store's failures in the words of events. */
final class Troubles {
    private Troubles() {}

    /** The trouble of what was thrown, or null where the store did not say. */
    static LedgerEvent.@Nullable Trouble of(@Nullable Throwable thrown) {
        Throwable store = thrown instanceof StoreException || thrown == null ? thrown : thrown.getCause();
        if (!(store instanceof StoreException e)) {
            return null;
        }
        return new LedgerEvent.Trouble(
                LedgerEvent.Kind.valueOf(e.trouble().name()),
                LedgerEvent.Phase.valueOf(e.phase().name()),
                e.sqlState());
    }
}
