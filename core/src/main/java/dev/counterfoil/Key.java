package dev.counterfoil;

import java.util.Comparator;
import java.util.Objects;

/**
 * An idempotency key: the caller's own name for one wish, minted before it is sent and sent again with it. It is decided
 * once, for ever.
 *
 * @param scope keeps the keys of one API client apart from another's: 0 to 255 printable ASCII characters, empty by default
 * @param value 1 to 255 printable ASCII characters, not blank
 */
public record Key(String scope, String value) implements Comparable<Key> {
    private static final Comparator<Key> ORDER =
            Comparator.comparing(Key::scope).thenComparing(Key::value);

    /** Checks both parts. */
    public Key {
        check("key scope", scope, 0);
        check("key", value, 1);
        if (value.isBlank()) {
            throw new IllegalArgumentException("key: must not be blank");
        }
    }

    /** The key of this value in the empty scope. */
    public static Key of(String value) {
        return new Key("", value);
    }

    /** The key of this value in a scope of its own. */
    public static Key of(String scope, String value) {
        return new Key(scope, value);
    }

    @Override
    public int compareTo(Key other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return scope.isEmpty() ? value : scope + "|" + value;
    }

    // Keys are secrets to some callers: the errors do not show them.
    private static void check(String field, String text, int least) {
        Objects.requireNonNull(text, field);
        if (text.length() < least || text.length() > 255) {
            throw new IllegalArgumentException(
                    field + ": must have " + least + " to 255 characters, has " + text.length());
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
                throw new IllegalArgumentException(
                        field + ": must be printable ASCII, character " + (i + 1) + " is not");
            }
        }
    }
}
