package dev.counterfoil.benchmarks.suites;

import dev.counterfoil.benchmarks.load.Draw;
import dev.counterfoil.benchmarks.load.Load;
import dev.counterfoil.benchmarks.report.Results;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What all suites of a run share.
 *
 * @param plan how long and how often
 * @param directory for what they write
 * @param results what was measured
 * @param progress says how far it is
 */
record Run(Plan plan, Path directory, Results results, Progress progress) {
    /** A closed loop of the plan's length. */
    Load closed(Draw draw, int callers) {
        return Load.closed(draw, callers, plan.warmUp(), plan.measured());
    }

    /** A number of callers in words. */
    static String callers(int callers) {
        return String.format(Locale.ROOT, callers == 1 ? "%,d caller" : "%,d callers", callers);
    }
}
