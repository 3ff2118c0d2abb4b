package dev.counterfoil;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which page is asked for: at most {@code limit} items behind a cursor. Cursors are opaque texts that stay valid while the
 * ledger changes, and can be handed to a client and back.
 *
 * @param limit 1 to 1,000
 * @param cursor where the page before ended, or null for the first page
 */
public record PageRequest(int limit, @Nullable String cursor) {
    /** Checks the range. */
    public PageRequest {
        if (limit < 1 || limit > 1000) {
            throw new IllegalArgumentException("page limit " + limit + ": must be 1 to 1000");
        }
    }

    /** The first page. */
    public static PageRequest first(int limit) {
        return new PageRequest(limit, null);
    }

    /** The page behind a cursor. */
    public static PageRequest after(String cursor, int limit) {
        return new PageRequest(limit, Objects.requireNonNull(cursor, "cursor"));
    }
}
