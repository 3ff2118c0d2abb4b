package dev.counterfoil.benchmarks.load;

import java.util.Arrays;
import java.util.SplittableRandom;

/** How accounts are drawn. Safe for use by many threads, each with its own random. */
public final class Draw {
    private final int accounts;
    private final double[] upTo;

    private Draw(int accounts, double exponent) {
        this.accounts = accounts;
        upTo = new double[exponent == 0 ? 0 : accounts];
        double sum = 0;
        for (int i = 0; i < upTo.length; i++) {
            sum += Math.pow(i + 1.0, -exponent);
            upTo[i] = sum;
        }
    }

    /** Each as often as any other. */
    public static Draw uniform(int accounts) {
        return new Draw(accounts, 0);
    }

    /** The account at place n as often as 1/n says: a few are hot. */
    public static Draw zipf(int accounts) {
        return new Draw(accounts, 1);
    }

    /** How many there are. */
    public int accounts() {
        return accounts;
    }

    int next(SplittableRandom random) {
        if (upTo.length == 0) {
            return random.nextInt(accounts);
        }
        int found = Arrays.binarySearch(upTo, random.nextDouble() * upTo[accounts - 1]);
        return Math.min(found < 0 ? -found - 1 : found, accounts - 1);
    }
}
