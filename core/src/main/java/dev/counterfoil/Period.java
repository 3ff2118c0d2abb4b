package dev.counterfoil;

import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.Objects;

/**
 * A span of time with its beginning and without its end, so that periods that follow each other share nothing.
 *
 * @param from the first moment that belongs to it
 * @param to the first moment behind it, later than {@code from}
 */
public record Period(Instant from, Instant to) {
    /** Checks the order. */
    public Period {
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(to, "to");
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException("period from " + from + " to " + to + ": must end after it begins");
        }
    }

    /** The time from one moment up to another, without that. */
    public static Period of(Instant from, Instant to) {
        return new Period(from, to);
    }

    /**
     * A month of the calendar where the clocks show the time of a zone: from the first moment of its first day up to that of
     * the next month, however many hours the days between have.
     */
    public static Period of(YearMonth month, ZoneId zone) {
        return new Period(
                month.atDay(1).atStartOfDay(zone).toInstant(),
                month.plusMonths(1).atDay(1).atStartOfDay(zone).toInstant());
    }

    /** True for a moment that belongs to it. */
    public boolean contains(Instant time) {
        return !time.isBefore(from) && time.isBefore(to);
    }
}
