package dev.counterfoil.stress.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.Ledger;
import dev.counterfoil.jdbc.JdbcLedger;
import dev.counterfoil.memory.MemoryLedger;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    @Test
    void sqliteKeepsItsPromises() throws Exception {
        try (Ledger ledger = JdbcLedger.open("jdbc:sqlite:" + directory.resolve("books.db"))) {
            CheckedRun run = CheckedRun.of("sqlite", ledger, directory, 6, 800);
            assertThat(run.findings()).isEmpty();
        }
    }

    @Test
    void h2KeepsItsPromises() throws Exception {
        try (OpenLedger h2 = OpenLedger.of("jdbc:h2:mem:books", 6, Duration.ofSeconds(10))) {
            CheckedRun run = CheckedRun.of("h2", h2.ledger(), directory, 6, 400);
            assertThat(run.findings()).isEmpty();
        }
    }
}
