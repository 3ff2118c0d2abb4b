package dev.counterfoil.stress.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.Ledger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A load of several callers in this process, and what the checker says of it. */
record CheckedRun(History history, Book book, List<Finding> findings) {
    static final World WORLD = new World(8);

    /** The load on a ledger that may be broken. */
    static CheckedRun of(String name, Ledger ledger, Path directory, int threads, int calls) throws Exception {
        return of(name, ledger, ledger, directory, threads, calls);
    }

    /** The same, where what it holds is read through another ledger. */
    static CheckedRun of(String name, Ledger ledger, Ledger books, Path directory, int threads, int calls)
            throws Exception {
        long seed = Long.getLong("counterfoil.stress.seed", System.nanoTime());
        System.out.println(name + ": run again with -Dcounterfoil.stress.seed=" + seed);
        WORLD.open(books);
        Path files = Files.createDirectory(directory.resolve(name));
        try (Recorder recorder = new Recorder(name, files.resolve(name))) {
            Load.run(ledger, recorder, WORLD, seed, threads, calls);
            Settlement.settle(ledger, recorder, History.read(files));
        }
        return of(name, History.read(files), Book.of(books));
    }

    private static CheckedRun of(String name, History history, Book book) {
        long begin = System.nanoTime();
        CheckedRun run = new CheckedRun(history, book, Checker.check(history, book));
        System.out.printf(
                "%s: %,d calls checked in %,d ms, %d findings%n",
                name,
                history.calls().size(),
                (System.nanoTime() - begin) / 1_000_000,
                run.findings().size());
        return run;
    }

    private Map<String, Long> answers() {
        return history.calls().stream()
                .collect(Collectors.groupingBy(CheckedRun::name, TreeMap::new, Collectors.counting()));
    }

    private static String name(Call call) {
        Decided decided = call.answer().decided();
        String reason = decided == null ? "" : decided.applied() ? " APPLIED" : " " + decided.what();
        return call.answer().type() + reason;
    }

    /** Else it proves little. */
    void assertThatItMetEverything() {
        assertThat(answers())
                .containsKeys(
                        "DECIDED APPLIED",
                        "DECIDED BELOW_MINIMUM",
                        "DECIDED ABOVE_MAXIMUM",
                        "DECIDED VALUE_DIFFERS",
                        "DECIDED VERSION_DIFFERS",
                        "DECIDED REFERENCE_TAKEN",
                        "DECIDED ALREADY_REVERSED",
                        "REPLAYED APPLIED",
                        "REPLAYED BELOW_MINIMUM",
                        "KEY_REUSED APPLIED",
                        "FOUND APPLIED",
                        "READ");
    }
}
