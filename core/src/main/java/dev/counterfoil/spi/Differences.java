package dev.counterfoil.spi;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** In what a cell differs from its entries, as text. */
final class Differences {
    /** A register's text can be long, and is only to be known again. */
    private static final int SHOWN = 200;

    private final List<String> expected = new ArrayList<>();
    private final List<String> observed = new ArrayList<>();
    private final List<String> unreadable = new ArrayList<>();

    /** Adds what differs. */
    void look(String what, @Nullable Object should, @Nullable Object is) {
        if (!Objects.equals(should, is)) {
            expected.add(what + " " + shown(should));
            observed.add(what + " " + shown(is));
        }
    }

    /** Adds an amount that cannot be read, and so is not what it should be. */
    void unreadable(String what, @Nullable Object should, @Nullable String is) {
        expected.add(what + " " + shown(should));
        observed.add(what + " " + shown(is));
        unreadable.add(what + " " + shown(is));
    }

    boolean isEmpty() {
        return expected.isEmpty();
    }

    String expected() {
        return String.join(", ", expected);
    }

    String observed() {
        return String.join(", ", observed);
    }

    /** The amounts that cannot be read. */
    List<String> unreadable() {
        return unreadable;
    }

    static String shown(@Nullable Object value) {
        String text = value == null ? "none" : value.toString();
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    }
}
