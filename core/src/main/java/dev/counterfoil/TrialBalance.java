package dev.counterfoil;

import dev.counterfoil.internal.Texts;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The balances of one namespace, summed up as they stood at one moment.
 *
 * @param lines by the kind of account, the name of the balance and its unit, in binary order; one for each that there is
 * @param asOf the moment, by the store's clock
 */
public record TrialBalance(List<Line> lines, Instant asOf) {
    private static final Comparator<Unit> UNITS =
            Comparator.comparing(Unit::code, Texts::compareBinary).thenComparingInt(Unit::scale);

    private static final Comparator<Line> ORDER = Comparator.comparing(Line::kind, Texts::compareBinary)
            .thenComparing(Line::name, Texts::compareBinary)
            .thenComparing(Line::unit, UNITS);

    /** Copies the lines, in order. */
    public TrialBalance {
        lines = lines.stream().sorted(ORDER).toList();
        Objects.requireNonNull(asOf, "asOf");
    }

    /**
     * The balances of one name and unit, in all accounts of a kind.
     *
     * @param kind the kind of account
     * @param name the name of the balances
     * @param unit what they count
     * @param sums their sums
     */
    public record Line(String kind, String name, Unit unit, Sums sums) {}

    /**
     * Balances of one unit, summed up exactly; all amounts have the unit's scale.
     *
     * @param balances how many there are, closed ones included
     * @param sum the sum of all
     * @param positive the sum of those above zero
     * @param negative the sum of those below zero, itself not above zero
     */
    public record Sums(long balances, BigDecimal sum, BigDecimal positive, BigDecimal negative) {
        /** One balance. */
        public static Sums of(BigDecimal amount) {
            BigDecimal zero = BigDecimal.ZERO.setScale(amount.scale());
            return new Sums(1, amount, amount.max(zero), amount.min(zero));
        }

        /** These and those of the same unit. */
        public Sums plus(Sums others) {
            return new Sums(
                    balances + others.balances,
                    sum.add(others.sum),
                    positive.add(others.positive),
                    negative.add(others.negative));
        }
    }

    /** The sums of all lines by unit, in binary order of its code; cannot be changed. */
    public Map<Unit, Sums> totals() {
        Map<Unit, Sums> totals = new TreeMap<>(UNITS);
        lines.forEach(line -> totals.merge(line.unit(), line.sums(), Sums::plus));
        return Collections.unmodifiableMap(totals);
    }

    /** The sum of all balances of a unit: zero where it is only ever transferred, or where there is none. */
    public BigDecimal total(Unit unit) {
        Sums sums = totals().get(Objects.requireNonNull(unit, "unit"));
        return sums == null ? BigDecimal.ZERO.setScale(unit.scale()) : sums.sum();
    }
}
