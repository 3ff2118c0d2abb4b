package dev.counterfoil.benchmarks.retry;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** An operation that fails with one failure after another, the last one for ever, and counts its attempts. */
final class Script implements Callable<String> {
    private final Throwable[] failures;
    private final CountDownLatch expected;
    private volatile int attempts;

    Script(Throwable... failures) {
        this(1, failures);
    }

    /** A script that lets {@link #awaitAttempts()} go on after so many attempts. */
    Script(int expected, Throwable... failures) {
        this.failures = failures;
        this.expected = new CountDownLatch(expected);
    }

    @Override
    public synchronized String call() throws Exception {
        Throwable failure = failures[Math.min(attempts, failures.length - 1)];
        attempts++;
        expected.countDown();
        if (failure instanceof Error error) {
            throw error;
        }
        throw (Exception) failure;
    }

    /** How many attempts were made. */
    int attempts() {
        return attempts;
    }

    /** Waits for the expected attempts; false if they do not come. */
    boolean awaitAttempts() throws InterruptedException {
        return expected.await(10, TimeUnit.SECONDS);
    }
}
