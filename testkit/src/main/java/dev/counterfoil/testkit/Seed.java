package dev.counterfoil.testkit;

import java.util.List;
import java.util.SplittableRandom;

/**
 * What a random test draws from. Its seed is another in each run, is printed, and is set with {@code -Dcounterfoil.seed=…} to
 * run the test again.
 */
final class Seed {
    private final long value;
    private final SplittableRandom random;

    private Seed(long value) {
        this.value = value;
        this.random = new SplittableRandom(value);
    }

    static Seed of(String test) {
        long value = Long.getLong("counterfoil.seed", System.nanoTime());
        System.out.println(test + ": seed " + value);
        return new Seed(value);
    }

    static Seed of(long value) {
        return new Seed(value);
    }

    /** Another one that is drawn from independently, for another thread. */
    Seed split(int number) {
        return new Seed(value * 31 + number);
    }

    /** From 0 to {@code bound}, without it. */
    int below(int bound) {
        return random.nextInt(bound);
    }

    /** From {@code least} to {@code most}, with both. */
    long between(long least, long most) {
        return random.nextLong(least, most + 1);
    }

    boolean percent(int chance) {
        return below(100) < chance;
    }

    <T> T oneOf(List<T> values) {
        return values.get(below(values.size()));
    }

    @Override
    public String toString() {
        return "seed " + value + ", run again with -Dcounterfoil.seed=" + value;
    }
}
