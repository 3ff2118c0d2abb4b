package dev.counterfoil.stress.faults;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Runs the cases of this package, and sums up what they and the tests of this module found. Arguments: {@code small} or
 * {@code long}, the directory of the reports of the tests, and the beginnings of the names of some cases, all if none is given.
 * The seed is set with {@code -Dcounterfoil.stress.seed}, the number of faults of a case with
 * {@code -Dcounterfoil.stress.faults}.
 */
public final class FaultRuns {
    private FaultRuns() {}

    /** All cases. */
    public static List<StressCase> cases() {
        List<StressCase> cases = new ArrayList<>();
        cases.add(new ClientKills("PostgreSQL, clients killed", 5, PostgresVictim::durable));
        cases.add(new ServerKills("PostgreSQL, server killed", PostgresVictim::durable));
        // Else nobody would know whether a loss would be seen.
        cases.add(new Control(
                new ServerKills("PostgreSQL with synchronous_commit=off, server killed", PostgresVictim::forgetful)));
        cases.add(new ClientKills("SQLite, processes killed", 3, SqliteFiles::new));
        if (MariaDbVictim.runsHere()) {
            cases.add(new ClientKills("MariaDB, clients killed", 5, MariaDbVictim::new));
            cases.add(new ServerKills("MariaDB, server killed", MariaDbVictim::new));
        }
        return cases;
    }

    /** Runs them, and prints what came of it. */
    public static void main(String[] args) throws Exception {
        StressCase.Size size = args[0].equals("long") ? StressCase.Size.FULL : StressCase.Size.SMALL;
        List<String> names = List.of(args).subList(2, args.length);
        long seed = Long.getLong("counterfoil.stress.seed", System.nanoTime());
        System.out.println("again with the same seed: -Dcounterfoil.stress.seed=" + seed);
        List<Result> results = new ArrayList<>();
        for (StressCase one : cases()) {
            if (names.isEmpty() || names.stream().anyMatch(one.name()::startsWith)) {
                results.add(one.run(size, seed));
            }
        }
        System.exit(sumUp(results, Path.of(args[1])) == 0 ? 0 : 1);
    }

    /** Prints a table; how many failed. */
    private static long sumUp(List<Result> results, Path reports) throws IOException {
        List<TestReport> tests = TestReport.readAll(reports);
        System.out.println();
        tests.forEach(FaultRuns::print);
        System.out.println();
        System.out.println(LINE.formatted(
                "under faults", "", "runs", "faults", "acknowledged", "lost", "doubled", "unknown: applied", "not"));
        results.forEach(FaultRuns::print);
        long failed = results.stream().filter(result -> !result.passed()).count()
                + tests.stream().filter(test -> !test.passed()).count();
        System.out.println();
        System.out.println((results.size() + tests.size() - failed) + " passed, " + failed + " failed");
        return failed;
    }

    private static final String LINE = "%-54s %-6s %5s %7s %13s %5s %8s %17s %5s";

    private static void print(Result result) {
        System.out.println(LINE.formatted(
                result.test(),
                result.passed() ? "passed" : "FAILED",
                count(result.runs()),
                count(result.faults()),
                count(result.acknowledged()),
                count(result.lost()),
                count(result.doubled()),
                count(result.unknownApplied()),
                count(result.unknownNotApplied())));
        if (result.control()) {
            System.out.println("  a control: what it runs on is set up to lose, and the loss must be found");
        } else {
            result.wrong().stream().limit(20).forEach(wrong -> System.out.println("  " + wrong));
        }
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static void print(TestReport test) {
        System.out.printf(
                Locale.ROOT,
                "%-54s %-6s %d tests, %d failed, %d skipped%n",
                test.name(),
                test.passed() ? "passed" : "FAILED",
                test.tests(),
                test.failed(),
                test.skipped());
    }
}
