package dev.counterfoil.retry;

/** Why an operation was given up although its last failure could have been retried. */
public enum StopReason {
    /** All attempts that the policy allows were made. */
    ATTEMPTS,
    /** The deadline has passed, or would have before the next attempt. */
    DEADLINE,
    /** The budget had no token left. */
    BUDGET,
    /** The thread was interrupted; its flag is set. */
    INTERRUPTED
}
