package dev.counterfoil.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.Ledger;
import dev.counterfoil.examples.harness.CleanUp;
import dev.counterfoil.examples.harness.Ending;
import dev.counterfoil.examples.harness.Linked;
import dev.counterfoil.examples.harness.Login;
import dev.counterfoil.examples.harness.Loss;
import dev.counterfoil.examples.harness.Scenario;
import dev.counterfoil.examples.harness.Store;
import dev.counterfoil.examples.harness.StoreChoice;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ScenariosTest {
    private static final CleanUp CLEAN_UP = new CleanUp();
    private static final Map<StoreChoice, Store> STORES = new EnumMap<>(StoreChoice.class);

    @AfterAll
    static void cleanUp() {
        CLEAN_UP.close();
    }

    private static Store store(StoreChoice choice) {
        return STORES.computeIfAbsent(choice, embedded -> embedded.open(new Login("", "", ""), CLEAN_UP));
    }

    @ParameterizedTest
    @MethodSource("everyScenarioOnEveryStore")
    void theLibraryEndsItAsItMust(Scenario scenario, StoreChoice choice) throws InterruptedException {
        try (Ledger ledger = store(choice).freshLedger()) {
            Ending ending = scenario.library(ledger);
            assertThat(ending.problems()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("everyScenarioOnEveryStore")
    void theLossyWayLoses(Scenario scenario, StoreChoice choice) throws InterruptedException {
        Loss loss = scenario.lossy(store(choice).freshTable());
        assertThat(loss.lost()).as(loss.summary()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"POSTGRESQL", "MARIADB"})
    void overALinkThatIsCutTheLibraryEndsItAsItMustAndTheLossyWayLoses(StoreChoice choice) throws InterruptedException {
        long seed = new Random().nextLong();
        Linked linked = store(choice).linked().orElseThrow();
        Scenario scenario = new FlakyNetwork(seed, 600, linked.link(), done -> {});
        Loss loss = scenario.lossy(linked.store().freshTable());
        assertThat(loss.lost()).as("seed %s: %s", seed, loss.summary()).isTrue();
        try (Ledger ledger = linked.store().freshLedger()) {
            Ending ending = scenario.library(ledger);
            assertThat(ending.problems()).as("seed %s", seed).isEmpty();
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
