package dev.counterfoil.benchmarks;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs every subject and its peer in turn, round by round, so that what else the machine does meets both alike; prints tables
 * and ratios, and writes what was measured to {@code jmh-<threads>.json} in the directory that is its argument.
 */
final class LedgerBench {
    private static final int ROUNDS = 2;
    private static final List<Integer> THREADS = List.of(1, 2);
    private static final List<Integer> ACCOUNTS = List.of(2, 1000);
    private static final String SUBJECT = "ledger";
    private static final String PEER = "synchronizedMap";

    private record Case(int threads, int accounts, String subject) {}

    private final Map<Case, List<RunResult>> measured = new LinkedHashMap<>();
    private final PrintStream out;

    private LedgerBench(PrintStream out) {
        this.out = out;
    }

    /** Runs them all; ends in an exception if one of them fails, or if its books are wrong. */
    static void run(Path directory, PrintStream out) throws RunnerException {
        LedgerBench bench = new LedgerBench(out);
        for (int round = 1; round <= ROUNDS; round++) {
            for (int threads : THREADS) {
                for (int accounts : ACCOUNTS) {
                    bench.run(round, new Case(threads, accounts, SUBJECT));
                    bench.run(round, new Case(threads, accounts, PEER));
                }
            }
        }
        for (int threads : THREADS) {
            bench.report(threads, directory.resolve("jmh-" + threads + ".json"));
        }
        bench.ratios();
    }

    private void run(int round, Case which) throws RunnerException {
        RunResult result = new Runner(new OptionsBuilder()
                        .include(TransferBenchmark.class.getName() + "\\." + which.subject() + "$")
                        .param("accounts", Integer.toString(which.accounts()))
                        .threads(which.threads())
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .runSingle();
        measured.computeIfAbsent(which, unused -> new ArrayList<>()).add(result);
        out.printf(
                Locale.ROOT,
                "round %d of %d, %d thread(s), %4d accounts, %-15s %,12.0f transfers/s%n",
                round,
                ROUNDS,
                which.threads(),
                which.accounts(),
                which.subject(),
                result.getPrimaryResult().getScore());
    }

    private void report(int threads, Path file) {
        List<RunResult> results = measured.keySet().stream()
                .filter(which -> which.threads() == threads)
                .map(this::merged)
                .toList();
        out.printf("%n%d thread(s)%n", threads);
        ResultFormatFactory.getInstance(ResultFormatType.TEXT, out).writeOut(results);
        ResultFormatFactory.getInstance(ResultFormatType.JSON, file.toString()).writeOut(results);
    }

    private RunResult merged(Case which) {
        List<RunResult> rounds = measured.getOrDefault(which, List.of());
        Collection<BenchmarkResult> all = rounds.stream()
                .flatMap(round -> round.getBenchmarkResults().stream())
                .toList();
        return new RunResult(rounds.get(0).getParams(), all);
    }

    private void ratios() {
        out.println();
        for (int threads : THREADS) {
            for (int accounts : ACCOUNTS) {
                double subject = score(new Case(threads, accounts, SUBJECT));
                double peer = score(new Case(threads, accounts, PEER));
                out.printf(
                        Locale.ROOT,
                        "ratio: ledger to synchronized map, %d thread(s), %4d accounts: %.2f%n",
                        threads,
                        accounts,
                        subject / peer);
            }
        }
    }

    private double score(Case which) {
        return merged(which).getPrimaryResult().getScore();
    }
}
