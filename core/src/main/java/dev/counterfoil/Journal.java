package dev.counterfoil;

import java.time.Instant;

/**
 * A journal as it stands; its records are read through {@link Ledger#history(JournalId, PageRequest)}.
 *
 * @param id its name
 * @param count how many records were appended
 * @param version how many entries it has; opening, closing and reopening leave one each, so it is above {@code count}
 * @param closed true where it was closed
 * @param lastUpdate the key of the update that changed it last
 * @param lastRecordedAt when that update was recorded
 */
public record Journal(JournalId id, long count, long version, boolean closed, Key lastUpdate, Instant lastRecordedAt)
        implements Cell {}
