package dev.counterfoil.benchmarks.suites;

import java.time.Duration;
import java.util.List;

/**
 * How long and how often is measured.
 *
 * @param name of the plan
 * @param rounds of each subject, interleaved
 * @param warmUp before each round
 * @param measured in each round
 * @param calibration of one pool size
 * @param poolSizes to choose from
 * @param hotCallers at two accounts
 * @param wideCallers at 100,000 accounts
 * @param wideAccounts how many that are
 * @param zipfCallers at 1,000 accounts, some hot
 */
public record Plan(
        String name,
        int rounds,
        Duration warmUp,
        Duration measured,
        Duration calibration,
        List<Integer> poolSizes,
        List<Integer> hotCallers,
        List<Integer> wideCallers,
        int wideAccounts,
        List<Integer> zipfCallers) {

    /** To see that everything runs; its figures are worth nothing. */
    public static Plan trial() {
        return new Plan(
                "trial",
                1,
                Duration.ofMillis(200),
                Duration.ofMillis(300),
                Duration.ofMillis(100),
                List.of(4, 8),
                List.of(1, 64),
                List.of(256),
                2_000,
                List.of(64));
    }

    /** What two cores do in about ten minutes. */
    public static Plan inTenMinutes() {
        return new Plan(
                "default",
                2,
                Duration.ofSeconds(1),
                Duration.ofSeconds(3),
                Duration.ofSeconds(1),
                List.of(2, 4, 8, 16),
                List.of(1, 64, 256, 1_024),
                List.of(256),
                100_000,
                List.of(64));
    }

    /** Everything, and longer. */
    public static Plan full() {
        return new Plan(
                "full",
                5,
                Duration.ofSeconds(3),
                Duration.ofSeconds(10),
                Duration.ofSeconds(4),
                List.of(2, 4, 8, 16, 32),
                List.of(1, 16, 64, 256, 1_024),
                List.of(1, 16, 64, 256, 1_024),
                100_000,
                List.of(1, 16, 64, 256, 1_024));
    }
}
