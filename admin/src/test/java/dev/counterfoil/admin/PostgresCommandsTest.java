package dev.counterfoil.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.admin.Command.Result;
import dev.counterfoil.jdbc.JdbcLedger;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The same on PostgreSQL, by an operator who may read and nothing else, and by one who may more. */
@Timeout(120)
class PostgresCommandsTest {
    private static final List<List<String>> READING = List.of(
            List.of("schema", "check"),
            List.of("show", "retainer/42"),
            List.of("accounts", "odd"),
            List.of("history", "retainer/42:available"),
            List.of("as-of", "retainer/42:available", "--version", "2"),
            List.of("trial-balance"),
            List.of("verify"),
            List.of("receipt", "fee-1", "--scope", "shop"));

    /** These lock cells, so that what was recorded is settled, or leave something behind. */
    private static final List<List<String>> LOCKING = List.of(
            List.of("as-of", "retainer/42:available", "--time", "2020-01-01T00:00:00Z"),
            List.of("statement", "retainer/42", "--month", "2020-01", "--zone", "UTC"),
            List.of("verify", "--since-last"));

    @TempDir
    static Path directory;

    private static EmbeddedPostgres server;
    private static String url;

    @BeforeAll
    static void start() throws Exception {
        server = EmbeddedPostgres.builder()
                .setDataDirectory(directory.resolve("data"))
                .setServerConfig("unix_socket_directories", "")
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .start();
        url = "jdbc:postgresql://localhost:" + server.getPort() + "/postgres";
        try (JdbcLedger ledger = JdbcLedger.builder(server.getPostgresDatabase())
                .schema("money")
                .createSchema()
                .build()) {
            TestBooks.fill(ledger);
        }
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : List.of(
                    "CREATE ROLE reader LOGIN PASSWORD 'look'",
                    "GRANT USAGE ON SCHEMA money TO reader",
                    "GRANT SELECT ON ALL TABLES IN SCHEMA money TO reader",
                    "CREATE ROLE auditor LOGIN PASSWORD 'look'",
                    "GRANT USAGE ON SCHEMA money TO auditor",
                    "GRANT SELECT ON ALL TABLES IN SCHEMA money TO auditor",
                    "GRANT UPDATE (touch) ON money.counterfoil_cell TO auditor",
                    "GRANT USAGE ON SEQUENCE money.counterfoil_cell_block, money.counterfoil_decision_block TO auditor",
                    "GRANT INSERT, UPDATE ON money.counterfoil_checkpoint TO auditor",
                    "CREATE ROLE standby LOGIN PASSWORD 'look'",
                    "GRANT auditor TO standby",
                    "ALTER ROLE standby SET default_transaction_read_only = on",
                    // Old enough to be pruned.
                    "UPDATE money.counterfoil_decision SET recorded_at = '2019-01-01Z' WHERE key = 'odd'")) {
                statement.execute(sql);
            }
        }
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private static Command as(String user) {
        return new Command("--url", url, "--user", user, "--schema", "money").with("COUNTERFOIL_PASSWORD", "look");
    }

    @Test
    void aRoleThatMayOnlySelectCanReadAll() {
        for (List<String> call : READING) {
            Result result = as("reader").run(call.toArray(String[]::new));
            assertThat(result.code()).as(call + ": " + result.err()).isZero();
            assertThat(result.err()).as(call.toString()).isEmpty();
        }
    }

    @Test
    void whatLocksOrWritesNeedsMoreAndChangesNothingWithout() {
        for (List<String> call : LOCKING) {
            Result refused = as("reader").run(call.toArray(String[]::new));
            assertThat(refused.code())
                    .as(call + ": " + refused.err() + refused.out())
                    .isEqualTo(3);
            assertThat(refused.err().lines()).hasSize(1);
            assertThat(refused.err()).contains("permission denied");
            Result auditor = as("auditor").run(call.toArray(String[]::new));
            assertThat(auditor.code()).as(call + ": " + auditor.err()).isLessThan(2);
        }
        String[] prune = {"prune", "--before", "2020-01-01T00:00:00Z", "--yes"};
        Result refused = as("auditor").run(prune);
        assertThat(refused.code()).isEqualTo(3);
        assertThat(refused.err()).contains("permission denied");
        Result owner = new Command("--url", url, "--user", "postgres", "--schema", "money").run(prune);
        assertThat(owner.out()).as(owner.err()).startsWith("1 decision lost");
    }

    @Test
    void aSessionThatIsReadOnlyIsRefused() {
        Result refused = as("standby").run("show", "retainer/42");
        assertThat(refused.code()).isEqualTo(3);
        assertThat(refused.err()).contains("read-only");
    }

    @Test
    void thePasswordComesFromAFileTheEnvironmentOrAPerson() throws Exception {
        Path file = Files.writeString(directory.resolve("password"), "look\nfurther lines are of no matter\n");
        String[] call = {"schema", "check", "--url", url, "--user", "reader", "--schema", "money"};
        assertThat(new Command("--password-file", file.toString()).run(call).code())
                .isZero();
        Command asked = new Command().answered("look");
        assertThat(asked.run(call).code()).isZero();
        assertThat(asked.questions()).containsExactly("Password of reader (empty for none): ");
        assertThat(new Command("--password-file", file + ".not").run(call).code())
                .isEqualTo(2);
        Result help = new Command().run("show", "--help");
        assertThat(help.out()).doesNotContain("--password=");
    }

    @Test
    void aServerThatIsNotThereIsAFault() {
        Result result = new Command("--url", "jdbc:postgresql://localhost:1/postgres", "--timeout", "2s")
                .run("show", "retainer/42");
        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err().lines()).hasSize(1);
    }
}
