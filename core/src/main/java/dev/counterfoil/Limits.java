package dev.counterfoil;

import dev.counterfoil.internal.Amounts;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * The least and the most that a balance may be left at. They are directional: a decrease may not end below the minimum, an
 * increase may not end above the maximum; an increase of a balance that is below its minimum is welcome.
 *
 * @param minimum the least, or null for none; without trailing zeros
 * @param maximum the most, or null for none; without trailing zeros
 */
public record Limits(@Nullable BigDecimal minimum, @Nullable BigDecimal maximum) {
    private static final Limits NONE = new Limits(null, null);
    private static final Limits NON_NEGATIVE = new Limits(BigDecimal.ZERO, null);

    /** Checks that both are amounts and that the minimum is not above the maximum. */
    public Limits {
        minimum = minimum == null ? null : Amounts.plausible("minimum", minimum);
        maximum = maximum == null ? null : Amounts.plausible("maximum", maximum);
        if (minimum != null && maximum != null && minimum.compareTo(maximum) > 0) {
            throw new IllegalArgumentException("limits: the minimum must not be above the maximum");
        }
    }

    /** No limits: the balance may be anything. */
    public static Limits none() {
        return NONE;
    }

    /** Never below zero. */
    public static Limits nonNegative() {
        return NON_NEGATIVE;
    }

    /** Never below {@code minimum}, a plain decimal string; negative for a credit line. */
    public static Limits atLeast(String minimum) {
        return new Limits(Amounts.parse("minimum", minimum), null);
    }

    /** Never above {@code maximum}, a plain decimal string. */
    public static Limits atMost(String maximum) {
        return new Limits(null, Amounts.parse("maximum", maximum));
    }

    /** Never below {@code minimum} nor above {@code maximum}, both plain decimal strings. */
    public static Limits between(String minimum, String maximum) {
        return new Limits(Amounts.parse("minimum", minimum), Amounts.parse("maximum", maximum));
    }

    /** Refuses limits with more digits than the unit has. */
    Limits in(Unit unit) {
        if (minimum != null) {
            Amounts.in(unit, "minimum", minimum);
        }
        if (maximum != null) {
            Amounts.in(unit, "maximum", maximum);
        }
        return this;
    }

    /** True where the amount is on or between the limits. */
    boolean contain(BigDecimal amount) {
        return (minimum == null || amount.compareTo(minimum) >= 0)
                && (maximum == null || amount.compareTo(maximum) <= 0);
    }

    @Override
    public String toString() {
        return "[" + (minimum == null ? "-" : minimum.toPlainString()) + ", "
                + (maximum == null ? "-" : maximum.toPlainString()) + "]";
    }
}
