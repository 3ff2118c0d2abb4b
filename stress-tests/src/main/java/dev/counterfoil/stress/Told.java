package dev.counterfoil.stress;

import dev.counterfoil.Applied;
import dev.counterfoil.Fate;
import dev.counterfoil.KeyReused;
import dev.counterfoil.Ledger;
import dev.counterfoil.LedgerException;
import dev.counterfoil.Outcome;
import dev.counterfoil.Update;
import java.util.function.Supplier;

/** What a caller was told, in a word. */
public final class Told {
    /** It was applied now. */
    public static final String APPLIED = "applied";

    static final String REPLAY = "replay";
    static final String REFUSED = "refused";
    /** A fault: nothing changed. */
    public static final String NOT_APPLIED = "not applied";

    private Told() {}

    static String by(Ledger ledger, Update update) {
        return of(() -> ledger.apply(update));
    }

    /** Of updates one after the other: applied, if all were; else the first other word. */
    static String byAll(Ledger ledger, Update... updates) {
        for (Update update : updates) {
            String told = by(ledger, update);
            if (!told.equals(APPLIED)) {
                return told;
            }
        }
        return APPLIED;
    }

    static String of(Supplier<Outcome> call) {
        try {
            return of(call.get());
        } catch (LedgerException e) {
            return of(e);
        }
    }

    /** Of a fault. */
    public static String of(LedgerException fault) {
        return fault.fate() == Fate.NOT_APPLIED ? NOT_APPLIED : "unknown";
    }

    /** Of an outcome. */
    public static String of(Outcome outcome) {
        if (outcome instanceof Applied applied) {
            return applied.replayed() ? REPLAY : APPLIED;
        }
        return outcome instanceof KeyReused ? "reused" : REFUSED;
    }
}
