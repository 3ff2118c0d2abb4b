package dev.counterfoil.admin;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Texts as a terminal may show them: what is stored must not move its cursor or end a line. */
final class Plain {
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSX", Locale.ROOT);

    private Plain() {}

    /** The text with its control characters written out, as in JSON. */
    static String text(String text) {
        if (text.chars().noneMatch(Plain::controls)) {
            return text;
        }
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!controls(c)) {
                plain.append(c);
            } else if (c == '\n') {
                plain.append("\\n");
            } else {
                plain.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            }
        }
        return plain.toString();
    }

    /** A message in one line. */
    static String line(String message) {
        return text(message.strip().replaceAll("\\s*\\R\\s*", " "));
    }

    /** A text, or a dash for null. */
    static String orDash(@Nullable Object value) {
        return value == null ? "-" : text(value.toString());
    }

    /** A time, always with its microseconds, so that columns stand below each other. */
    static String time(Instant time) {
        return MICROS.format(time.atOffset(ZoneOffset.UTC));
    }

    // Also the ones that turn the direction of writing around, and with it what a reader sees.
    private static boolean controls(int c) {
        return Character.isISOControl(c) || Character.getType(c) == Character.FORMAT || c == '\u2028' || c == '\u2029';
    }
}
