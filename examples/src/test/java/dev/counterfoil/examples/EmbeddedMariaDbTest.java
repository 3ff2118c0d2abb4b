package dev.counterfoil.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A start unpacks a third of a gigabyte: the other ends of a run are tried on PostgreSQL, and in {@code .ci/run}. */
class EmbeddedMariaDbTest extends EmbeddedServerContract {
    @Override
    String store() {
        return "mariadb";
    }

    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void killedInTheMiddleOfAScenarioItLeavesNoServer() throws Exception {
        ChildJava run = start(Scenarios.class);
        run.awaitLine("1   Retainer");
        assertThat(processes()).isNotEmpty();
        run.kill();
        // The server follows; the time-out of the test ends a wait in vain.
        while (!processes().isEmpty()) {
            Thread.sleep(5);
        }
    }
}
