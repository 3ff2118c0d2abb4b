package dev.counterfoil.benchmarks.suites;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** Says while it runs how far it is. */
final class Progress {
    private final PrintStream out;
    private final long start = System.nanoTime();

    Progress(PrintStream out) {
        this.out = out;
    }

    void line(String what) {
        Duration since = Duration.ofNanos(System.nanoTime() - start);
        out.printf(Locale.ROOT, "[%02d:%02d] %s%n", since.toMinutes(), since.toSecondsPart(), what);
    }
}
