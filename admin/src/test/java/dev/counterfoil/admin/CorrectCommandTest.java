package dev.counterfoil.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.counterfoil.admin.Command.Result;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Damage that was planted by plain SQL is corrected, and verify then finds nothing. */
class CorrectCommandTest extends OnTestBooks {
    private static final String CELL = "retainer/42:available";
    private static final String WHERE = " WHERE namespace = '' AND account_kind = 'retainer' AND name = ";
    private static final String[] RESTORE = {
        "correct", "restore", CELL, "--key", "mend-1", "--reason", "changed by hand, ticket 7"
    };

    private void damage(String set, String name) throws Exception {
        TestBooks.sql(url, "UPDATE counterfoil_cell SET " + set + WHERE + "'" + name + "'");
        assertThat(run("verify").code()).isEqualTo(1);
    }

    private String now(String cell, String field) {
        List<JsonNode> history = run("history", cell, "--json").objects();
        return history.get(history.size() - 1).get(field).asText();
    }

    @Test
    void restoreGoesByTheEntriesAndSaysSoInTheHistory() throws Exception {
        damage("amount = '999.00'", "available");
        Command person = new Command("--url", url).answered("yes");
        Result result = person.run(RESTORE);
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out()).doesNotContain("was applied before");
        assertThat(person.questions().get(0))
                .contains("BALANCE available of account retainer/42 stands at 999.00 SAR", "what all its entries say");
        assertThat(run("verify").code()).isZero();
        assertThat(run("show", "retainer/42").out()).contains("1000.00 SAR");
        assertThat(now(CELL, "type")).isEqualTo("RESTORE");
        assertThat(now(CELL, "forced")).isEqualTo("changed by hand, ticket 7");
        Result again = new Command("--url", url, "--yes", "--json").run(RESTORE);
        assertThat(again.code()).as(again.err()).isZero();
        assertThat(again.object().get("replayed").asBoolean()).isTrue();
        assertThat(run("history", CELL, "--json").objects()).hasSize(4);
    }

    @Test
    void aRepeatedCorrectionSaysThatItWasAppliedBefore() throws Exception {
        damage("amount = '999.00'", "available");
        Command yes = new Command("--url", url, "--yes");
        assertThat(yes.run(RESTORE).code()).isZero();
        Result again = yes.run(RESTORE);
        assertThat(again.code()).isZero();
        assertThat(again.lines().get(0)).isEqualTo("mend-1: was applied before, nothing was changed now");
        assertThat(again.lines().get(1)).startsWith("mend-1: applied at 2");
    }

    @Test
    void whatIsWrongWithTheCellIsShownBeforeItIsDone() throws Exception {
        damage("amount = '999.00'", "available");
        TestBooks.sql(
                url, "UPDATE counterfoil_cell SET amount = '9.00'" + WHERE.replace("retainer", "office") + "'fees'");
        String finding = "CELL_DIFFERS  retainer/42:available  expected amount 1000.00, observed amount 999.00";
        Result no = new Command("--url", url).answered("no").run(RESTORE);
        assertThat(no.err().lines())
                .containsExactly(finding, "counterfoil-admin correct restore: not confirmed; nothing was changed");
        Result json = new Command("--url", url, "--yes", "--json").run(RESTORE);
        assertThat(json.err().lines()).containsExactly(finding);
        assertThat(json.object().get("record").asText()).isEqualTo("decision");
    }

    @Test
    void acceptingWithoutCauseIsSaidToBeSetting() {
        String[] accept = {"correct", "accept", CELL, "-5.00", "--key", "set-1", "--reason", "counted", "--yes"};
        Result result = run(accept);
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err().lines())
                .containsExactly("nothing is wrong with this cell; this sets it, and passes its limits");
        assertThat(now(CELL, "after")).isEqualTo("-5.00");
        assertThat(run(accept).err()).isEmpty();
    }

    @Test
    void anAmountThatIsNoNumberIsRestoredToo() throws Exception {
        damage("amount = 'a lot'", "available");
        Result result = new Command("--url", url, "--yes").run(RESTORE);
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(run("verify").code()).isZero();
        assertThat(run("show", "retainer/42").out()).contains("1000.00 SAR");
    }

    @Test
    void acceptGoesByTheWorld() throws Exception {
        damage("amount = '999.00'", "available");
        Result result = run("correct", "accept", CELL, "-5.00", "--key", "mend-2", "--reason", "counted", "--yes");
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(run("verify").code()).isZero();
        assertThat(now(CELL, "type")).isEqualTo("ACCEPT");
        assertThat(now(CELL, "after")).isEqualTo("-5.00");
        assertThat(now(CELL, "delta")).isEqualTo("-1005.00");
    }

    @Test
    void aRegisterIsAcceptedToo() throws Exception {
        damage("value = 'BROKEN'", "status");
        Command person = new Command("--url", url).answered("y");
        Result result = person.run(
                "correct", "accept", "--key", "m", "--reason", "asked", "--", "retainer/42:status", "-CLOSED");
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(person.questions().get(0)).contains("'BROKEN'", "'-CLOSED'");
        assertThat(run("verify").code()).isZero();
        assertThat(now("retainer/42:status", "value")).isEqualTo("-CLOSED");
    }

    @Test
    void withoutAConfirmationNothingIsChanged() throws Exception {
        damage("amount = '999.00'", "available");
        assertThat(run(RESTORE).code()).isEqualTo(2);
        Result no = new Command("--url", url).answered("").run(RESTORE);
        assertThat(no.code()).isEqualTo(1);
        assertThat(no.err()).contains("nothing was changed");
        assertThat(run("receipt", "mend-1").code()).isEqualTo(1);
        assertThat(run("history", CELL, "--json").objects()).hasSize(3);
    }

    @Test
    void whatIsNotDamagedIsNotCorrected() {
        Result result = new Command("--url", url, "--yes").run(RESTORE);
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err().lines()).hasSize(1);
        assertThat(result.err()).contains("not corrected");
        assertThat(run("history", CELL, "--json").objects()).hasSize(3);
    }

    @Test
    void aKeyOfSomethingElseIsRefused() throws Exception {
        damage("amount = '999.00'", "available");
        Result result = run("correct", "restore", CELL, "--key", "open-42", "--reason", "r", "--yes");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains("something else");
        assertThat(run("verify").code()).isEqualTo(1);
    }

    @Test
    void wrongCallsChangeNothing() {
        for (List<String> wrong : List.of(
                List.of("correct"),
                List.of("correct", "restore", CELL, "--key", "k", "--yes"),
                List.of("correct", "restore", CELL, "--reason", "r", "--yes"),
                List.of("correct", "restore", CELL, "--key", "k", "--reason", " ", "--yes"),
                List.of("correct", "accept", CELL, "--key", "k", "--reason", "r", "--yes"),
                List.of("correct", "accept", CELL, "1.001", "--key", "k", "--reason", "r", "--yes"),
                List.of("correct", "accept", CELL, "much", "--key", "k", "--reason", "r", "--yes"),
                List.of("correct", "accept", CELL, "--yess", "--key", "k", "--reason", "r"),
                List.of("correct", "accept", CELL, "1.00", "--key", "k", "--reason", "r", "--yess"),
                List.of(
                        "correct",
                        "accept",
                        "retainer/42:consumptions",
                        "1",
                        "--key",
                        "k",
                        "--reason",
                        "r",
                        "--yes"))) {
            Result result = run(wrong.toArray(String[]::new));
            assertThat(result.code()).as(wrong + ": " + result.err()).isEqualTo(2);
            assertThat(result.err().lines()).as(wrong.toString()).hasSize(1);
        }
        Result none = run("correct", "restore", "retainer/42:none", "--key", "k", "--reason", "r", "--yes");
        assertThat(none.code()).isEqualTo(1);
        assertThat(run("verify").code()).isZero();
    }
}
