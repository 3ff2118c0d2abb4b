package dev.counterfoil.jdbc.internal;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Texts put together from parts, of which there are few: each is made once, for a driver looks its plans up by the text. */
final class Texts {
    private final String separator;
    private final Map<List<String>, String> made = new ConcurrentHashMap<>();

    /** Puts this between the parts. */
    Texts(String separator) {
        this.separator = separator;
    }

    /** These parts, one behind the other. */
    String of(List<String> parts) {
        String text = made.get(parts);
        return text != null ? text : made.computeIfAbsent(List.copyOf(parts), all -> String.join(separator, all));
    }
}
