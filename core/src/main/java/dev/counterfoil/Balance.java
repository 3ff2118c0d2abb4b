package dev.counterfoil;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * A balance as it stands.
 *
 * @param id its name and unit
 * @param amount the amount, with the unit's scale
 * @param limits the limits in force
 * @param version how many entries it has
 * @param closed true where it was closed
 * @param lastUpdate the key of the update that changed it last
 * @param lastRecordedAt when that update was recorded
 */
public record Balance(
        BalanceId id,
        BigDecimal amount,
        Limits limits,
        long version,
        boolean closed,
        Key lastUpdate,
        Instant lastRecordedAt)
        implements Cell {}
