package dev.counterfoil;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a balance.
 *
 * @param cell the balance
 * @param sequence its place in the balance
 * @param type what it is the trace of
 * @param delta what it changed, with the unit's scale; the first amount for an OPEN, zero where no money moved
 * @param after the amount after it
 * @param limits the limits after it, for OPEN and SET_LIMITS; else null
 * @param forced the reason given where a limit was passed by force, or the balance was corrected; else null
 * @param key the key of its update
 * @param index the operation's position in the update
 * @param recordedAt when it was recorded
 * @param effectiveAt the caller's own time, or null
 */
public record BalanceEntry(
        BalanceId cell,
        long sequence,
        EntryType type,
        BigDecimal delta,
        BigDecimal after,
        @Nullable Limits limits,
        @Nullable String forced,
        Key key,
        int index,
        Instant recordedAt,
        @Nullable Instant effectiveAt)
        implements Entry {}
