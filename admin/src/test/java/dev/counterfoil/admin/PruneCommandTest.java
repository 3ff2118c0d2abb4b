package dev.counterfoil.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.counterfoil.admin.Command.Result;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Decisions lose their details, when somebody has confirmed it. */
class PruneCommandTest extends OnTestBooks {
    private boolean pruned(String key) {
        JsonNode decision = run("receipt", key, "--json").object();
        return decision.get("pruned").asBoolean();
    }

    @Test
    void withoutAConfirmationNothingIsPruned() {
        Result nobody = run("prune", "--before", "2000-01-01T00:00:00Z");
        assertThat(nobody.code()).isEqualTo(2);
        assertThat(nobody.err()).contains("--yes");
        Command reluctant = new Command("--url", url, "--timeout", "500ms").answered("no");
        Result no = reluctant.run("prune", "--before", Instant.now().toString());
        assertThat(no.code()).isEqualTo(1);
        assertThat(no.err()).contains("nothing was changed");
        assertThat(reluctant.questions()).hasSize(1).first().asString().contains("do not come back");
        assertThat(pruned("open-42")).isFalse();
        Command gone = new Command("--url", url).answered();
        assertThat(gone.run("prune", "--before", "2000-01-01T00:00:00Z").code()).isEqualTo(1);
    }

    @Test
    void whatIsOlderLosesItsDetails() throws Exception {
        // As old as it has to be for that, without waiting.
        TestBooks.sql(
                url,
                "DROP TRIGGER counterfoil_decision_no_update",
                "UPDATE counterfoil_decision SET recorded_at = '2020-01-01T00:00:00.000000Z' WHERE key IN ('open-42', 'too-much')");
        assertThat(pruned("too-much")).isFalse();
        Result yes = new Command("--url", url).answered("y").run("prune", "--before", "2021-01-01T00:00:00Z");
        assertThat(yes.code()).as(yes.err()).isZero();
        assertThat(yes.out()).startsWith("2 decisions lost their details");
        assertThat(pruned("open-42")).isTrue();
        assertThat(pruned("too-much")).isTrue();
        assertThat(pruned("refund-1")).isFalse();
        Result again = run("prune", "--before", "2021-01-01T00:00:00Z", "--yes", "--json");
        assertThat(again.object().get("decisions").asLong()).isZero();
        assertThat(run("receipt", "too-much").out()).contains("details were pruned");
    }

    @Test
    void aTimeThatIsTooLateIsRefused() {
        Result late = run("prune", "--before", "2999-01-01T00:00:00Z", "--yes");
        assertThat(late.code()).isEqualTo(2);
        assertThat(late.err().lines()).hasSize(1);
        assertThat(pruned("open-42")).isFalse();
    }
}
