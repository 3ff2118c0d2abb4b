package dev.counterfoil.spi;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The row of an entry as it stands, which may be damaged, with what is needed of its decision.
 *
 * @param cellId the surrogate id of its cell
 * @param sequence its place in the cell
 * @param decisionId the surrogate id of its decision
 * @param position the operation's position in the update
 * @param type what it is the trace of, as text
 * @param delta what it changed, of a balance
 * @param amount the amount after it, of a balance
 * @param minimum the minimum that it set, of a balance
 * @param maximum the maximum that it set, of a balance
 * @param forced the reason, where a limit was passed or the cell was corrected
 * @param value the text after it, of a register
 * @param records the count after it, of a journal
 * @param recordedAt when it was recorded; null where that cannot be read
 * @param scope the scope of its decision's key, or null where there is no such decision
 * @param key its decision's key, or null where there is no such decision
 * @param outcome its decision's outcome, APPLIED or a reason, or null where there is no such decision
 */
public record EntryRow(
        long cellId,
        long sequence,
        long decisionId,
        int position,
        String type,
        @Nullable String delta,
        @Nullable String amount,
        @Nullable String minimum,
        @Nullable String maximum,
        @Nullable String forced,
        @Nullable String value,
        @Nullable Long records,
        @Nullable Instant recordedAt,
        @Nullable String scope,
        @Nullable String key,
        @Nullable String outcome) {}
