package dev.counterfoil.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.counterfoil.admin.Command.Result;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that look back: as of, statements, trial balances. */
class PastCommandsTest {
    private static final String CELL = "retainer/42:available";

    @TempDir
    static Path directory;

    private static String url;

    @BeforeAll
    static void fill() {
        url = TestBooks.in(directory);
    }

    private static Result run(String... args) {
        return new Command("--url", url).run(args);
    }

    private static String recordedAt(int index) {
        return run("history", CELL, "--json")
                .objects()
                .get(index)
                .get("recordedAt")
                .asText();
    }

    @Test
    void aCellIsShownAsOfAVersion() {
        Result second = run("as-of", CELL, "--version", "2");
        assertThat(second.code()).as(second.err()).isZero();
        assertThat(second.lines().get(1)).matches("2 .* INCREMENT +-150.00 +850.00 +fee-1 --scope shop");
        JsonNode json =
                run("as-of", "retainer/42:status", "--version", "1", "--json").object();
        assertThat(json.get("value").asText()).isEqualTo("ACTIVE");
        Result later = run("as-of", CELL, "--version", "4");
        assertThat(later.code()).isEqualTo(1);
        assertThat(later.err()).contains("has no such version yet");
    }

    @Test
    void aCellIsShownAsOfATime() {
        JsonNode json = run("as-of", CELL, "--time", recordedAt(1), "--json").object();
        assertThat(json.get("after").asText()).isEqualTo("850.00");
        Result before = run("as-of", CELL, "--time", "2000-01-01T00:00:00Z");
        assertThat(before.code()).isEqualTo(1);
        assertThat(before.err()).contains("was not there yet");
        Result future = run("as-of", CELL, "--time", "2999-01-01T00:00:00Z");
        assertThat(future.code()).isEqualTo(3);
        assertThat(future.err()).contains("what can be answered now ends at 2");
        assertThat(run("as-of", CELL).code()).isEqualTo(2);
        assertThat(run("as-of", CELL, "--version", "1", "--time", "2000-01-01T00:00:00Z")
                        .code())
                .isEqualTo(2);
    }

    @Test
    void aStatementTellsWhatHappenedInAPeriod() {
        String from = recordedAt(0);
        String to = recordedAt(2);
        Result statement = run("statement", "retainer/42", "--from", from, "--to", to);
        assertThat(statement.code()).as(statement.err()).isZero();
        assertThat(statement.lines().get(0)).matches("retainer/42:available +#1 .* OPEN .*");
        assertThat(statement.lines())
                .last()
                .asString()
                .matches("retainer/42:available +SAR +0.00 +1000.00 +150.00 +850.00 +2");
        List<JsonNode> json = run(
                        "statement", "retainer/42", "--cell", "available", "--from", from, "--to", to, "--json")
                .objects();
        assertThat(json)
                .extracting(object -> object.get("record").asText())
                .containsExactly("entry", "entry", "statement");
        assertThat(json.get(2).get("closing").asText()).isEqualTo("850.00");
        assertThat(run("statement", "retainer/42", "--from", from, "--to", to, "--sums-only")
                        .lines())
                .hasSize(3);
    }

    @Test
    void aMonthBeginsByTheClocksOfItsZone() {
        JsonNode statement = run("statement", "retainer/42", "--month", "2020-03", "--zone", "Europe/Berlin", "--json")
                .object();
        assertThat(statement.get("from").asText()).isEqualTo("2020-02-29T23:00:00.000000Z");
        assertThat(statement.get("to").asText()).isEqualTo("2020-03-31T22:00:00.000000Z");
        assertThat(statement.get("closing").asText()).isEqualTo("0.00");
        JsonNode dates = run(
                        "statement",
                        "retainer/42",
                        "--from",
                        "2020-03-01",
                        "--to",
                        "2020-04-01",
                        "--zone",
                        "Europe/Berlin",
                        "--json")
                .object();
        assertThat(dates).isEqualTo(statement);
        for (String[] wrong : List.of(
                new String[] {"statement", "retainer/42"},
                new String[] {"statement", "retainer/42", "--month", "2020-03"},
                new String[] {"statement", "retainer/42", "--month", "March", "--zone", "UTC"},
                new String[] {"statement", "retainer/42", "--month", "2020-03", "--zone", "Nowhere"},
                new String[] {"statement", "retainer/42", "--from", "2020-03-01", "--to", "2020-04-01"},
                new String[] {"statement", "retainer/42", "--from", "2020-03-01T00:00:00Z"},
                new String[] {"statement", "retainer/42", "--cell", "status", "--month", "2020-03", "--zone", "UTC"})) {
            assertThat(run(wrong).code()).as(String.join(" ", wrong)).isEqualTo(2);
        }
    }

    @Test
    void aPeriodThatHasNotPassedIsRefusedWithWhatCanBeAnswered() {
        Result future = run("statement", "retainer/42", "--month", "2999-01", "--zone", "UTC");
        assertThat(future.code()).isEqualTo(3);
        assertThat(future.err()).contains("what can be answered now ends at 2");
        Result nobody = run("statement", "retainer/43", "--month", "2020-03", "--zone", "UTC");
        assertThat(nobody.code()).isEqualTo(1);
        assertThat(nobody.err().lines()).hasSize(1);
    }

    @Test
    void aTrialBalanceSumsUp() {
        Result all = run("trial-balance");
        assertThat(all.code()).isZero();
        assertThat(all.lines()).anyMatch(line -> line.matches("retainer +available +SAR +1 +1000.00 +1000.00 +0.00"));
        assertThat(all.lines()).last().asString().matches("all +SAR +5 +1006.00 +1006.00 +0.00");
        List<JsonNode> odd = run("trial-balance", "odd", "a", "--json").objects();
        assertThat(odd).extracting(object -> object.get("record").asText()).containsExactly("line", "line", "total");
        assertThat(odd.get(2).get("sum").asText()).isEqualTo("3.00");
    }
}
