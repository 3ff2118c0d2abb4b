package dev.counterfoil.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EmbeddedPostgresqlTest extends EmbeddedServerContract {
    @Override
    String store() {
        return "postgresql";
    }

    @Test
    void theServerIsDurableAndGoneAfterwards() throws Exception {
        ChildJava.End end = start(ShortScenarios.class).end();
        assertThat(end.lines()).last().isEqualTo("scenarios: 8 passed, 0 failed");
        assertThat(end.exitCode()).isZero();
        assertThat(end.lines()).contains("Set there: fsync on, full_page_writes on, synchronous_commit on");
        assertThat(end.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(110));
        assertNothingIsLeft();
    }

    @Test
    void interruptedInTheMiddleOfAScenarioItLeavesNothing() throws Exception {
        ChildJava run = start(Scenarios.class);
        run.awaitLine("6   Order session");
        assertThat(processes()).isNotEmpty();

        run.interrupt();
        assertNothingIsLeft();
    }
}
