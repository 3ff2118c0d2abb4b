package dev.counterfoil.retry;

import java.time.Duration;
import java.util.Objects;

/**
 * What a {@link Classifier} says about a failed attempt: {@link #RETRY}, {@link #retryAfter(Duration)}, {@link #FAIL}
 * or {@link #AMBIGUOUS}. Immutable and thread-safe.
 *
 * <p>The plain verdicts are constants and may be compared with {@code ==}.
 */
public sealed interface Verdict {

    // No default methods here: they would make this interface's initialisation depend on Plain's, and back.

    /** The attempt had no effect and another may succeed: wait as the back-off says, then try again. */
    Verdict RETRY = Plain.RETRY;

    /** Another attempt cannot help or is not allowed: the failure is rethrown at once. */
    Verdict FAIL = Plain.FAIL;

    /**
     * Nobody knows whether the attempt took effect (a connection lost at commit, say), so it must not be repeated
     * blindly: the failure is rethrown at once. Whoever knows the operation to be idempotent says so with
     * {@link Classifier#retryingAmbiguous()}.
     */
    Verdict AMBIGUOUS = Plain.AMBIGUOUS;

    /**
     * Try again after a wait that the other side asked for, in place of the back-off's. The wait is bounded by
     * {@link RetryPolicy#hintCap()} and, as every wait, by the deadline.
     *
     * @param hint how long to wait, zero or more
     * @return the verdict
     * @throws IllegalArgumentException if the hint is negative
     */
    static Verdict retryAfter(Duration hint) {
        return new RetryAfter(hint);
    }

    /** The verdicts that carry nothing; use the constants of {@link Verdict}. */
    enum Plain implements Verdict {
        /** See {@link Verdict#RETRY}. */
        RETRY,
        /** See {@link Verdict#FAIL}. */
        FAIL,
        /** See {@link Verdict#AMBIGUOUS}. */
        AMBIGUOUS
    }

    /**
     * The verdict that carries a wait; see {@link Verdict#retryAfter(Duration)}.
     *
     * @param hint how long to wait, zero or more
     */
    record RetryAfter(Duration hint) implements Verdict {

        /**
         * Checks the hint.
         *
         * @param hint how long to wait, zero or more
         * @throws IllegalArgumentException if the hint is negative
         */
        public RetryAfter {
            Objects.requireNonNull(hint, "hint");
            if (hint.isNegative()) {
                throw new IllegalArgumentException("the hint " + hint + " is negative");
            }
        }

        @Override
        public String toString() {
            return "RETRY_AFTER(" + hint + ")";
        }
    }
}
