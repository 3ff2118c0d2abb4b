package dev.counterfoil.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.counterfoil.admin.Command.Result;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that look at the books of an SQLite file. */
class ReadingCommandsTest {
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

    private static List<String> texts(List<JsonNode> objects, String field) {
        return objects.stream().map(object -> object.get(field).asText()).toList();
    }

    @Test
    void showTellsAllCellsOfAnAccount() {
        Result shown = run("show", "retainer/42");
        assertThat(shown.code()).isZero();
        assertThat(shown.err()).isEmpty();
        assertThat(shown.lines()).hasSize(5);
        assertThat(shown.lines().get(0)).startsWith("retainer/42 as of 2");
        assertThat(shown.lines().get(2)).matches("available +BALANCE +1000.00 SAR +\\[0, -] +3 +refund-1 +2.*Z");
        assertThat(shown.lines().get(3)).matches("consumptions +JOURNAL +1 records +- +2 +fee-1 --scope shop +2.*Z");
        assertThat(shown.lines().get(4)).matches("status +REGISTER +PAUSED +- +2 +status-1 +2.*Z");
    }

    @Test
    void showInJsonIsAnObjectPerCellWithAllFieldsAlways() {
        List<JsonNode> cells = run("show", "retainer/42", "--json").objects();
        assertThat(texts(cells, "cell")).containsExactly("available", "consumptions", "status");
        JsonNode available = cells.get(0);
        assertThat(available.get("record").asText()).isEqualTo("cell");
        assertThat(available.get("amount").isTextual()).isTrue();
        assertThat(available.get("amount").asText()).isEqualTo("1000.00");
        assertThat(available.get("minimum").asText()).isEqualTo("0");
        assertThat(available.get("maximum").isNull()).isTrue();
        assertThat(available.get("unit").asText()).isEqualTo("SAR");
        assertThat(available.get("scale").asInt()).isEqualTo(2);
        assertThat(available.get("version").asLong()).isEqualTo(3);
        assertThat(available.get("recordedAt").asText()).matches("2.*T.*\\.[0-9]{6}Z");
        assertThat(cells.get(1).get("records").asLong()).isEqualTo(1);
        assertThat(cells.get(1).get("scope").asText()).isEqualTo("shop");
        assertThat(cells.get(2).get("value").asText()).isEqualTo("PAUSED");
        assertThat(cells)
                .allSatisfy(cell -> assertThat(cell.fieldNames())
                        .toIterable()
                        .containsExactlyElementsOf(() -> available.fieldNames()));
    }

    @Test
    void anAccountWithoutCellsIsNotFound() {
        Result shown = run("show", "retainer/43", "--json");
        assertThat(shown.code()).isEqualTo(1);
        assertThat(shown.out()).isEmpty();
        assertThat(shown.err().lines()).containsExactly("counterfoil-admin show: the account retainer/43 has no cells");
    }

    @Test
    void aNamespaceHasItsOwnBooks() {
        JsonNode cell =
                run("show", "retainer/42", "--namespace", "tenant-7", "--json").object();
        assertThat(cell.get("amount").asText()).isEqualTo("7.00");
    }

    @Test
    void accountsAreListedByKindAndPrefix() {
        assertThat(run("accounts", "odd").lines()).containsExactly("odd/a", "odd/a:b", "odd/x/y:z");
        assertThat(run("accounts", "odd", "a").lines()).containsExactly("odd/a", "odd/a:b");
        assertThat(texts(run("accounts", "odd", "x", "--json").objects(), "accountId"))
                .containsExactly("x/y:z");
        Result none = run("accounts", "wallet");
        assertThat(none.code()).isZero();
        assertThat(none.out()).isEmpty();
    }

    @Test
    void historyListsTheEntriesOfABalance() {
        Result history = run("history", "retainer/42:available");
        assertThat(history.code()).isZero();
        assertThat(history.lines().get(0)).isEqualTo("retainer/42:available, BALANCE in SAR");
        assertThat(history.lines().get(2)).matches("1 +2.*Z +OPEN +\\+1000.00 limits \\[0, -] +1000.00 +open-42");
        assertThat(history.lines().get(3)).matches("2 +2.*Z +INCREMENT +-150.00 +850.00 +fee-1 --scope shop");
        assertThat(history.lines()).hasSize(5);
    }

    @Test
    void historyInJsonHasAmountsAsTexts() {
        List<JsonNode> entries =
                run("history", "retainer/42:available", "--json").objects();
        assertThat(texts(entries, "delta")).containsExactly("1000.00", "-150.00", "150.00");
        assertThat(texts(entries, "sequence")).containsExactly("1", "2", "3");
        assertThat(texts(run("history", "retainer/42:status", "--json").objects(), "value"))
                .containsExactly("ACTIVE", "PAUSED");
        JsonNode record =
                run("history", "retainer/42:consumptions", "--json").objects().get(1);
        assertThat(record.get("payload").asText()).isEqualTo("{\"hours\":4}\n\u001b[31mred");
    }

    @Test
    void whatIsStoredDoesNotReachTheTerminalAsACommand() {
        Result history = run("history", "retainer/42:consumptions");
        assertThat(history.out()).doesNotContain("\u001b").contains("{\"hours\":4}\\n\\u001b[31mred");
        assertThat(history.lines()).hasSize(4);
    }

    @Test
    void historyIsFilteredAndLimited() {
        String cell = "retainer/42:available";
        assertThat(texts(run("history", cell, "--json", "--type", "open").objects(), "sequence"))
                .containsExactly("1");
        assertThat(texts(run("history", cell, "--json", "--key", "refund-1").objects(), "sequence"))
                .containsExactly("3");
        assertThat(texts(run("history", cell, "--json", "--after", "1").objects(), "sequence"))
                .containsExactly("2", "3");
        Result limited = run("history", cell, "--json", "--limit", "2");
        assertThat(texts(limited.objects(), "sequence")).containsExactly("1", "2");
        assertThat(limited.err()).contains("There are more");
        assertThat(run("history", cell, "--limit", "3").err()).isEmpty();
        assertThat(run("history", cell, "--from", "2100-01-01T00:00:00Z").lines())
                .hasSize(2);
        assertThat(run("history", cell, "--to", "2000-01-01T00:00:00+01:00").lines())
                .hasSize(2);
    }

    @Test
    void cellsThatAreWrittenAlikeAreToldApart() {
        assertThat(texts(run("history", "odd/a:b:c", "--json").objects(), "after"))
                .containsExactly("2.00");
        assertThat(texts(run("history", "odd/a", "--cell", "b:c", "--json").objects(), "after"))
                .containsExactly("1.00");
        assertThat(texts(run("history", "odd/x/y:z:n/m", "--json").objects(), "after"))
                .containsExactly("3.00");
        assertThat(run("history", "odd/a", "--cell", "b:c").lines().get(0)).startsWith("odd/a --cell b:c, BALANCE");
    }

    @Test
    void aCellThatIsNotThereIsNotFound() {
        Result history = run("history", "retainer/42:nothing");
        assertThat(history.code()).isEqualTo(1);
        assertThat(history.err()).contains("there is no cell nothing in account retainer/42");
    }

    @Test
    void aReceiptIsShownWithItsEntries() {
        Result receipt = run("receipt", "fee-1", "--scope", "shop");
        assertThat(receipt.code()).isZero();
        assertThat(receipt.lines().get(0)).startsWith("fee-1 --scope shop: applied at 2");
        assertThat(receipt.out()).contains("invoice/7", "by hand", "retainer/42:available", "-150.00 = 850.00 SAR");
        JsonNode json = run("receipt", "fee-1", "--scope", "shop", "--json").object();
        assertThat(json.get("outcome").asText()).isEqualTo("APPLIED");
        assertThat(json.get("entries")).hasSize(3);
        assertThat(json.get("entries").get(0).get("delta").asText()).isEqualTo("-150.00");
        assertThat(json.get("reverses").isNull()).isTrue();
        JsonNode reversal = run("receipt", "refund-1", "--json").object();
        assertThat(reversal.get("reverses").get("key").asText()).isEqualTo("fee-1");
    }

    @Test
    void aRefusalIsShownWithWhatWasObserved() {
        Result refusal = run("receipt", "too-much");
        assertThat(refusal.code()).isEqualTo(1);
        assertThat(refusal.err()).isEmpty();
        assertThat(refusal.out())
                .contains("BELOW_MINIMUM", "it was 1000.00 and would have become -0.01, the limit is 0");
        JsonNode json = run("receipt", "too-much", "--json").object();
        assertThat(json.get("outcome").asText()).isEqualTo("REJECTED");
        assertThat(json.get("reason").asText()).isEqualTo("BELOW_MINIMUM");
        assertThat(json.get("observed").asText()).isEqualTo("1000.00");
        assertThat(json.get("decidedBy").get("key").asText()).isEqualTo("refund-1");
    }

    @Test
    void aKeyWithoutADecisionIsNotDecidedYet() {
        Result none = run("receipt", "nobody");
        assertThat(none.code()).isEqualTo(1);
        assertThat(none.out())
                .startsWith("nobody: not decided yet")
                .contains("A commit may be on its way", "unless somebody deleted the decision: verify first")
                .doesNotContain("nothing was applied");
        assertThat(run("receipt", "nobody", "--json").object().get("decided").asBoolean())
                .isFalse();
    }
}
