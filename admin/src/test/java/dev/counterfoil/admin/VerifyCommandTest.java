package dev.counterfoil.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.counterfoil.Verification;
import dev.counterfoil.admin.Command.Result;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Books that somebody changed by plain SQL. */
class VerifyCommandTest extends OnTestBooks {
    private static final String DAMAGE = "UPDATE counterfoil_cell SET amount = '999.00'"
            + " WHERE namespace = '' AND account_kind = 'retainer' AND name = 'available'";

    @Test
    void soundBooksAreExitCode0() {
        Result result = run("verify");
        assertThat(result.code()).as(result.err() + result.out()).isZero();
        assertThat(result.lines()).hasSize(1).first().asString().endsWith("7 cells, 13 entries, 7 decisions: sound");
        assertThat(result.err()).isEmpty();
        JsonNode json = run("verify", "--json").object();
        assertThat(json.get("sound").asBoolean()).isTrue();
        assertThat(json.get("cells").asLong()).isEqualTo(7);
        assertThat(json.get("findings").asLong()).isZero();
    }

    @Test
    void aChangedAmountIsFoundAndExitCode1() throws Exception {
        TestBooks.sql(url, DAMAGE);
        Result result = run("verify");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.lines()).hasSize(2);
        assertThat(result.lines().get(0))
                .startsWith("CELL_DIFFERS  retainer/42:available")
                .contains("1000.00", "999.00");
        assertThat(result.lines().get(1)).endsWith("1 finding");
        List<JsonNode> json = run("verify", "--json").objects();
        assertThat(json.get(0).get("record").asText()).isEqualTo("finding");
        assertThat(json.get(0).get("type").asText()).isEqualTo("CELL_DIFFERS");
        assertThat(json.get(0).get("cell").asText()).isEqualTo("available");
        assertThat(json.get(0).has("correctable")).isFalse();
        assertThat(json.get(1).get("record").asText()).isEqualTo("verification");
        assertThat(json.get(1).get("sound").asBoolean()).isFalse();
    }

    @Test
    void onlyWhatWasAskedForIsLookedAt() throws Exception {
        TestBooks.sql(url, DAMAGE);
        assertThat(run("verify", "--kind", "odd").code()).isZero();
        assertThat(run("verify", "--kind", "retainer", "--id-prefix", "4").code())
                .isEqualTo(1);
        assertThat(run("verify", "--namespace", "tenant-7").code()).isZero();
        assertThat(run("verify", "--id-prefix", "4").code()).isEqualTo(2);
    }

    @Test
    void whereNothingWasLookedAtNothingIsSaidToBeSound() {
        Result kind = run("verify", "--kind", "nix");
        assertThat(kind.code()).isEqualTo(1);
        assertThat(kind.out()).isEmpty();
        assertThat(kind.err().lines())
                .containsExactly("counterfoil-admin verify: nothing was verified: no cell of kind \"nix\" in the"
                        + " namespace \"\"");
        Result namespace = run("verify", "--namespace", "nix", "--json");
        assertThat(namespace.code()).isEqualTo(1);
        assertThat(namespace.out()).isEmpty();
        assertThat(namespace.err()).contains("no cell in the namespace \"nix\"");
        Result prefix = run("verify", "--kind", "retainer", "--id-prefix", "43");
        assertThat(prefix.code()).isEqualTo(1);
        assertThat(prefix.err()).contains("no cell of kind \"retainer\" with an id that begins \"43\"");
        assertThat(run("verify", "--since-last", "--kind", "nix").code()).isEqualTo(1);
        assertThat(run("verify", "--since-last").code()).isZero();
        assertThat(run("verify", "--since-last").code()).isZero();
    }

    @Test
    void sinceLastGoesOnWhereTheLastRunEnded() {
        assertThat(run("verify", "--since-last", "--json")
                        .object()
                        .get("entries")
                        .asLong())
                .isEqualTo(13);
        assertThat(run("verify", "--since-last", "--json")
                        .object()
                        .get("entries")
                        .asLong())
                .isZero();
    }

    @Test
    void onATerminalThereIsABarWhichIsGoneInTheEnd() {
        Result result = new Command("--url", url).shown().run("verify");
        assertThat(result.code()).isZero();
        assertThat(result.lines()).hasSize(1);
        assertThat(result.err()).startsWith("\r[").endsWith("\r");
    }

    @Test
    void progressIsABarOrALineNowAndThen() {
        Verification half = new Verification(1000, 500, 12_345, 0, 0, 0, List.of());
        StringWriter bar = new StringWriter();
        Progress onTerminal = new Progress(new PrintWriter(bar), true, () -> 0);
        onTerminal.show(half);
        onTerminal.clear();
        assertThat(bar.toString())
                .startsWith("\r[##########..........] 500 of 1,000 cells, 12,345 entries, 0 decisions, 0 findings\r ")
                .endsWith(" \r");
        AtomicLong nanos = new AtomicLong();
        StringWriter lines = new StringWriter();
        Progress inALog = new Progress(new PrintWriter(lines), false, nanos::get);
        for (int second = 0; second <= 60; second++) {
            nanos.set(Duration.ofSeconds(second).toNanos());
            inALog.show(half);
        }
        inALog.clear();
        assertThat(lines.toString().lines()).hasSize(2).allMatch(line -> line.startsWith("500 of 1,000 cells"));
    }
}
