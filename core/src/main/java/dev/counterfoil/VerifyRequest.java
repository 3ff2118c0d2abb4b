package dev.counterfoil;

import dev.counterfoil.internal.Texts;
import org.jspecify.annotations.Nullable;

/**
 * What is to be verified.
 *
 * @param kind the kind of account, or null for all
 * @param idPrefix the beginning of the accounts' ids; may be empty; empty without a kind
 * @param fromCheckpoints true to begin at each cell where the last such run ended, and to leave checkpoints for the next one
 */
public record VerifyRequest(@Nullable String kind, String idPrefix, boolean fromCheckpoints) {
    private static final VerifyRequest ALL = new VerifyRequest(null, "", false);

    /** Checks the names. */
    public VerifyRequest {
        if (kind != null) {
            Texts.accountKind(kind);
        }
        Texts.prefix("account id prefix", idPrefix, 255);
        if (kind == null && !idPrefix.isEmpty()) {
            throw new IllegalArgumentException("account id prefix: needs a kind of account");
        }
    }

    /** All accounts and all decisions of the namespace, from the first entry on. Nothing is written. */
    public static VerifyRequest all() {
        return ALL;
    }

    /** The accounts of a kind whose ids begin so, with the decisions that left their entries. */
    public static VerifyRequest of(String kind, String idPrefix) {
        return new VerifyRequest(kind, idPrefix, false);
    }

    /**
     * What has come since the last such run, with the decisions that left it: each cell from its checkpoint on, from its first
     * entry where it has none. Leaves checkpoints of the cells in which nothing is wrong.
     */
    public VerifyRequest sinceLast() {
        return new VerifyRequest(kind, idPrefix, true);
    }

    /** True where every decision is looked at, and not only those that left an entry which is. */
    public boolean allDecisions() {
        return kind == null && !fromCheckpoints;
    }
}
