package dev.counterfoil.benchmarks;

import dev.counterfoil.benchmarks.retry.RetryBench;
import dev.counterfoil.benchmarks.rows.RowsBench;
import dev.counterfoil.benchmarks.suites.Plan;
import dev.counterfoil.benchmarks.suites.Suites;
import java.nio.file.Files;
import java.nio.file.Path;

/** Runs the measurements that its second argument names; what they write goes to the directory that is its first. */
public final class Bench {
    private Bench() {}

    /** Ends in an exception if a measurement fails, or if what was measured left wrong books. */
    public static void main(String[] args) throws Exception {
        // Pools and Hibernate tell of each connection and of each conflict, which are what is measured here.
        System.setProperty("org.jboss.logging.provider", "slf4j");
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
        System.setProperty("org.slf4j.simpleLogger.log.org.hibernate", "off");
        Path directory = Files.createDirectories(Path.of(args[0]));
        String which = args.length > 1 ? args[1] : "default";
        switch (which) {
            case "default" -> Suites.run(Plan.inTenMinutes(), directory, System.out);
            case "full" -> Suites.run(Plan.full(), directory, System.out);
            case "trial" -> Suites.run(Plan.trial(), directory, System.out);
            case "ledger" -> LedgerBench.run(directory, System.out);
            case "retry" -> RetryBench.run(directory, System.out);
            case "rows" -> RowsBench.run(directory, System.out);
            default ->
                throw new IllegalArgumentException(
                        "no benchmark is named " + which + ": default, full, trial, ledger, retry, rows");
        }
    }
}
