package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.counterfoil.Ledger;
import dev.counterfoil.NotAppliedException;
import dev.counterfoil.Outcome;
import dev.counterfoil.Update;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rule 8: a vanished client keeps its locks, until the time-out of the idle transaction frees them. */
@Timeout(60)
class MariaDbWaitingRulesTest {
    private static final String IDLE_TIMEOUT = "SESSION idle_transaction_timeout = 5";

    /** Longer than an idle transaction keeps its locks. */
    private static final Duration LONGER = Duration.ofSeconds(7);

    private MariaDbBooks books;

    @BeforeEach
    void openCells() throws SQLException {
        books = new MariaDbBooks();
        books.ledger().apply(ServerBooks.opening("A", "B")).orThrow();
    }

    @AfterEach
    void closeBooks() throws SQLException {
        books.close();
    }

    private static Update takes(String key, String id) {
        return Update.of(key).take(ServerBooks.cell(id), "1.00").build();
    }

    /** One client takes its locks and says no more, another needs them. */
    private Future<Outcome> silent(Stage stage, String id) throws SQLException {
        stage.stopsBefore(sql -> sql.startsWith("INSERT"));
        Ledger ledger = books.ledger(stage, books.pool(2), Duration.ofSeconds(30));
        Future<Outcome> call = books.begin(() -> ledger.apply(takes("silent-" + id, id)));
        stage.awaitStopped();
        return call;
    }

    @Test
    void theLocksOfAVanishedClientAreFreeAfterAFewSecondsOfSilence() throws Exception {
        Stage vanished = new Stage();
        Stage forEver = new Stage().with(IDLE_TIMEOUT, IDLE_TIMEOUT.replace("= 5", "= 0"));
        Future<Outcome> freed = silent(vanished, "A");
        Future<Outcome> kept = silent(forEver, "B");
        Ledger waiting = books.ledger(new Stage(), books.pool(2), LONGER);
        Future<Outcome> other = books.begin(() -> waiting.apply(takes("waiting-B", "B")));

        assertThat(waiting.apply(takes("waiting-A", "A")).orThrow().replayed()).isFalse();
        assertThat(freed.isDone()).isFalse();
        assertThatThrownBy(() -> ServerBooks.get(other))
                .as("without the time-out")
                .isInstanceOf(NotAppliedException.class);

        // When it wakes, its transaction is gone; it learns that, and does it all again.
        vanished.letGo();
        forEver.letGo();
        assertThat(ServerBooks.get(freed).orThrow().replayed()).isFalse();
        assertThat(ServerBooks.get(kept).orThrow().replayed()).isFalse();
        assertThat(vanished.locksSent()).isEqualTo(2);
        assertThat(forEver.locksSent()).isEqualTo(1);
        assertThat(ServerBooks.cash(waiting, "A")).isEqualTo("98.00");
        assertThat(ServerBooks.cash(waiting, "B")).isEqualTo("99.00");
        books.assertSound();
    }

    @Test
    void aPooledSessionGoesBackWithTheTimeOutsThatItCameWith() throws SQLException {
        DataSource pool = books.pool(1, "&sessionVariables=idle_transaction_timeout=77,innodb_lock_wait_timeout=33");
        Stage careless = new Stage().with("idle_transaction_timeout = @counterfoil_idle", "auto_increment_offset = 1");
        assertThat(timeOutsAfterUse(pool, new Stage())).isEqualTo("77|33");
        assertThat(timeOutsAfterUse(pool, careless)).as("not put back").isEqualTo("5|33");
    }

    private String timeOutsAfterUse(DataSource pool, Stage stage) throws SQLException {
        Ledger ledger = books.ledger(stage, pool, Duration.ofSeconds(10));
        ledger.apply(takes("k", "A")).orThrow();
        ServerBooks.cash(ledger, "A");
        try (PlainSql sql = new PlainSql(pool.getConnection())) {
            return sql.one("SELECT @@idle_transaction_timeout, @@innodb_lock_wait_timeout");
        }
    }
}
