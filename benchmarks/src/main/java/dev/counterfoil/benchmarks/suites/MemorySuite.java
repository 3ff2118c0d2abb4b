package dev.counterfoil.benchmarks.suites;

import dev.counterfoil.benchmarks.TransferBenchmark;
import dev.counterfoil.benchmarks.report.Row;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Transfers in memory with key, history and limits, beside maps that do the same work; measured by JMH. */
final class MemorySuite {
    private static final List<Integer> THREADS = List.of(1, 2);
    private static final String LEDGER = "ledger";

    /** So many times as long as is measured: some subjects are compiled to the end only after seconds of work of their own. */
    private static final int WARM_UP = 3;

    private static final Map<String, String> SUBJECTS = subjects();

    private final Run run;

    MemorySuite(Run run) {
        this.run = run;
    }

    private static Map<String, String> subjects() {
        Map<String, String> subjects = new LinkedHashMap<>();
        subjects.put(LEDGER, "Counterfoil");
        subjects.put("synchronizedMap", "synchronized map");
        subjects.put("concurrentMap", "ConcurrentHashMap.compute");
        subjects.put("stripedLocks", "striped locks");
        return subjects;
    }

    void run() {
        for (int accounts : run.plan().memoryAccounts()) {
            for (int threads : THREADS) {
                run(accounts, threads);
            }
        }
    }

    private void run(int accounts, int threads) {
        String suite = String.format(Locale.ROOT, "memory, %,d accounts", accounts);
        String name = threads + (threads == 1 ? " thread" : " threads");
        Map<String, List<Double>> rates = new LinkedHashMap<>();
        try {
            for (int round = 0; round < run.plan().rounds(); round++) {
                for (String subject : SUBJECTS.keySet()) {
                    double rate = rate(subject, accounts, threads);
                    rates.computeIfAbsent(subject, unused -> new ArrayList<>()).add(rate);
                    run.progress()
                            .line(String.format(
                                    Locale.ROOT,
                                    "%s, %s, round %d, %s: %,.0f/s",
                                    suite,
                                    name,
                                    round + 1,
                                    SUBJECTS.get(subject),
                                    rate));
                }
            }
        } catch (RunnerException e) {
            run.results().fault(suite + ", " + name + ": " + e);
            return;
        }
        String best = rates.keySet().stream()
                .filter(subject -> !subject.equals(LEDGER))
                .reduce((a, b) -> middle(rates, a) >= middle(rates, b) ? a : b)
                .orElseThrow();
        SUBJECTS.forEach((subject, words) -> {
            Row row = Row.of(
                    suite,
                    name,
                    threads,
                    words,
                    "throughput",
                    middle(rates, subject),
                    "transfers/s",
                    Measured.spread(Objects.requireNonNull(rates.get(subject))));
            String peer = Objects.requireNonNull(SUBJECTS.get(best));
            run.results().add(subject.equals(best) ? row : row.beside(peer, middle(rates, best)));
        });
    }

    private static double middle(Map<String, List<Double>> rates, String subject) {
        return Measured.middle(Objects.requireNonNull(rates.get(subject)));
    }

    private double rate(String subject, int accounts, int threads) throws RunnerException {
        return new Runner(new OptionsBuilder()
                        .include(TransferBenchmark.class.getName() + "\\." + subject + "$")
                        .param("accounts", Integer.toString(accounts))
                        .threads(threads)
                        .warmupIterations(WARM_UP * run.plan().memoryIterations())
                        .measurementIterations(run.plan().memoryIterations())
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .runSingle()
                .getPrimaryResult()
                .getScore();
    }
}
