package dev.counterfoil.benchmarks.suites;

import dev.counterfoil.benchmarks.load.Draw;
import dev.counterfoil.benchmarks.load.Load;
import dev.counterfoil.benchmarks.load.Slot;
import dev.counterfoil.benchmarks.load.Subject;
import dev.counterfoil.benchmarks.load.Tally;
import dev.counterfoil.benchmarks.report.Results;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * What all suites of a run share.
 *
 * @param plan how long and how often
 * @param directory for what they write
 * @param results what was measured
 * @param progress says how far it is
 * @param compiled who ran for long enough to be compiled
 */
record Run(Plan plan, Path directory, Results results, Progress progress, Set<Contender> compiled) {
    /** A run of which nothing has begun. */
    Run(Plan plan, Path directory, Results results, Progress progress) {
        this(plan, directory, results, progress, new HashSet<>());
    }

    /** Lets a contender run until its code is compiled, if it did not before. */
    void compile(Contender contender, Subject subject, Load load, Tally tally) throws InterruptedException {
        if (compiled.add(contender)) {
            Slot slot = load.lasting(Duration.ZERO, plan.compiling()).run(subject, tally);
            progress.line(String.format(Locale.ROOT, "compiling, %s: %,.0f/s", contender.name(), slot.rate()));
        }
    }

    /** A closed loop of the plan's length. */
    Load closed(Draw draw, int callers) {
        return Load.closed(draw, callers, plan.warmUp(), plan.measured());
    }

    /** A number of callers in words. */
    static String callers(int callers) {
        return String.format(Locale.ROOT, callers == 1 ? "%,d caller" : "%,d callers", callers);
    }
}
