package dev.counterfoil.benchmarks.load;

import java.math.BigDecimal;

/**
 * Money to be moved, once under its key.
 *
 * @param key the idempotency key
 * @param from the account that pays, from 0
 * @param to the account that is paid, another one
 * @param cents how much, above zero
 */
public record Transfer(String key, int from, int to, long cents) {
    /** What each account starts with. */
    public static final long FIRST_CENTS = 100_000_000;

    /** More than there is in any account or in all of them: must be rejected. */
    static final long TOO_MUCH_CENTS = 1_000_000_000_000_000L;

    /** The amount, with two decimal places. */
    public BigDecimal amount() {
        return BigDecimal.valueOf(cents, 2);
    }

    boolean mustBeRejected() {
        return cents == TOO_MUCH_CENTS;
    }
}
