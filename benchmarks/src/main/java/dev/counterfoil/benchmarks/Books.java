package dev.counterfoil.benchmarks;

import java.math.BigDecimal;

/**
 * Balances from 0 to {@code accounts() - 1} between which money is moved: what every subject of a benchmark can do. Each starts
 * with {@link #FIRST} and may not fall below zero. A transfer counts once under its key and leaves an entry in both balances.
 */
interface Books {
    /** What each balance starts with: enough for any run to go through. */
    BigDecimal FIRST = new BigDecimal("1000000000.00");

    /** How many balances there are. */
    int accounts();

    /** Moves money; false where the limits refuse it. */
    boolean transfer(String key, int from, int to, BigDecimal amount);

    /** What a balance stands at. */
    BigDecimal balance(int account);

    /** How many entries a balance has; the first one is its opening. */
    long version(int account);

    /**
     * Checks that no money came or went, and that every transfer left its two entries.
     *
     * @param transfers how many were applied
     * @throws IllegalStateException if the books are wrong, and with them whatever was measured
     */
    default void audit(long transfers) {
        BigDecimal total = BigDecimal.ZERO;
        long entries = 0;
        for (int account = 0; account < accounts(); account++) {
            total = total.add(balance(account));
            entries += version(account) - 1;
        }
        if (total.compareTo(FIRST.multiply(BigDecimal.valueOf(accounts()))) != 0 || entries != 2 * transfers) {
            throw new IllegalStateException("the books are wrong: " + transfers + " transfers left " + entries
                    + " entries and a total of " + total.toPlainString());
        }
    }
}
