package dev.counterfoil.benchmarks.suites;

import dev.counterfoil.benchmarks.report.Results;
import dev.counterfoil.benchmarks.servers.PostgresServer;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;

/** Runs all suites of a plan, and writes what they measured. */
public final class Suites {
    private Suites() {}

    /**
     * Runs them.
     *
     * @throws IllegalStateException if the run is void; what was measured is written nevertheless, and says so
     */
    public static void run(Plan plan, Path directory, PrintStream out) throws Exception {
        Results results = new Results();
        Progress progress = new Progress(out);
        Machine.describe(results, plan);
        try (PostgresServer server = new PostgresServer(directory)) {
            try (Connection connection = server.connect("public")) {
                results.about("PostgreSQL", PostgresServer.one(connection, "SELECT version()"));
            }
            new PostgresSuite(server, plan, results, progress).run();
        }
        results.about("load of the machine at the end", Machine.load());
        results.print(out);
        results.writeJson(directory.resolve("results.json"));
        if (results.isVoid()) {
            throw new IllegalStateException(
                    "the run is void: " + results.faults().get(0));
        }
    }
}
