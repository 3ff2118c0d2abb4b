package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.KeyReused;
import dev.counterfoil.Ledger;
import dev.counterfoil.NotAppliedException;
import dev.counterfoil.Outcome;
import dev.counterfoil.Reason;
import dev.counterfoil.RegisterId;
import dev.counterfoil.Rejected;
import dev.counterfoil.Update;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** PostgreSQL under maintenance, with settings of its operator's, and over a narrow network. */
@Timeout(120)
class PostgresUnkindTest {
    private PostgresBooks books;

    @BeforeEach
    void open() throws SQLException {
        books = new PostgresBooks();
    }

    @AfterEach
    void close() throws SQLException {
        books.close();
    }

    /** The server answers the first statement with more than the network holds, while the driver still sends the last. */
    @Test
    void aGroupOfManyLargeCellsIsAnsweredThroughSmallBuffers() throws Exception {
        Ledger wide = books.ledger();
        List<RegisterId> large = registers("large", 80);
        String value = "x".repeat(60 * 1024);
        Update.Builder opening = Update.of("opening");
        large.forEach(cell -> opening.open(cell, value));
        wide.apply(opening.build()).orThrow();
        Ledger narrow = books.ledger(
                new Stage(),
                books.pool(1, Map.of("sendBufferSize", "16384", "receiveBufferSize", "16384")),
                Duration.ofSeconds(10));
        Update.Builder update = Update.of("many");
        large.forEach(update::requireOpen);
        registers("missing", 900).forEach(update::requireOpen);
        Future<Outcome> call = books.begin(() -> narrow.apply(update.build()));
        assertThat(((Rejected) PostgresBooks.get(call)).reason()).isEqualTo(Reason.NOT_FOUND);
    }

    private static List<RegisterId> registers(String kind, int count) {
        List<RegisterId> cells = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            cells.add(AccountId.of(kind, "0".repeat(250) + i).register("state" + "0".repeat(50)));
        }
        return cells;
    }

    /** Meanwhile the old index still counts, under another name and before the new one. */
    @Test
    void keysMeetAsEverWhileTheirIndexIsRebuilt() throws Exception {
        JdbcLedger ledger = books.ledger();
        ledger.apply(PostgresBooks.opening("a", "b", "c")).orThrow();
        Connection reader = books.stranger();
        reader.setAutoCommit(false);
        PostgresBooks.run(reader, "LOCK TABLE " + books.table("decision") + " IN ACCESS SHARE MODE");
        Connection operator = books.stranger();
        Future<Void> rebuilt = books.begin(() -> {
            PostgresBooks.run(operator, "REINDEX INDEX CONCURRENTLY " + books.table("decision_key"));
            return null;
        });
        books.await(() -> books.query("SELECT phase FROM pg_stat_progress_create_index")
                .contains("waiting for readers before marking dead"));

        Connection caller = books.stranger();
        caller.setAutoCommit(false);
        ledger.in(caller).post(take("same", "a"));
        long before = books.blocked();
        Future<Outcome> second = books.begin(() -> ledger.apply(take("same", "b")));
        books.awaitBlocked((int) before + 1);
        caller.commit();
        assertThat(PostgresBooks.get(second)).isInstanceOf(KeyReused.class);
        reader.rollback();
        PostgresBooks.get(rebuilt);
        books.assertSound();
    }

    /** A driver that gives up does not tell the server, where the session would wait on, one for each read. */
    @Test
    void readersThatGaveUpLeaveNoSessionBehindThatWaits() throws SQLException {
        books.ledger().apply(PostgresBooks.opening("a")).orThrow();
        Ledger hasty = books.ledger(new Stage(), books.pool(1), Duration.ofMillis(300));
        Connection operator = books.stranger();
        operator.setAutoCommit(false);
        PostgresBooks.run(operator, "LOCK TABLE " + books.table("cell") + " IN ACCESS EXCLUSIVE MODE");
        assertThatThrownBy(() -> PostgresBooks.cash(hasty, "a")).isInstanceOf(NotAppliedException.class);
        books.awaitBlocked(0);
        operator.rollback();
        assertThat(PostgresBooks.cash(hasty, "a")).isEqualTo("100.00");
    }

    @Test
    void aServerThatIsSilentWhenAskedForIdsHoldsUpNobodyElse() throws Exception {
        Stage stage = new Stage();
        books.ledger().apply(PostgresBooks.opening("a", "b")).orThrow();
        Ledger ledger = books.ledger(stage);
        stage.stopsBefore(sql -> sql.contains("nextval"));
        Future<Outcome> stopped = books.begin(() -> ledger.apply(take("first", "a")));
        stage.awaitStopped();
        Future<Outcome> other = books.begin(() -> ledger.apply(take("second", "b")));
        assertThat(PostgresBooks.get(other)).isInstanceOf(Applied.class);
        stage.letGo();
        assertThat(PostgresBooks.get(stopped)).isInstanceOf(Applied.class);
        books.assertSound();
    }

    @Test
    void whatASessionIsToldForDebuggingMakesNoCommitUnknown() throws SQLException {
        Stage stage = new Stage();
        Ledger ledger =
                books.ledger(stage, books.pool(2, options("client_min_messages=debug5")), Duration.ofSeconds(10));
        ledger.apply(PostgresBooks.opening("a")).orThrow();
        assertThat(ledger.apply(take("once", "a")).orThrow().replayed()).isFalse();
        assertThat(PostgresBooks.cash(ledger, "a")).isEqualTo("99.00");
    }

    @Test
    void aTransactionThatTheServerEndsForItsLengthIsRunAgain() throws Exception {
        Stage stage = new Stage();
        Ledger ledger = books.ledger(stage, books.pool(2, options("transaction_timeout=200")), Duration.ofSeconds(15));
        ledger.apply(PostgresBooks.opening("a")).orThrow();
        Connection stranger = books.strangerHolding(PostgresBooks.cell("a"));
        Future<Outcome> call = books.begin(() -> ledger.apply(take("once", "a")));
        books.await(() -> stage.failures("25P04") > 0 || call.isDone());
        stranger.rollback();
        assertThat(PostgresBooks.get(call)).isInstanceOf(Applied.class);
        books.assertSound();
    }

    private static Map<String, String> options(String setting) {
        return Map.of("options", "-c " + setting);
    }

    private static Update take(String key, String id) {
        return Update.of(key).take(PostgresBooks.cell(id), "1.00").build();
    }
}
