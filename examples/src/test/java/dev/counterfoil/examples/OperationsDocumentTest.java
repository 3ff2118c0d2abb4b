package dev.counterfoil.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.AccountId;
import dev.counterfoil.BalanceId;
import dev.counterfoil.FindingType;
import dev.counterfoil.Ledger;
import dev.counterfoil.NotCorrectableException;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.memory.MemoryLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The page for operators names every finding, and its code is compiled and runs. */
class OperationsDocumentTest {
    private static List<String> document() throws IOException {
        return Files.readAllLines(Path.of("../docs/operations.md"));
    }

    @ParameterizedTest
    @EnumSource
    void everyFindingHasARow(FindingType type) throws IOException {
        assertThat(document()).anyMatch(row -> row.startsWith("| ") && row.contains("`" + type + "`"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"verify", "correct", "prune"})
    void itsCodeIsCompiled(String piece) throws IOException {
        List<String> source =
                Files.readAllLines(Path.of("src/main/java/dev/counterfoil/examples/Operations.java")).stream()
                        .map(String::strip)
                        .toList();
        List<String> compiled = source.subList(
                source.indexOf("// docs " + piece + ": begin") + 1, source.indexOf("// docs " + piece + ": end"));
        assertThat(compiled).isNotEmpty();
        assertThat(document().stream().map(String::strip)).containsSequence(compiled);
    }

    @Test
    void itsCodeRuns() {
        BalanceId available = AccountId.of("wallet", "42-1").balance("available", Unit.of("SAR", 2));
        try (Ledger ledger = MemoryLedger.create()) {
            ledger.apply(Update.of("open").open(available, "100.00").build()).orThrow();
            Operations.verify(ledger);
            Operations.prune(ledger);
            Assertions.assertThatThrownBy(() -> Operations.correct(ledger, available))
                    .isInstanceOf(NotCorrectableException.class);
        }
    }
}
