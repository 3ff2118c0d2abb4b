package dev.counterfoil.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.Key;
import dev.counterfoil.Ledger;
import dev.counterfoil.Outcome;
import dev.counterfoil.VerifyRequest;
import dev.counterfoil.memory.MemoryLedger;
import dev.counterfoil.spi.LedgerSettings;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The same random history gives the same outcomes, cells and entries as on the memory store, but for the times recorded, where
 * callers share commits and where they do not. Two namespaces of one store take turns.
 */
abstract class DifferentialContract extends ContractPart {
    private static final int CALLS = 900;

    DifferentialContract(LedgerContract store) {
        super(store);
    }

    /** One history in its namespace, on the store under test and in memory. */
    private record Side(RandomHistory history, Ledger tested, Ledger memory) {
        void step(String where) {
            RandomHistory.Call call = history.next();
            List<Outcome> expected = call.on(memory);
            List<Outcome> outcomes = call.on(tested);
            assertThat(WithoutTimes.of(outcomes)).as(where + ": " + call).isEqualTo(WithoutTimes.of(expected));
            history.learn(expected);
        }

        void compare(String where) {
            Books expected = Books.of(memory, List.of(RandomHistory.KIND)).audited();
            Books books = Books.of(tested, List.of(RandomHistory.KIND)).audited();
            assertThat(WithoutTimes.of(books)).as(where + ": cells and entries").isEqualTo(WithoutTimes.of(expected));
            assertThat(tested.verify(VerifyRequest.all()).first()).as(where).isEmpty();
        }

        void compareDecisions(String where) {
            List<Key> keys = history.calls().stream()
                    .flatMap(call -> call.keys())
                    .distinct()
                    .toList();
            for (Key key : keys) {
                assertThat(WithoutTimes.of(tested.find(key)))
                        .as(where + ": " + key)
                        .isEqualTo(WithoutTimes.of(memory.find(key)));
            }
        }
    }

    @Test
    void aRandomHistoryGivesTheSameAsInMemory() {
        compareWithMemory(LedgerSettings.defaults());
    }

    @Test
    void aRandomHistoryGivesTheSameAsInMemoryWithoutSharedCommits() {
        compareWithMemory(LedgerSettings.defaults().withGroupCommit(false));
    }

    private void compareWithMemory(LedgerSettings settings) {
        Seed seed = Seed.of("differential");
        Ledger tested = open(settings);
        try (Ledger memory = MemoryLedger.create()) {
            List<Side> sides = List.of(
                    new Side(new RandomHistory(seed.split(1), "one-"), tested, memory),
                    new Side(
                            new RandomHistory(seed.split(2), "two-"),
                            tested.namespace("two"),
                            memory.namespace("two")));
            for (int i = 0; i < CALLS; i++) {
                String where = seed + ", call " + i;
                seed.oneOf(sides).step(where);
                if (i % 300 == 299) {
                    sides.forEach(side -> side.compare(where));
                }
            }
            sides.forEach(side -> side.compareDecisions(seed + ", at the end"));
        }
    }
}
