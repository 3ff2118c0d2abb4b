package dev.counterfoil;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a register.
 *
 * @param cell the register
 * @param sequence its place in the register
 * @param type what it is the trace of
 * @param after the text after it
 * @param forced the reason given where the register was corrected; else null
 * @param key the key of its update
 * @param index the operation's position in the update
 * @param recordedAt when it was recorded
 * @param effectiveAt the caller's own time, or null
 */
public record RegisterEntry(
        RegisterId cell,
        long sequence,
        EntryType type,
        String after,
        @Nullable String forced,
        Key key,
        int index,
        Instant recordedAt,
        @Nullable Instant effectiveAt)
        implements Entry {}
