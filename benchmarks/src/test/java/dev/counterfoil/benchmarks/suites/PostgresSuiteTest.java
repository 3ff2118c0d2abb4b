package dev.counterfoil.benchmarks.suites;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.benchmarks.load.Draw;
import dev.counterfoil.benchmarks.load.Load;
import dev.counterfoil.benchmarks.report.Results;
import dev.counterfoil.benchmarks.servers.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The peers do what they are said to do: their books are right on few accounts that all callers want. */
class PostgresSuiteTest {
    @Test
    void theBooksOfAllContendersAreRight(@TempDir Path directory) throws Exception {
        Results results = new Results();
        Run run = new Run(Plan.trial(), directory, results, new Progress(System.out));
        Load load = Load.closed(Draw.zipf(10), 8, Duration.ofMillis(100), Duration.ofMillis(300));
        try (PostgresServer server = new PostgresServer(directory)) {
            List<Measured> all = new Comparison("PostgreSQL", "8 callers", run)
                    .run(() -> new PostgresGround(server), PostgresSuite.ALL, unused -> 4, load);

            assertThat(results.faults()).isEmpty();
            assertThat(all)
                    .hasSameSizeAs(PostgresSuite.ALL)
                    .allSatisfy(one -> assertThat(one.tally().applied())
                            .as(one.contender().name())
                            .isPositive());
        }
    }
}
