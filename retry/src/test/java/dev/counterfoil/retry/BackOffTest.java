package dev.counterfoil.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class BackOffTest {

    private static final long SEED = Seed.of(BackOffTest.class);
    private static final RandomGenerator NO_RANDOM = () -> {
        throw new AssertionError("random was drawn");
    };
    private static final Duration CENTURIES = Duration.ofNanos(Long.MAX_VALUE);

    private static Duration ms(long millis) {
        return Duration.ofMillis(millis);
    }

    private static long delay(BackOff backOff, int failures) {
        return backOff.delayNanos(failures, 0, NO_RANDOM);
    }

    @Test
    void noneConstantAndFunctionGiveWhatTheySay() {
        assertThat(delay(BackOff.none(), 7)).isZero();
        assertThat(delay(BackOff.constant(ms(3)), 7)).isEqualTo(3_000_000);
        assertThat(delay(BackOff.of(failures -> ms(failures)), 7)).isEqualTo(7_000_000);
        assertThat(delay(BackOff.of(failures -> Duration.ofSeconds(Long.MAX_VALUE)), 7))
                .isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void withoutJitterTheWaitGrowsByTheFactorUpToTheCap() {
        BackOff doubling = BackOff.exponential(ms(100), ms(1_000)).withJitter(0);
        assertThat(new long[] {
                    delay(doubling, 1), delay(doubling, 2), delay(doubling, 3), delay(doubling, 4), delay(doubling, 5)
                })
                .containsExactly(100_000_000, 200_000_000, 400_000_000, 800_000_000, 1_000_000_000);
        BackOff tripling = BackOff.exponential(ms(1), ms(1_000)).withFactor(3).withJitter(0);
        assertThat(delay(tripling, 3)).isEqualTo(9_000_000);
        BackOff steady = BackOff.exponential(ms(1), ms(1_000)).withFactor(1).withJitter(0);
        assertThat(delay(steady, 50)).isEqualTo(1_000_000);
    }

    @Test
    void theTenThousandthAttemptHasASaneDelay() {
        Random random = new Random(1);
        for (int failures : new int[] {64, 1_025, 10_000, Integer.MAX_VALUE}) {
            assertThat(delay(BackOff.exponential(ms(100), ms(5_000)).withJitter(0), failures))
                    .isEqualTo(5_000_000_000L);
            assertThat(delay(BackOff.exponential(ms(100), CENTURIES).withJitter(0), failures))
                    .isEqualTo(Long.MAX_VALUE);
            assertThat(BackOff.exponential(ms(100), CENTURIES)
                            .withFactor(Double.MAX_VALUE)
                            .delayNanos(failures, 0, random))
                    .isPositive();
            assertThat(BackOff.decorrelated(ms(100), CENTURIES).delayNanos(failures, Long.MAX_VALUE, random))
                    .isPositive();
        }
    }

    @Test
    void theDefaultJitterIsTenPerCentAroundTheBaseAndEndsAtTheCap() {
        ExponentialBackOff backOff = BackOff.exponential(ms(100), ms(5_000));
        assertSpread(backOff, 1, 90_000_000, 110_000_000);
        assertSpread(backOff, 2, 180_000_000, 220_000_000);
        assertSpread(backOff, 100, 5e9 / 1.1 * 0.9, 5e9);
    }

    @Test
    void anyShareOfJitterKeepsTheCap() {
        ExponentialBackOff backOff = BackOff.exponential(ms(100), ms(100)).withJitter(1);
        assertSpread(backOff, 1, 0, 100_000_000);
        assertSpread(backOff.withJitter(0.5), 1, 1e8 / 3, 1e8);
    }

    @Test
    void fullJitterIsSpreadFromZeroToTheBase() {
        ExponentialBackOff backOff = BackOff.exponential(ms(100), ms(5_000)).withFullJitter();
        assertSpread(backOff, 1, 0, 100_000_000);
        assertSpread(backOff, 100, 0, 5e9);
    }

    @Test
    void equalJitterIsSpreadFromHalfTheBaseToTheBase() {
        ExponentialBackOff backOff = BackOff.exponential(ms(100), ms(5_000)).withEqualJitter();
        assertSpread(backOff, 2, 100_000_000, 200_000_000);
        assertSpread(backOff, 100, 2.5e9, 5e9);
    }

    @Test
    void decorrelatedJitterIsSpreadFromTheFirstWaitToThreeTimesThePrevious() {
        BackOff backOff = BackOff.decorrelated(ms(100), ms(5_000));
        assertSpread(backOff, 0L, 1e8, 3e8);
        assertSpread(backOff, 400_000_000L, 1e8, 12e8);
        assertSpread(backOff, 1_666_666_666L, 1e8, 5e9);
        assertSpread(backOff, 60_000_000_000L, 1e8, 5e9);
    }

    @Test
    void decorrelatedJitterDoesNotPileUpOnTheCap() {
        BackOff backOff = BackOff.decorrelated(ms(100), ms(5_000));
        Random random = new Random(SEED);
        long previous = 0;
        int atCap = 0;
        int nearCap = 0;
        for (int i = 0; i < 100_000; i++) {
            previous = backOff.delayNanos(i + 1, previous, random);
            assertThat(previous).isBetween(100_000_000L, 5_000_000_000L);
            atCap += previous == 5_000_000_000L ? 1 : 0;
            nearCap += previous > 4_950_000_000L ? 1 : 0;
        }
        assertThat(atCap).isLessThan(10);
        assertThat(nearCap).as("draws in the highest hundredth").isLessThan(2_000);
    }

    private static void assertSpread(ExponentialBackOff backOff, int failures, double low, double high) {
        assertEven(random -> backOff.delayNanos(failures, 0, random), low, high);
    }

    private static void assertSpread(BackOff backOff, long previous, double low, double high) {
        assertEven(random -> backOff.delayNanos(1, previous, random), low, high);
    }

    private interface Draw {
        long from(RandomGenerator random);
    }

    /** Every twentieth of the range gets its share of the draws, the one at the cap too, and none falls outside. */
    private static void assertEven(Draw draw, double low, double high) {
        Random random = new Random(SEED);
        int draws = 100_000;
        int[] twentieths = new int[20];
        for (int i = 0; i < draws; i++) {
            long delay = draw.from(random);
            assertThat((double) delay).isBetween(low - 1, high);
            twentieths[(int) Math.min(19, Math.max(0, (delay - low) / (high - low) * 20))]++;
        }
        // Six standard deviations.
        int tolerance = (int) (6 * Math.sqrt(draws * 0.05 * 0.95));
        for (int count : twentieths) {
            assertThat(count).isCloseTo(draws / 20, within(tolerance));
        }
    }

    @Test
    void impossibleNumbersAreRefusedWithAClearMessage() {
        refused(() -> BackOff.constant(Duration.ZERO), "the delay PT0S is not above zero");
        refused(() -> BackOff.constant(ms(-1)), "the delay PT-0.001S is not above zero");
        refused(() -> BackOff.constant(CENTURIES.plusNanos(1)), "is above PT2562047H47M16.854775807S");
        refused(() -> BackOff.exponential(Duration.ZERO, ms(1)), "the first delay PT0S is not above zero");
        refused(() -> BackOff.exponential(ms(2), ms(1)), "the first delay PT0.002S is above the cap PT0.001S");
        refused(() -> BackOff.exponential(ms(2), Duration.ZERO), "the cap PT0S is not above zero");
        refused(() -> BackOff.exponential(ms(2), Duration.ofSeconds(Long.MAX_VALUE)), "the cap");
        refused(() -> BackOff.decorrelated(ms(2), ms(1)), "the first delay PT0.002S is above the cap PT0.001S");
        refused(() -> BackOff.decorrelated(ms(-2), ms(1)), "the first delay PT-0.002S is not above zero");
        ExponentialBackOff backOff = BackOff.exponential(ms(1), ms(2));
        for (double factor : new double[] {0.999, 0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            refused(() -> backOff.withFactor(factor), "the factor " + factor + " is not a number from 1");
        }
        for (double share : new double[] {-0.001, 1.001, Double.NaN}) {
            refused(() -> backOff.withJitter(share), "the jitter " + share + " is not between 0 and 1");
        }
        double[][] ranges = {{-0.1, 1}, {1.2, 1.1}, {0.5, 0.9}, {0, 2.1}, {Double.NaN, 1}, {0, Double.NaN}};
        for (double[] range : ranges) {
            refused(
                    () -> new ExponentialBackOff(ms(1), ms(2), 2, range[0], range[1]),
                    "the jitter from " + range[0] + " to " + range[1]);
        }
        assertThatNullPointerException()
                .isThrownBy(() -> BackOff.constant(null))
                .withMessage("delay");
        assertThatNullPointerException()
                .isThrownBy(() -> BackOff.exponential(null, ms(1)))
                .withMessage("first delay");
        assertThatNullPointerException()
                .isThrownBy(() -> BackOff.decorrelated(ms(1), null))
                .withMessage("cap");
        assertThatNullPointerException().isThrownBy(() -> BackOff.of(null)).withMessage("delay");
    }

    private static void refused(Runnable attempt, String message) {
        assertThatIllegalArgumentException().isThrownBy(attempt::run).withMessageContaining(message);
    }

    @Test
    void theBoundsThemselvesAreAllowed() {
        assertThat(delay(BackOff.constant(CENTURIES), 1)).isEqualTo(Long.MAX_VALUE);
        assertThat(delay(BackOff.constant(Duration.ofNanos(1)), 1)).isEqualTo(1);
        assertThat(new ExponentialBackOff(ms(1), ms(1), 1, 0, 2).jitterHigh()).isEqualTo(2);
        assertThat(new ExponentialBackOff(ms(1), ms(1), 1, 1, 1).withJitter(1))
                .isEqualTo(new ExponentialBackOff(ms(1), ms(1), 1, 0, 2));
    }
}
