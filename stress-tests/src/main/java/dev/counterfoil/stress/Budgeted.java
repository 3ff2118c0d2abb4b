package dev.counterfoil.stress;

import dev.counterfoil.retry.BackOff;
import dev.counterfoil.retry.Retry;
import dev.counterfoil.retry.RetryBudget;
import dev.counterfoil.retry.RetryExhaustedException;
import dev.counterfoil.retry.RetryPolicy;
import dev.counterfoil.retry.Verdict;

/** Operations that fail or succeed on demand, under one budget, without a wait between the attempts. */
final class Budgeted {
    private final Retry retry;

    Budgeted(RetryBudget budget) {
        retry = Retry.named(
                "stress",
                RetryPolicy.defaults()
                        .withUnlimitedAttempts()
                        .withBackOff(BackOff.none())
                        .withClassifier(failure -> Verdict.RETRY)
                        .withBudget(budget));
    }

    void succeed() {
        retry.run(() -> {});
    }

    /** Fails until the budget ends it. */
    int retriesOfAFailure() {
        try {
            retry.run(() -> {
                throw new IllegalStateException("always");
            });
            throw new AssertionError("a failure ended in a success");
        } catch (RetryExhaustedException e) {
            return e.attempts() - 1;
        }
    }
}
