package dev.counterfoil.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.admin.Command.Result;
import dev.counterfoil.jdbc.JdbcLedger;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same on a database that has schemas and reserves words that are columns. */
class H2CommandsTest {
    @TempDir
    Path directory;

    @Test
    void everyCommandWorksInASchemaWithAPrefix() throws Exception {
        String url = "jdbc:h2:" + directory.resolve("books");
        Command command = new Command("--url", url, "--schema", "money", "--prefix", "acme_");
        assertThat(command.run("schema", "create").code()).isZero();
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        try (HikariDataSource pool = new HikariDataSource(config);
                JdbcLedger ledger =
                        JdbcLedger.builder(pool).schema("money").prefix("acme_").build()) {
            TestBooks.fill(ledger);
        }
        for (List<String> call : List.of(
                List.of("show", "retainer/42"),
                List.of("history", "retainer/42:status"),
                List.of("as-of", "retainer/42:consumptions", "--version", "2"),
                List.of("as-of", "retainer/42:available", "--time", "2020-01-01T00:00:00Z"),
                List.of("statement", "retainer/42", "--month", "2020-01", "--zone", "UTC"),
                List.of("trial-balance"),
                List.of("receipt", "fee-1", "--scope", "shop"),
                List.of("verify"),
                List.of("prune", "--before", "2020-01-01T00:00:00Z", "--yes"))) {
            Result result = command.run(call.toArray(String[]::new));
            // What it was at a time before it was there is a no.
            assertThat(result.code()).as(call + ": " + result.err()).isEqualTo(call.contains("--time") ? 1 : 0);
        }
        TestBooks.sql(url, "UPDATE money.acme_cell SET amount = 999 WHERE name = 'available' AND namespace = ''");
        assertThat(command.run("verify").code()).isEqualTo(1);
        Result restored = command.run(
                "correct", "restore", "retainer/42:available", "--key", "mend", "--reason", "by hand", "--yes");
        assertThat(restored.code()).as(restored.err()).isZero();
        assertThat(command.run("verify").code()).isZero();
    }
}
