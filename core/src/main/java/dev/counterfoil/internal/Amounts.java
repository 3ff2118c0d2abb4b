package dev.counterfoil.internal;

import dev.counterfoil.Unit;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Objects;

/**
 * The rules for amounts: exact decimals, at most 38 digits, never rounded. Errors name the field and the rule, and do not
 * show the amount.
 */
public final class Amounts {
    /** The most digits that an amount has, those behind the point included. */
    public static final int MAX_DIGITS = 38;

    /** A plain decimal longer than this is refused unread: 38 digits, a sign, a point, and zeros to spare. */
    private static final int MAX_TEXT = 128;

    /** 128 decimal digits; beyond it even counting the digits is work that nobody asked for. */
    private static final int MAX_BITS = 426;

    /** By scale, the amounts in which no digits need to be counted: those of 18 digits and less. */
    private static final BigDecimal[] SMALL = new BigDecimal[19];

    private static final BigDecimal[] NEGATIVE = new BigDecimal[19];

    static {
        for (int scale = 0; scale < SMALL.length; scale++) {
            SMALL[scale] = BigDecimal.valueOf(999_999_999_999_999_999L, scale);
            NEGATIVE[scale] = SMALL[scale].negate();
        }
    }

    private Amounts() {}

    /** The amount with exactly the unit's scale, or an error. */
    public static BigDecimal in(Unit unit, String field, BigDecimal amount) {
        if (isSmall(unit, Objects.requireNonNull(amount, field))) {
            return amount;
        }
        BigDecimal plain = plausible(field, amount);
        if (plain.scale() > unit.scale()) {
            throw new IllegalArgumentException(field + ": has " + plain.scale() + " decimal places, unit " + unit.code()
                    + " has " + unit.scale() + "; amounts are never rounded");
        }
        if (plain.signum() != 0 && (long) plain.precision() - plain.scale() + unit.scale() > MAX_DIGITS) {
            throw new IllegalArgumentException(
                    field + ": has more than " + MAX_DIGITS + " digits at the scale of unit " + unit.code());
        }
        return plain.setScale(unit.scale());
    }

    private static boolean isSmall(Unit unit, BigDecimal amount) {
        BigDecimal small = SMALL[unit.scale()];
        // Of one scale, so that comparing is cheap whatever the number is.
        return amount.scale() == unit.scale()
                && amount.compareTo(small) <= 0
                && amount.compareTo(NEGATIVE[unit.scale()]) >= 0;
    }

    /** The amount of a plain decimal text with exactly the unit's scale, or an error. */
    public static BigDecimal in(Unit unit, String field, String amount) {
        return in(unit, field, parse(field, amount));
    }

    /** A number of whole units; only for units of scale 0, where it cannot be mistaken for the smallest part. */
    public static BigDecimal whole(Unit unit, String field, long amount) {
        if (unit.scale() != 0) {
            throw new IllegalArgumentException(field + ": a long is for units of scale 0, unit " + unit.code()
                    + " has scale " + unit.scale() + "; pass a decimal string or a BigDecimal");
        }
        return BigDecimal.valueOf(amount);
    }

    /** The amount without trailing zeros, or an error where it has more digits than any unit allows. */
    public static BigDecimal plausible(String field, BigDecimal amount) {
        Objects.requireNonNull(amount, field);
        if (amount.signum() == 0) {
            return BigDecimal.ZERO;
        }
        // In this order: each step is cheap whatever the number is, 1E+100000000 included.
        if (amount.unscaledValue().bitLength() > MAX_BITS || amount.scale() <= -MAX_DIGITS) {
            throw new IllegalArgumentException(field + ": has more than " + MAX_DIGITS + " digits");
        }
        BigDecimal plain = amount.stripTrailingZeros();
        if ((long) plain.precision() - plain.scale() > MAX_DIGITS || plain.precision() > MAX_DIGITS) {
            throw new IllegalArgumentException(field + ": has more than " + MAX_DIGITS + " digits");
        }
        if (plain.scale() > MAX_DIGITS) {
            throw new IllegalArgumentException(field + ": has more decimal places than any unit");
        }
        return plain;
    }

    /** Reads a plain decimal: an optional minus, ASCII digits, an optional point with digits behind it. */
    public static BigDecimal parse(String field, String text) {
        Objects.requireNonNull(text, field);
        if (text.length() > MAX_TEXT) {
            throw new IllegalArgumentException(
                    field + ": has " + text.length() + " characters, the most is " + MAX_TEXT);
        }
        int i = text.startsWith("-") ? 1 : 0;
        int whole = digits(text, i);
        boolean plain = whole > i;
        if (plain && whole < text.length()) {
            plain = text.charAt(whole) == '.' && whole + 1 < text.length() && digits(text, whole + 1) == text.length();
        }
        if (!plain) {
            throw new IllegalArgumentException(
                    field
                            + ": must be a plain decimal such as \"800.00\": ASCII digits, no exponent, no blanks, no plus sign");
        }
        return new BigDecimal(text);
    }

    /** Refuses what is not above zero. */
    public static BigDecimal positive(String field, BigDecimal amount) {
        if (amount.signum() <= 0) {
            throw new IllegalArgumentException(field + ": must be above zero");
        }
        return amount;
    }

    /** True where the number, at its scale, has more digits than a balance can hold. */
    public static boolean overflows(BigDecimal amount) {
        return amount.precision() > MAX_DIGITS;
    }

    /** The greatest amount of a unit. */
    public static BigDecimal greatest(Unit unit) {
        return new BigDecimal(BigInteger.TEN.pow(MAX_DIGITS).subtract(BigInteger.ONE), unit.scale());
    }

    private static int digits(String text, int from) {
        int i = from;
        while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
            i++;
        }
        return i;
    }
}
