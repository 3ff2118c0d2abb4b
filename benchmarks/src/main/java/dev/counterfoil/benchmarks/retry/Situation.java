package dev.counterfoil.benchmarks.retry;

/** What becomes of the attempts of a call that may make three. */
public enum Situation {
    /** The first attempt succeeds. */
    SUCCESS(0, 1),
    /** The first attempt fails, the second succeeds. */
    ONE_FAILURE(1, 2),
    /** All attempts fail. */
    EXHAUSTION(3, 3);

    private final int failures;
    private final int attempts;

    Situation(int failures, int attempts) {
        this.failures = failures;
        this.attempts = attempts;
    }

    /** How many attempts of a call fail, the first ones. */
    int failures() {
        return failures;
    }

    /** How many attempts a call makes. */
    int attempts() {
        return attempts;
    }
}
