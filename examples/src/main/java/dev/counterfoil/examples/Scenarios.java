package dev.counterfoil.examples;

import dev.counterfoil.Ledger;
import dev.counterfoil.VerifyRequest;
import dev.counterfoil.examples.harness.CleanUp;
import dev.counterfoil.examples.harness.Ending;
import dev.counterfoil.examples.harness.Linked;
import dev.counterfoil.examples.harness.Login;
import dev.counterfoil.examples.harness.Loss;
import dev.counterfoil.examples.harness.Report;
import dev.counterfoil.examples.harness.Scenario;
import dev.counterfoil.examples.harness.Store;
import dev.counterfoil.examples.harness.StoreChoice;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * The main job: eight races, each first lost and then ended, on a database that is deleted afterwards, or in tables of their
 * own on somebody's server, which are dropped afterwards.
 *
 * <p>System properties, all optional: {@code store} (sqlite, memory, postgresql, mariadb or h2), {@code demo.url},
 * {@code demo.user} and {@code demo.password} (of a server that runs already) and {@code seed} (of scenarios 7 and 8). Ends with exit code 0 where every
 * scenario passed, 1 where one failed or something could not be cleaned up, 2 where a property is wrong or the store cannot
 * be used.
 */
public final class Scenarios {
    private static final int LOAD = 20_000;
    private static final int LOAD_OVER_A_FLAKY_LINK = 1_000;

    private Scenarios() {}

    /** Runs them all. */
    public static void main(String[] args) {
        System.exit(run(LOAD));
    }

    /** Runs them all, with so many transfers in scenario 7; gives the exit code. */
    static int run(int load) {
        try (CleanUp cleanUp = new CleanUp()) {
            return run(load, cleanUp);
        } catch (CleanUp.FailedException e) {
            System.err.println(e.getMessage());
            return 1;
        }
    }

    private static int run(int load, CleanUp cleanUp) {
        StoreChoice choice;
        Store store;
        long seed;
        try {
            Login login = new Login(property("demo.url"), property("demo.user"), property("demo.password"));
            choice = StoreChoice.of(property("store"), login);
            seed = seed(property("seed"));
            store = cleanUp.make(() -> choice.open(login, cleanUp));
        } catch (IllegalArgumentException | IllegalStateException e) {
            System.err.println(e.getMessage());
            return 2;
        }
        Report report = new Report(System.out);
        // Runs first at the end: what an interruption tears down did not fail.
        cleanUp.atEnd(report::silence);
        System.out.println("Counterfoil: races that lose money, and how they end. Store: " + choice
                + "; seed of 7 and 8: " + seed);
        store.about().lines().forEach(System.out::println);
        report.head();
        int number = 0;
        for (Scenario scenario : all(seed, load, report)) {
            number++;
            run(store, number, scenario, report);
        }
        runOverAFlakyLink(store, number + 1, seed, report);
        return report.end() ? 0 : 1;
    }

    private static String property(String name) {
        return System.getProperty(name, "");
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

    private static List<Scenario> all(long seed, int load, Report report) {
        int sends = load + load / 20;
        return List.of(
                new Retainer(),
                new Payment(),
                new BankTransfer(),
                new Enrolment(),
                new QuizAttempts(),
                new OrderSession(),
                new HighLoad(seed, load, done -> report.progress(7, done, sends)));
    }

    private static void runOverAFlakyLink(Store store, int number, long seed, Report report) {
        Optional<Linked> linked;
        try {
            linked = store.linked();
        } catch (IllegalArgumentException | IllegalStateException e) {
            report.notRun(
                    number, FlakyNetwork.TITLE, FlakyNetwork.MUST_END_AS, "not for this server: " + e.getMessage());
            return;
        }
        if (linked.isEmpty()) {
            String why = "not for this store: there is no network to cut";
            report.notRun(number, FlakyNetwork.TITLE, FlakyNetwork.MUST_END_AS, why);
            return;
        }
        int sends = LOAD_OVER_A_FLAKY_LINK + LOAD_OVER_A_FLAKY_LINK / 20;
        Scenario scenario = new FlakyNetwork(
                seed, LOAD_OVER_A_FLAKY_LINK, linked.get().link(), done -> report.progress(number, done, sends));
        run(linked.get().store(), number, scenario, report);
    }

    private static void run(Store store, int number, Scenario scenario, Report report) {
        try (Ledger ledger = store.freshLedger()) {
            Loss loss = scenario.lossy(store.freshTable());
            long start = System.nanoTime();
            Ending ending = scenario.library(ledger);
            double seconds = (System.nanoTime() - start) / 1e9;
            report.ended(number, scenario, loss, ending, ledger.verify(VerifyRequest.all()), seconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            report.broke(number, scenario, e);
        } catch (RuntimeException e) {
            report.broke(number, scenario, e);
        }
    }
}
