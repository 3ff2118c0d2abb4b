package dev.counterfoil;

import dev.counterfoil.internal.Amounts;
import dev.counterfoil.internal.Texts;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * What a balance counts: a currency, a token, attempts.
 *
 * @param code its name ("SAR"): 1 to 16 bytes in UTF-8, no control characters
 * @param scale the digits behind the decimal point: 0 to 18
 */
public record Unit(String code, int scale) {
    /** Checks both parts. */
    public Unit {
        Texts.name("unit code", code, 16);
        if (scale < 0 || scale > 18) {
            throw new IllegalArgumentException("unit scale " + scale + ": must be 0 to 18");
        }
    }

    /** The unit of this code and scale. */
    public static Unit of(String code, int scale) {
        return new Unit(code, scale);
    }

    /**
     * Splits an amount by ratios so that the parts sum to it exactly. What does not divide goes, one smallest part each, to
     * the parts with the largest remainders, the earlier one where they are equal (the largest remainder method).
     *
     * @param amount within this unit's scale; may be negative, then so are the parts
     * @param ratios at least one; none negative, their sum above zero
     * @return as many parts as ratios, in their order, each with this unit's scale
     * @throws IllegalArgumentException if the amount or the ratios break these rules
     */
    public List<BigDecimal> allocate(BigDecimal amount, long... ratios) {
        BigInteger total = Amounts.in(this, "amount", amount).unscaledValue();
        BigInteger sum = BigInteger.ZERO;
        for (long ratio : Objects.requireNonNull(ratios, "ratios")) {
            if (ratio < 0) {
                throw new IllegalArgumentException("ratio " + ratio + ": must not be negative");
            }
            sum = sum.add(BigInteger.valueOf(ratio));
        }
        if (sum.signum() == 0) {
            throw new IllegalArgumentException("ratios: their sum must be above zero");
        }
        BigInteger[] parts = new BigInteger[ratios.length];
        BigInteger[] remainders = new BigInteger[ratios.length];
        List<Integer> order = new ArrayList<>();
        BigInteger left = total.abs();
        for (int i = 0; i < ratios.length; i++) {
            BigInteger[] split =
                    total.abs().multiply(BigInteger.valueOf(ratios[i])).divideAndRemainder(sum);
            parts[i] = split[0];
            remainders[i] = split[1];
            left = left.subtract(split[0]);
            order.add(i);
        }
        order.sort(Comparator.comparing((Integer i) -> remainders[i]).reversed());
        for (int i = 0; i < left.intValueExact(); i++) {
            int receiver = order.get(i);
            parts[receiver] = parts[receiver].add(BigInteger.ONE);
        }
        List<BigDecimal> result = new ArrayList<>();
        for (BigInteger part : parts) {
            result.add(new BigDecimal(total.signum() < 0 ? part.negate() : part, scale));
        }
        return List.copyOf(result);
    }

    /** As {@link #allocate(BigDecimal, long...)}, of a plain decimal string such as {@code "100.00"}. */
    public List<BigDecimal> allocate(String amount, long... ratios) {
        return allocate(Amounts.parse("amount", amount), ratios);
    }

    @Override
    public String toString() {
        return code + "(" + scale + ")";
    }
}
