package dev.counterfoil.benchmarks.suites;

import dev.counterfoil.benchmarks.report.HtmlReport;
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
        Run run = new Run(plan, directory, results, new Progress(out));
        Machine.describe(results, plan);
        new MemorySuite(run).run();
        new OtherDatabases(run).sqlite();
        try (PostgresServer server = new PostgresServer(directory)) {
            try (Connection connection = server.connect("public")) {
                results.about("PostgreSQL", PostgresServer.one(connection, "SELECT version()"));
            }
            server.useLog();
            new PostgresSuite(server, run).run();
            new ApplyEachSuite(server, run).run();
            new HistorySuite(server, run).run();
            new ProcessSuite(server, run).run();
        }
        PostgresSuite.onSlowerDisk(run);
        new OtherDatabases(run).mariaDb();
        results.about("load of the machine at the end", Machine.load());
        results.print(out);
        results.writeJson(directory.resolve("results.json"));
        HtmlReport.write(results, directory.resolve("report.html"));
        out.println("Written: results.json and report.html in " + directory);
        if (results.isVoid()) {
            throw new IllegalStateException(
                    "the run is void: " + results.faults().get(0));
        }
    }
}
