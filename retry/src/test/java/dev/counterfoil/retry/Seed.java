package dev.counterfoil.retry;

/** The seed of a random test: another in each run, printed, and set with {@code -Dcounterfoil.seed=…} to run it again. */
final class Seed {

    private Seed() {}

    static long of(Class<?> test) {
        long seed = Long.getLong("counterfoil.seed", System.nanoTime());
        System.out.println(test.getSimpleName() + ": seed " + seed);
        return seed;
    }
}
