package dev.counterfoil.spi;

import dev.counterfoil.LedgerEvent;
import dev.counterfoil.retry.FailedAttempt;
import dev.counterfoil.retry.RetryListener;

/** Notes the attempts that failed, and what is tried again. */
final class AttemptWatch implements RetryListener {
    private final Watch watch;
    private final boolean reading;

    AttemptWatch(Watch watch, boolean reading) {
        this.watch = watch;
        this.reading = reading;
    }

    @Override
    public void attemptFailed(String operation, FailedAttempt attempt) {
        if (!(attempt.failure() instanceof DecideFunctionException)) {
            watch.note(new LedgerEvent.AttemptFailed(reading, attempt.number(), Troubles.of(attempt.failure())));
        }
    }

    @Override
    public void retryScheduled(String operation, FailedAttempt attempt) {
        watch.note(new LedgerEvent.Retried(reading, attempt.number(), Troubles.of(attempt.failure()), attempt.delay()));
    }
}
