package dev.counterfoil.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.Ledger;
import dev.counterfoil.examples.harness.Ending;
import dev.counterfoil.examples.harness.Loss;
import dev.counterfoil.examples.harness.PlainTable;
import dev.counterfoil.examples.harness.Scenario;
import dev.counterfoil.examples.harness.StoreChoice;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ScenariosTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @MethodSource("everyScenarioOnEveryStore")
    void theLibraryEndsItAsItMust(Scenario scenario, StoreChoice store) throws InterruptedException {
        try (Ledger ledger = store.freshLedger(directory)) {
            Ending ending = scenario.library(ledger);
            assertThat(ending.problems()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("everyScenarioOnEveryStore")
    void theLossyWayLoses(Scenario scenario, StoreChoice store) throws InterruptedException {
        try (PlainTable table = store.freshTable(directory)) {
            Loss loss = scenario.lossy(table);
            assertThat(loss.lost()).as(loss.summary()).isTrue();
        }
    }

    static Stream<Arguments> everyScenarioOnEveryStore() {
        long seed = new Random().nextLong();
        List<Scenario> scenarios = List.of(
                new Retainer(),
                new Payment(),
                new BankTransfer(),
                new Enrolment(),
                new QuizAttempts(),
                new OrderSession(),
                new HighLoad(seed, 2_000, done -> {}));
        return Arrays.stream(StoreChoice.values())
                .flatMap(store -> scenarios.stream()
                        .map(scenario -> Arguments.of(
                                scenario instanceof HighLoad
                                        ? Named.of(scenario.title() + ", seed " + seed, scenario)
                                        : Named.of(scenario.title(), scenario),
                                store)));
    }
}
