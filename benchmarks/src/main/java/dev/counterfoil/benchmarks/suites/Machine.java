package dev.counterfoil.benchmarks.suites;

import dev.counterfoil.benchmarks.report.Results;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Where a run took place. */
final class Machine {
    private Machine() {}

    static void describe(Results results, Plan plan) {
        results.about(
                "plan",
                plan.name() + ": " + plan.rounds() + " rounds of "
                        + plan.measured().toMillis() / 1e3 + " s, each after "
                        + plan.warmUp().toMillis() / 1e3 + " s of warm-up"
                        + (plan.equals(Plan.trial()) ? "; to see that it runs, its figures are worth nothing" : ""));
        results.about("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        results.about(
                "machine",
                Runtime.getRuntime().availableProcessors() + " processors, " + System.getProperty("os.name") + " "
                        + System.getProperty("os.version") + ", " + System.getProperty("os.arch"));
        results.about("Java", System.getProperty("java.vm.name") + " " + System.getProperty("java.version"));
        results.about("load of the machine at the start", load());
    }

    static String load() {
        return String.format(
                Locale.ROOT,
                "%.2f",
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }
}
