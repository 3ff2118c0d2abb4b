package dev.counterfoil.benchmarks.suites;

import java.time.Duration;
import java.util.List;

/**
 * How long and how often is measured.
 *
 * @param name of the plan
 * @param compiling how long each subject runs before its first case, until its code is compiled
 * @param rounds of each subject, interleaved
 * @param warmUp before each round
 * @param measured in each round
 * @param calibration of one pool size
 * @param poolSizes to choose from
 * @param everywhere true if all peers take part in every case
 * @param hotCallers at two accounts; one caller last, when all code is compiled
 * @param zipfCallers at 1,000 accounts, some hot
 * @param wideCallers at many accounts
 * @param wideAccounts how many that are
 * @param entries the lengths of history to compare with none
 * @param memoryIterations of half a second, for measuring; three times as many before, for warm-up
 * @param memoryAccounts in how many accounts
 */
public record Plan(
        String name,
        Duration compiling,
        int rounds,
        Duration warmUp,
        Duration measured,
        Duration calibration,
        List<Integer> poolSizes,
        boolean everywhere,
        List<Integer> hotCallers,
        List<Integer> zipfCallers,
        List<Integer> wideCallers,
        int wideAccounts,
        List<Integer> entries,
        int memoryIterations,
        List<Integer> memoryAccounts) {
    /** To see that everything runs; its figures are worth nothing. */
    public static Plan trial() {
        return new Plan(
                "trial",
                Duration.ofMillis(300),
                1,
                Duration.ofMillis(200),
                Duration.ofMillis(300),
                Duration.ofMillis(100),
                List.of(8),
                false,
                List.of(1, 64),
                List.of(64),
                List.of(256),
                2_000,
                List.of(10_000),
                1,
                List.of(1_000));
    }

    /** What two cores do in about ten minutes. */
    public static Plan inTenMinutes() {
        return new Plan(
                "default",
                Duration.ofSeconds(6),
                2,
                Duration.ofMillis(800),
                Duration.ofMillis(2_000),
                Duration.ofMillis(500),
                List.of(2, 4, 8, 16, 32),
                false,
                List.of(64, 256, 1_024, 1),
                List.of(64),
                List.of(256),
                100_000,
                List.of(100_000, 1_000_000),
                4,
                List.of(1_000));
    }

    /** Everything, and longer. */
    public static Plan full() {
        return new Plan(
                "full",
                Duration.ofSeconds(15),
                5,
                Duration.ofSeconds(3),
                Duration.ofSeconds(10),
                Duration.ofSeconds(4),
                List.of(2, 4, 8, 16, 32),
                true,
                List.of(64, 16, 256, 1_024, 1),
                List.of(64, 16, 256, 1_024, 1),
                List.of(64, 16, 256, 1_024, 1),
                100_000,
                List.of(100_000, 1_000_000, 10_000_000),
                6,
                List.of(2, 1_000));
    }
}
