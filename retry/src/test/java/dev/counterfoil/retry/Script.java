package dev.counterfoil.retry;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Queue;

/** An operation that throws what it was given, one after the other, then returns "done" for ever. */
final class Script implements ThrowingSupplier<String, Exception>, ThrowingRunnable<Exception> {

    private final Queue<Throwable> failures = new ArrayDeque<>();
    int attempts;

    Script(Throwable... failures) {
        Collections.addAll(this.failures, failures);
    }

    @Override
    public String get() throws Exception {
        attempts++;
        Throwable failure = failures.poll();
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure instanceof Exception exception) {
            throw exception;
        }
        return "done";
    }

    @Override
    public void run() throws Exception {
        get();
    }
}
