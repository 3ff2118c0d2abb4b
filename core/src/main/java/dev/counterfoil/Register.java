package dev.counterfoil;

import java.time.Instant;

/**
 * A register as it stands.
 *
 * @param id its name
 * @param value its text
 * @param version how many entries it has
 * @param closed true where it was closed
 * @param lastUpdate the key of the update that changed it last
 * @param lastRecordedAt when that update was recorded
 */
public record Register(
        RegisterId id, String value, long version, boolean closed, Key lastUpdate, Instant lastRecordedAt)
        implements Cell {}
