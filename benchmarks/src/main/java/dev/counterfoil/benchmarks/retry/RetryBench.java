package dev.counterfoil.benchmarks.retry;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs every contender in every situation in turn, round by round, so that what else the machine does meets all alike, and
 * prints a table for each number of threads. Medians over all iterations; time is CPU time.
 */
public final class RetryBench {
    private static final int ROUNDS = 3;
    private static final List<Integer> THREADS = List.of(1, 2);

    private record Case(int threads, Situation situation, Contender contender) {}

    private final Map<Case, List<RunResult>> measured = new LinkedHashMap<>();
    private final PrintStream out;

    private RetryBench(PrintStream out) {
        this.out = out;
    }

    /**
     * Runs them all, and writes what was measured to {@code retry-<round>.json}.
     *
     * @param directory where to write
     * @param out where to print
     * @throws RunnerException if one fails
     */
    public static void run(Path directory, PrintStream out) throws RunnerException {
        RetryBench bench = new RetryBench(out);
        for (int round = 0; round < ROUNDS; round++) {
            List<RunResult> results = new ArrayList<>();
            for (int threads : THREADS) {
                for (Situation situation : Situation.values()) {
                    for (Contender contender : Contender.values()) {
                        results.add(bench.run(new Case(threads, situation, contender)));
                    }
                }
            }
            ResultFormatFactory.getInstance(
                            ResultFormatType.JSON,
                            directory.resolve("retry-" + (round + 1) + ".json").toString())
                    .writeOut(results);
        }
        for (int threads : THREADS) {
            bench.table(threads);
        }
    }

    private RunResult run(Case which) throws RunnerException {
        RunResult result = new Runner(new OptionsBuilder()
                        .include(RetryBenchmark.class.getName())
                        .param("contender", which.contender().name())
                        .param("situation", which.situation().name())
                        .threads(which.threads())
                        .addProfiler(GCProfiler.class)
                        .addProfiler(CpuTimeProfiler.class)
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .runSingle();
        measured.computeIfAbsent(which, unused -> new ArrayList<>()).add(result);
        return result;
    }

    private void table(int threads) {
        out.printf(
                "%n%d thread(s): ns of CPU time over the plain one per call, ours in percent of it, B per call%n%n",
                threads);
        out.print("|");
        for (Situation situation : Situation.values()) {
            out.printf(
                    " | %s: ns | ours | B",
                    situation.name().toLowerCase(Locale.ROOT).replace('_', ' '));
        }
        out.println(" |");
        out.print("|---");
        for (Situation unused : Situation.values()) {
            out.print("|---:|---:|---:");
        }
        out.println("|");
        for (Contender contender : Contender.values()) {
            out.printf("| %s", contender.label());
            for (Situation situation : Situation.values()) {
                cells(threads, situation, contender);
            }
            out.println(" |");
        }
    }

    private void cells(int threads, Situation situation, Contender contender) {
        double nanos = median(new Case(threads, situation, contender), CpuTimeProfiler.METRIC);
        double bytes = median(new Case(threads, situation, contender), "gc.alloc.rate.norm");
        double floor = median(new Case(threads, situation, Contender.PLAIN), CpuTimeProfiler.METRIC);
        if (contender == Contender.PLAIN) {
            out.printf(Locale.ROOT, " | (%.1f in all) | | %.0f", nanos, bytes);
            return;
        }
        double ours = median(new Case(threads, situation, Contender.COUNTERFOIL), CpuTimeProfiler.METRIC) - floor;
        out.printf(Locale.ROOT, " | %.1f | %.0f %% | %.0f", nanos - floor, 100 * ours / (nanos - floor), bytes);
    }

    private double median(Case which, String metric) {
        double[] scores = Objects.requireNonNull(measured.get(which)).stream()
                .flatMap(run -> run.getBenchmarkResults().stream())
                .map(BenchmarkResult::getIterationResults)
                .flatMap(Collection::stream)
                .mapToDouble(iteration -> secondary(iteration, metric))
                .sorted()
                .toArray();
        return (scores[(scores.length - 1) / 2] + scores[scores.length / 2]) / 2;
    }

    private static double secondary(IterationResult iteration, String metric) {
        for (String key : iteration.getSecondaryResults().keySet()) {
            if (key.endsWith(metric)) {
                return iteration.getSecondaryResults().get(key).getScore();
            }
        }
        throw new IllegalStateException("nothing was measured under " + metric);
    }
}
