package dev.counterfoil.examples;

import dev.counterfoil.Ledger;
import dev.counterfoil.examples.harness.Ending;
import dev.counterfoil.examples.harness.Loss;
import dev.counterfoil.examples.harness.PlainTable;
import dev.counterfoil.examples.harness.Report;
import dev.counterfoil.examples.harness.Scenario;
import dev.counterfoil.examples.harness.StoreChoice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * The main job: seven races, each first lost and then ended, on a database of their own that is deleted afterwards.
 *
 * <p>System properties: {@code store} (sqlite or memory) and {@code seed} (of scenario 7; random where none is given). Ends
 * with exit code 0 where every scenario passed, 1 where one failed, 2 where a property is wrong.
 */
public final class Scenarios {
    private static final int LOAD = 20_000;

    private Scenarios() {}

    /** Runs them all. */
    public static void main(String[] args) throws IOException {
        StoreChoice store;
        long seed;
        try {
            store = StoreChoice.named(System.getProperty("store", "sqlite"));
            seed = seed(System.getProperty("seed", ""));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        System.exit(run(store, seed) ? 0 : 1);
    }

    private static long seed(String text) {
        if (text.isBlank()) {
            return new Random().nextInt(1_000_000);
        }
        try {
            return Long.parseLong(text.trim());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("seed '" + text + "': must be a whole number", e);
        }
    }

    private static boolean run(StoreChoice store, long seed) throws IOException {
        Path directory = Files.createTempDirectory("counterfoil-examples");
        // A hook, so that nothing stays behind when somebody interrupts it either.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory)));
        Report report = new Report(System.out);
        System.out.println("Counterfoil: races that lose money, and how they end. Store: " + store
                + "; seed of the random load: " + seed);
        report.head();
        int number = 0;
        for (Scenario scenario : all(seed, report)) {
            number++;
            run(store, Files.createDirectory(directory.resolve("scenario-" + number)), number, scenario, report);
        }
        return report.end();
    }

    private static List<Scenario> all(long seed, Report report) {
        int sends = LOAD + LOAD / 20;
        return List.of(
                new Retainer(),
                new Payment(),
                new BankTransfer(),
                new Enrolment(),
                new QuizAttempts(),
                new OrderSession(),
                new HighLoad(seed, LOAD, done -> report.progress(7, done, sends)));
    }

    private static void run(StoreChoice store, Path directory, int number, Scenario scenario, Report report) {
        try (PlainTable table = store.freshTable(directory);
                Ledger ledger = store.freshLedger(directory)) {
            Loss loss = scenario.lossy(table);
            long start = System.nanoTime();
            Ending ending = scenario.library(ledger);
            report.ended(number, scenario, loss, ending, (System.nanoTime() - start) / 1e9);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            report.broke(number, scenario, e);
        } catch (RuntimeException e) {
            report.broke(number, scenario, e);
        }
    }

    /** Deletes what is in the directory, then the directory itself. */
    private static void delete(Path directory) {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | UncheckedIOException e) {
            System.err.println("could not delete " + directory + ": " + e);
        }
    }
}
