package dev.counterfoil.jdbc.dialect;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;

/** Times as text: UTC, ISO 8601, always in microseconds. */
final class IsoTimes {
    private static final DateTimeFormatter MICROS =
            new DateTimeFormatterBuilder().appendInstant(6).toFormatter(Locale.ROOT);

    /** What was written last: the rows of a group have the same time. */
    private static volatile Written last = new Written(Instant.EPOCH, MICROS.format(Instant.EPOCH));

    private record Written(Instant time, String text) {}

    private IsoTimes() {}

    static String text(Instant time) {
        Written written = last;
        if (!written.time().equals(time)) {
            written = new Written(time, MICROS.format(time));
            last = written;
        }
        return written.text();
    }
}
