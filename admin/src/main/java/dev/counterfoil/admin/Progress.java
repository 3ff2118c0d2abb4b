package dev.counterfoil.admin;

import dev.counterfoil.Verification;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/** How far a verification has come: a bar on a terminal, else a line now and then. */
final class Progress {
    private static final int WIDTH = 20;
    private static final long LINE_EVERY = Duration.ofSeconds(30).toNanos();

    private final PrintWriter err;
    private final boolean bar;
    private final LongSupplier nanoTime;
    private long lastLine;
    private int shown;

    /**
     * None shown yet.
     *
     * @param bar true where lines can be written over
     */
    Progress(PrintWriter err, boolean bar, LongSupplier nanoTime) {
        this.err = err;
        this.bar = bar;
        this.nanoTime = nanoTime;
        this.lastLine = nanoTime.getAsLong();
    }

    void show(Verification soFar) {
        if (bar) {
            String line = bar(soFar) + figures(soFar);
            err.print("\r" + line + " ".repeat(Math.max(0, shown - line.length())));
            err.flush();
            shown = line.length();
        } else if (nanoTime.getAsLong() - lastLine >= LINE_EVERY) {
            lastLine = nanoTime.getAsLong();
            err.println(figures(soFar));
            err.flush();
        }
    }

    /** Takes the bar away, for a line that comes now. */
    void clear() {
        if (shown > 0) {
            err.print("\r" + " ".repeat(shown) + "\r");
            err.flush();
            shown = 0;
        }
    }

    // Cells that were opened since the beginning are looked at too.
    private static String bar(Verification soFar) {
        long all = Math.max(1, Math.max(soFar.cellsInAll(), soFar.cells()));
        int full = (int) (WIDTH * soFar.cells() / all);
        return "[" + "#".repeat(full) + ".".repeat(WIDTH - full) + "] ";
    }

    private static String figures(Verification soFar) {
        return String.format(
                Locale.ROOT,
                "%,d of %,d cells, %,d entries, %,d decisions, %,d findings",
                soFar.cells(),
                soFar.cellsInAll(),
                soFar.entries(),
                soFar.decisions(),
                soFar.findings());
    }
}
