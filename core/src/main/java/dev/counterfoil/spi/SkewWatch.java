package dev.counterfoil.spi;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says when a store's clock lies far behind what was recorded before: a clock was set back, or another machine's runs ahead. At
 * most once a minute. Safe for use by many threads.
 */
public final class SkewWatch {
    private static final Logger LOG = LoggerFactory.getLogger(SkewWatch.class);
    private static final Duration TOLERATED = Duration.ofSeconds(5);
    private static final Duration QUIET = Duration.ofMinutes(1);

    private final LongSupplier nanoTime;
    private final AtomicLong quietUntil;
    private final AtomicReference<@Nullable Duration> said = new AtomicReference<>();

    /** Watches one store. */
    public SkewWatch() {
        this(System::nanoTime);
    }

    SkewWatch(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.quietUntil = new AtomicLong(nanoTime.getAsLong());
    }

    /** Looks at what a transaction found; true where it was said now. */
    public boolean look(Duration skew) {
        if (skew.compareTo(TOLERATED) <= 0) {
            return false;
        }
        long now = nanoTime.getAsLong();
        long until = quietUntil.get();
        if (now - until < 0 || !quietUntil.compareAndSet(until, now + QUIET.toNanos())) {
            return false;
        }
        LOG.warn(
                "the clock is {} behind the time last recorded in a cell: recorded times stand still until it has caught up",
                skew);
        said.set(skew);
        return true;
    }

    /** What was said and not taken before, or null. */
    public @Nullable Duration take() {
        return said.get() == null ? null : said.getAndSet(null);
    }
}
