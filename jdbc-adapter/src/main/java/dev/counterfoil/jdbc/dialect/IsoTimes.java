package dev.counterfoil.jdbc.dialect;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;

/** Times as text: UTC, ISO 8601, always in microseconds. */
final class IsoTimes {
    private static final DateTimeFormatter MICROS =
            new DateTimeFormatterBuilder().appendInstant(6).toFormatter(Locale.ROOT);

    private IsoTimes() {}

    static String text(Instant time) {
        return MICROS.format(time);
    }
}
