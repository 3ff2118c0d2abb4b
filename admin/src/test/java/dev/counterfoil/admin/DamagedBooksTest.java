package dev.counterfoil.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.counterfoil.admin.Command.Result;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the commands that read say of books that somebody has damaged. */
class DamagedBooksTest extends OnTestBooks {
    private static final String CELL = "retainer/42:available";

    private void delete(String key) throws Exception {
        TestBooks.sql(
                url,
                "DROP TRIGGER IF EXISTS counterfoil_decision_no_delete",
                "DELETE FROM counterfoil_decision WHERE namespace = '' AND key = '" + key + "'");
    }

    @Test
    void historySaysThatAnEntryIsNotListed() throws Exception {
        assertThat(run("history", CELL).err()).isEmpty();
        delete("fee-1");
        for (String[] call :
                List.of(new String[] {"history", CELL}, new String[] {"history", CELL, "--json", "--after", "1"})) {
            Result history = run(call);
            assertThat(history.code()).isEqualTo(1);
            assertThat(history.out()).contains("refund-1").doesNotContain("fee-1");
            assertThat(history.err().lines())
                    .containsExactly("entry 2 is not listed: it or its decision is damaged or gone; run verify");
        }
        assertThat(run("history", CELL, "--after", "2").code()).isZero();
        assertThat(run("history", CELL, "--key", "refund-1").code()).isZero();
        assertThat(run("history", CELL, "--type", "open").code()).isZero();
        Result limited = run("history", CELL, "--limit", "1");
        assertThat(limited.code()).isZero();
        assertThat(limited.err()).startsWith("There are more");
    }

    @Test
    void historySaysThatItDoesNotReachTheVersion() throws Exception {
        delete("fee-1");
        delete("refund-1");
        Result history = run("history", CELL);
        assertThat(history.code()).isEqualTo(1);
        assertThat(history.err())
                .startsWith("2 entries are not listed, the first is 2: they or their decisions are damaged or gone");
        assertThat(run("history", CELL, "--after", "7").code()).isZero();
    }

    @Test
    void aRowThatCannotBeReadIsAMatterForVerify() throws Exception {
        List<JsonNode> entries = run("history", CELL, "--json").objects();
        String last = entries.get(2).get("recordedAt").asText();
        TestBooks.sql(
                url,
                "UPDATE counterfoil_cell SET amount = 'a lot' WHERE name = 'available'",
                "DROP TRIGGER counterfoil_entry_no_update",
                "UPDATE counterfoil_entry SET amount = 'a lot' WHERE sequence = 2");
        for (String[] call : List.of(
                new String[] {"show", "retainer/42"},
                new String[] {"history", CELL},
                new String[] {"as-of", CELL, "--version", "2"},
                new String[] {"statement", "retainer/42", "--from", "2020-01-01T00:00:00Z", "--to", last},
                new String[] {"trial-balance"})) {
            Result result = run(call);
            assertThat(result.code()).as(result.out() + result.err()).isEqualTo(3);
            assertThat(result.err().lines()).hasSize(1);
            assertThat(result.err().strip())
                    .startsWith("counterfoil-admin " + call[0] + ": ")
                    .doesNotContain("nothing was changed")
                    .endsWith("; run verify, which says what is wrong and where");
        }
    }
}
