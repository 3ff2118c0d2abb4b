package dev.counterfoil.examples;

import static dev.counterfoil.FindingType.CELL_DIFFERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.counterfoil.AccountId;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Finding;
import dev.counterfoil.FindingType;
import dev.counterfoil.Ledger;
import dev.counterfoil.LedgerEvent;
import dev.counterfoil.LedgerListener;
import dev.counterfoil.Limits;
import dev.counterfoil.NotCorrectableException;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.VerifyRequest;
import dev.counterfoil.jdbc.JdbcLedger;
import dev.counterfoil.memory.MemoryLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
    @ValueSource(strings = {"verify", "listener", "correct", "prune"})
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
            ledger.apply(Update.of("open")
                            .open(available, "100.00", Limits.nonNegative())
                            .build())
                    .orThrow();
            Operations.verify(ledger);
            Operations.prune(ledger);
            assertThatThrownBy(() -> Operations.correct(ledger, available)).isInstanceOf(NotCorrectableException.class);
        }
    }

    @Test
    void aRowThatWasChangedByHandIsToldToTheListenerAndCorrected(@TempDir Path directory) throws SQLException {
        String url = "jdbc:sqlite:" + directory.resolve("books.db");
        BalanceId available = AccountId.of("wallet", "42-1").balance("available", Unit.of("SAR", 2));
        List<Finding> told = new ArrayList<>();
        LedgerListener listener = event -> {
            if (event instanceof LedgerEvent.Found found) {
                told.add(found.finding());
            }
        };
        try (Ledger ledger =
                JdbcLedger.builder(url).createSchema().listener(listener).build()) {
            ledger.apply(Update.of("open")
                            .open(available, "100.00", Limits.nonNegative())
                            .build())
                    .orThrow();
            try (Connection connection = DriverManager.getConnection(url);
                    Statement statement = connection.createStatement()) {
                statement.executeUpdate("UPDATE counterfoil_cell SET amount = '900.00'");
            }
            Operations.verify(ledger);
            // Each of its three verifications has found it.
            assertThat(told).extracting(Finding::type).containsExactly(CELL_DIFFERS, CELL_DIFFERS, CELL_DIFFERS);
            Operations.correct(ledger, available);
            assertThat(ledger.verify(VerifyRequest.all()).sound()).isTrue();
            assertThat(ledger.read(available.account()).balance(available)).isEqualTo("150.00");
        }
    }
}
