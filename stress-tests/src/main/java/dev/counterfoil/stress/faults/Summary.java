package dev.counterfoil.stress.faults;

import java.util.List;
import java.util.Locale;

/** The table at the end of a run. */
final class Summary {
    private static final String LINE = "%-68s %-6s %5s %7s %13s %5s %8s %17s %5s";

    private Summary() {}

    /** Prints it; how many failed. */
    static long print(List<Result> results, List<TestReport> tests) {
        System.out.println();
        tests.forEach(Summary::print);
        System.out.println();
        System.out.println(LINE.formatted(
                "under faults", "", "runs", "faults", "acknowledged", "lost", "doubled", "unknown: applied", "not"));
        results.forEach(Summary::print);
        long failed = results.stream().filter(result -> !result.passed()).count()
                + tests.stream().filter(test -> !test.passed()).count();
        System.out.println();
        System.out.println((results.size() + tests.size() - failed) + " passed, " + failed + " failed");
        return failed;
    }

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
