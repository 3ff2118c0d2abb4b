package dev.counterfoil.jdbc.internal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Prints what a turn costs, and how three processes share SQLite's commits with the turnstile and without it. */
final class TurnstileFigures {

    private TurnstileFigures() {}

    public static void main(String[] none) throws Exception {
        Path directory = Files.createTempDirectory("turnstile");
        try (Turnstile turnstile = Turnstile.of(directory.resolve("turns.db"))) {
            for (int i = 0; i < 3; i++) {
                print("one thread", turnsPerSecond(turnstile));
            }
        }
        try (OtherProcess other = OtherProcess.start();
                Turnstile turnstile = Turnstile.of(directory.resolve("turns.db"))) {
            other.tell("turns", directory.resolve("turns.db"));
            print("one thread in each of two processes, this one", turnsPerSecond(turnstile));
        }
        for (String how : new String[] {"fairly", "polling", "fairly", "polling"}) {
            System.out.println("commits of three processes in 3 s, " + how + ": "
                    + TurnstileTest.commitsOfThreeProcesses(directory.resolve(how + ".db"), how, 3_000));
        }
    }

    static double turnsPerSecond(Turnstile turnstile) throws Exception {
        long start = System.nanoTime();
        long turns = 0;
        while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(2)) {
            turnstile.enter(OtherProcess.LONG).close();
            turns++;
        }
        return turns * 1e9 / (System.nanoTime() - start);
    }

    private static void print(String what, double turnsPerSecond) {
        System.out.printf(Locale.ROOT, "%s: %,.0f turns/s, %.1f µs each%n", what, turnsPerSecond, 1e6 / turnsPerSecond);
    }
}
