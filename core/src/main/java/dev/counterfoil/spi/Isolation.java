package dev.counterfoil.spi;

import dev.counterfoil.LedgerListener;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what a listener throws from its caller, who must get his outcome; says so in the log at most once a minute. */
final class Isolation {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerListener.class);
    private static final long QUIET = TimeUnit.MINUTES.toNanos(1);

    private final AtomicLong quietUntil = new AtomicLong(System.nanoTime());

    /** For a listener that has thrown nothing yet. */
    Isolation() {}

    void call(Runnable tell) {
        try {
            tell.run();
        } catch (Throwable thrown) {
            // Errors too: an update that is committed must not look like one that failed.
            say(thrown);
        }
    }

    private void say(Throwable thrown) {
        if (thrown instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        try {
            long now = System.nanoTime();
            long until = quietUntil.get();
            if (now - until >= 0 && quietUntil.compareAndSet(until, now + QUIET)) {
                // Without its message, which may hold what the log must not.
                LOG.warn(
                        "the listener threw {} at {}; no outcome was changed, and for a minute no more is said of it",
                        thrown.getClass().getName(),
                        place(thrown));
            }
        } catch (Throwable brokenLog) {
            // Nobody is left to be told.
        }
    }

    private static Object place(Throwable thrown) {
        StackTraceElement[] trace = thrown.getStackTrace();
        return trace.length == 0 ? "a place unknown" : trace[0];
    }
}
