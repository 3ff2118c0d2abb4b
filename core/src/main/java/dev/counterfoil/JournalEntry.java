package dev.counterfoil;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a journal.
 *
 * @param cell the journal
 * @param sequence its place in the journal
 * @param type what it is the trace of
 * @param payload the record, for APPEND; else null
 * @param count how many records there are after it
 * @param forced the reason given where the journal was corrected; else null
 * @param key the key of its update
 * @param index the operation's position in the update
 * @param recordedAt when it was recorded
 * @param effectiveAt the caller's own time, or null
 */
public record JournalEntry(
        JournalId cell,
        long sequence,
        EntryType type,
        @Nullable String payload,
        long count,
        @Nullable String forced,
        Key key,
        int index,
        Instant recordedAt,
        @Nullable Instant effectiveAt)
        implements Entry {}
