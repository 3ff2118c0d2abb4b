package dev.counterfoil;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UnitTest {
    private static final Unit SAR = Unit.of("SAR", 2);

    @Test
    void what_does_not_divide_goes_to_the_largest_remainders_and_to_the_earlier_of_equals() {
        assertThat(plain(SAR.allocate("100.00", 1, 1, 1))).containsExactly("33.34", "33.33", "33.33");
        assertThat(plain(SAR.allocate("0.05", 3, 7))).containsExactly("0.02", "0.03");
        assertThat(plain(SAR.allocate("0.02", 1, 1, 1))).containsExactly("0.01", "0.01", "0.00");
        assertThat(plain(SAR.allocate("-100.00", 1, 1, 1))).containsExactly("-33.34", "-33.33", "-33.33");
        assertThat(plain(SAR.allocate("0", 5, 0))).containsExactly("0.00", "0.00");
        assertThat(plain(SAR.allocate("10", 0, 1, 0))).containsExactly("0.00", "10.00", "0.00");
        assertThat(plain(SAR.allocate("7.7700", 1))).containsExactly("7.77");
        assertThat(plain(Unit.of("attempts", 0).allocate(BigDecimal.TEN, 1, 2))).containsExactly("3", "7");
    }

    @Test
    void bad_ratios_are_refused() {
        assertThatNullPointerException()
                .isThrownBy(() -> SAR.allocate("1.00", (long[]) null))
                .withMessage("ratios");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SAR.allocate("98765.00", 1, -1))
                .withMessage("ratio -1: must not be negative");
        for (long[] none : List.of(new long[] {}, new long[] {0}, new long[] {0, 0})) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> SAR.allocate("98765.00", none))
                    .withMessage("ratios: their sum must be above zero");
        }
    }

    @Test
    void the_parts_sum_to_the_amount_and_each_is_within_one_smallest_part_of_its_share() {
        long seed = new Random().nextLong();
        System.out.println("allocate: seed " + seed);
        Random random = new Random(seed);
        for (int run = 0; run < 3_000; run++) {
            Unit unit = Unit.of("X", random.nextInt(19));
            BigDecimal amount = new BigDecimal(new BigInteger(random.nextInt(127), random), unit.scale());
            if (amount.precision() > 38) {
                continue;
            }
            amount = random.nextBoolean() ? amount : amount.negate();
            long[] ratios = ratios(random);
            List<BigDecimal> parts = unit.allocate(amount, ratios);

            assertThat(parts).as("seed %d", seed).hasSize(ratios.length);
            assertThat(parts.stream().reduce(BigDecimal.ZERO, BigDecimal::add))
                    .as("seed %d", seed)
                    .isEqualByComparingTo(amount);
            BigInteger sum =
                    Arrays.stream(ratios).mapToObj(BigInteger::valueOf).reduce(BigInteger.ZERO, BigInteger::add);
            for (int i = 0; i < ratios.length; i++) {
                BigInteger part = parts.get(i).unscaledValue();
                assertThat(parts.get(i).scale()).isEqualTo(unit.scale());
                assertThat(part.signum()).as("seed %d", seed).isIn(0, amount.signum());
                // |part * sum - amount * ratio| < sum: less than one smallest part off.
                BigInteger off = part.multiply(sum)
                        .subtract(amount.unscaledValue().multiply(BigInteger.valueOf(ratios[i])))
                        .abs();
                assertThat(off).as("seed %d", seed).isLessThan(sum);
                if (ratios[i] == 0) {
                    assertThat(part.signum()).as("seed %d", seed).isZero();
                }
            }
            for (int i = 0; i < ratios.length; i++) {
                for (int j = 0; j < ratios.length; j++) {
                    if (ratios[i] > ratios[j]) {
                        assertThat(parts.get(i).abs())
                                .as("seed %d: a greater ratio gets no less", seed)
                                .isGreaterThanOrEqualTo(parts.get(j).abs());
                    }
                }
            }
        }
    }

    @Test
    void the_greatest_amount_is_split_exactly_among_ratios_whose_sum_passes_a_long() {
        BigDecimal greatest = new BigDecimal("9".repeat(36) + ".99");
        List<BigDecimal> parts = SAR.allocate(greatest, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, 1);
        assertThat(parts.stream().reduce(BigDecimal.ZERO, BigDecimal::add)).isEqualTo(greatest);
    }

    @Test
    void the_parts_cannot_be_changed() {
        List<BigDecimal> parts = SAR.allocate("1.00", 1, 1);
        assertThatThrownBy(() -> Collections.swap(parts, 0, 1)).isInstanceOf(UnsupportedOperationException.class);
    }

    private static long[] ratios(Random random) {
        long[] ratios = random.longs(1 + random.nextInt(8), 0, random.nextBoolean() ? 5 : Long.MAX_VALUE)
                .toArray();
        ratios[random.nextInt(ratios.length)] = random.nextLong(1, 10);
        return ratios;
    }

    private static List<String> plain(List<BigDecimal> parts) {
        return parts.stream().map(BigDecimal::toPlainString).toList();
    }
}
