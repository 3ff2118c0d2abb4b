package dev.counterfoil.internal;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The rules for text, checked before anything reaches a store. */
public final class Texts {
    /** The most bytes that a register value, a payload or metadata may have in UTF-8. */
    public static final int MAX_VALUE_BYTES = 64 * 1024;

    private static final int SHOWN = 40;

    private Texts() {}

    /** Checks a name: not blank, no control characters, valid Unicode, at most {@code maxBytes} in UTF-8. */
    public static String name(String field, String value, int maxBytes) {
        String broken = brokenRule(Objects.requireNonNull(value, field), maxBytes);
        if (broken != null) {
            throw refused(field, value, broken);
        }
        return value;
    }

    /** Checks what people write about money by the rules of a name; the text is not shown in errors. */
    public static String remark(String field, String value, int maxBytes) {
        String broken = brokenRule(Objects.requireNonNull(value, field), maxBytes);
        if (broken != null) {
            throw new IllegalArgumentException(field + ": " + broken);
        }
        return value;
    }

    private static @Nullable String brokenRule(String value, int maxBytes) {
        if (value.isBlank()) {
            return value.isEmpty() ? "must not be empty" : "must not be blank";
        }
        for (int i = 0; i < value.length(); i++) {
            if (Character.isISOControl(value.charAt(i))) {
                return "must not contain control characters";
            }
        }
        String invalid = invalidUnicode(value);
        if (invalid == null && utf8Length(value) > maxBytes) {
            return "must be at most " + maxBytes + " bytes in UTF-8, has " + utf8Length(value);
        }
        return invalid;
    }

    /** Checks an account's kind: a name of at most 64 bytes without a slash, which separates it from the id. */
    public static String accountKind(String kind) {
        name("account kind", kind, 64);
        if (kind.indexOf('/') >= 0) {
            throw refused("account kind", kind, "must not contain '/'");
        }
        return kind;
    }

    /** Checks the beginning of a name, which may be empty. */
    public static String prefix(String field, String value, int maxBytes) {
        Objects.requireNonNull(value, field);
        return value.isEmpty() ? value : name(field, value, maxBytes);
    }

    /**
     * Checks free text (a register's value, a payload, metadata): valid Unicode, no NUL; it may be empty. The text is
     * not shown in errors.
     */
    public static String value(String field, String value) {
        Objects.requireNonNull(value, field);
        if (value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(field + ": must not contain NUL, which no database keeps");
        }
        String invalid = invalidUnicode(value);
        if (invalid != null) {
            throw new IllegalArgumentException(field + ": " + invalid);
        }
        if (utf8Length(value) > MAX_VALUE_BYTES) {
            throw new IllegalArgumentException(
                    field + ": must be at most " + MAX_VALUE_BYTES + " bytes in UTF-8, has " + utf8Length(value));
        }
        return value;
    }

    /** The number of bytes of a valid text in UTF-8, without encoding it. */
    public static int utf8Length(String value) {
        int bytes = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            // A surrogate pair has two chars and four bytes.
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return bytes;
    }

    /** Compares as the bytes in UTF-8 do, which is the order of every store. */
    public static int compareBinary(String a, String b) {
        if (a.equals(b)) {
            return 0;
        }
        int n = Math.min(a.length(), b.length());
        for (int i = 0; i < n; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                // Surrogates stand for code points above every other char.
                boolean highX = Character.isSurrogate(x);
                boolean highY = Character.isSurrogate(y);
                return highX == highY ? Character.compare(x, y) : highX ? 1 : -1;
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    /** The bytes of a text that was checked before. */
    public static byte[] utf8(String value) {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    /** An error that shows the value (shortened, controls escaped) beside the field and the rule. */
    public static IllegalArgumentException refused(String field, String value, String rule) {
        return new IllegalArgumentException(field + " " + shown(value) + ": " + rule);
    }

    private static @Nullable String invalidUnicode(String value) {
        for (int i = 0; i < value.length(); ) {
            int c = value.codePointAt(i);
            if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                return "must be valid Unicode, has a lone surrogate";
            }
            if ((c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF)) {
                return "must be valid Unicode, has a noncharacter";
            }
            i += Character.charCount(c);
        }
        return null;
    }

    private static String shown(String value) {
        StringBuilder text = new StringBuilder("\"");
        value.codePoints().limit(SHOWN).forEach(c -> {
            boolean printable =
                    !Character.isISOControl(c) && (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE);
            if (printable) {
                text.appendCodePoint(c);
            } else {
                text.append(String.format("\\u%04X", c));
            }
        });
        return text.append(value.codePointCount(0, value.length()) > SHOWN ? "…\"" : "\"")
                .toString();
    }
}
