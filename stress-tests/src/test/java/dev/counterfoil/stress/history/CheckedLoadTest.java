package dev.counterfoil.stress.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.Ledger;
import dev.counterfoil.memory.MemoryLedger;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The library itself under the random load: the checker finds nothing. */
class CheckedLoadTest {
    @TempDir
    Path directory;

    @Test
    void theMemoryStoreKeepsItsPromises() throws Exception {
        try (Ledger ledger = MemoryLedger.create()) {
            CheckedRun run = CheckedRun.of(
                    "memory", ledger, directory, 6, Integer.getInteger("counterfoil.stress.calls", 6_000));
            assertThat(run.findings()).isEmpty();
            run.assertThatItMetEverything();
        }
    }

    @ParameterizedTest
    @EnumSource
    void sqliteKeepsItsPromises(Commits commits) throws Exception {
        String url = "jdbc:sqlite:" + directory.resolve("books.db");
        try (OpenLedger sqlite = OpenLedger.of(url, 6, Duration.ofSeconds(10), commits)) {
            CheckedRun run = CheckedRun.of("sqlite, " + commits, sqlite.ledger(), directory, 6, 400);
            assertThat(run.findings()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void h2KeepsItsPromises(Commits commits) throws Exception {
        try (OpenLedger h2 = OpenLedger.of("jdbc:h2:mem:books", 6, Duration.ofSeconds(10), commits)) {
            CheckedRun run = CheckedRun.of("h2, " + commits, h2.ledger(), directory, 6, 200);
            assertThat(run.findings()).isEmpty();
        }
    }
}
