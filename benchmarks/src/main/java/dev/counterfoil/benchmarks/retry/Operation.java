package dev.counterfoil.benchmarks.retry;

import java.io.IOException;
import java.util.stream.IntStream;

/**
 * What is retried: fails as often as a {@link Situation} says and then begins anew. Its failures are made beforehand and have
 * no stack trace, so that the libraries are compared and not the JVM's walking of stacks. For one thread.
 */
final class Operation {
    /** What a successful attempt returns. */
    static final String DONE = "done";

    private final Unreachable[] failures;
    private final int attempts;
    private int next;
    private long made;

    Operation(Situation situation) {
        failures = IntStream.range(0, situation.failures())
                .mapToObj(i -> new Unreachable())
                .toArray(Unreachable[]::new);
        attempts = situation.attempts();
    }

    /** Makes one attempt. */
    String attempt() throws IOException {
        int turn = next;
        next = turn + 1 == attempts ? 0 : turn + 1;
        made++;
        if (turn < failures.length) {
            throw failures[turn];
        }
        return DONE;
    }

    /** How many attempts were made so far. */
    long made() {
        return made;
    }

    /** What a failed attempt throws. */
    static final class Unreachable extends IOException {
        private static final long serialVersionUID = 1L;

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }
}
