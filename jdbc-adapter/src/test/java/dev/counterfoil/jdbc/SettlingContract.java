package dev.counterfoil.jdbc;

import static dev.counterfoil.jdbc.ServerBooks.cell;
import static dev.counterfoil.jdbc.ServerBooks.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.counterfoil.BalanceId;
import dev.counterfoil.Ledger;
import dev.counterfoil.NotAppliedException;
import dev.counterfoil.Outcome;
import dev.counterfoil.Past;
import dev.counterfoil.Period;
import dev.counterfoil.Statement;
import dev.counterfoil.Update;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The past is settled behind locks. An update reads its clock, and is seen by others only when it has committed: who asks in
 * between for a time behind that clock has to wait for it.
 */
@Timeout(60)
abstract class SettlingContract {
    private static final BalanceId A = cell("A");
    private static final BalanceId B = cell("B");

    /** New books. */
    abstract ServerBooks books() throws SQLException;

    private ServerBooks books;
    private Ledger other;

    @BeforeEach
    void openCells() throws SQLException {
        books = books();
        other = books.ledger();
        other.apply(ServerBooks.opening("A", "B")).orThrow();
    }

    @AfterEach
    void closeBooks() throws SQLException {
        books.close();
    }

    /** An update that has read its clock and written, and has not committed. */
    private Future<Outcome> uncommitted(Stage stage) throws SQLException {
        Ledger writer = books.ledger(stage.stopsBeforeCommit());
        Future<Outcome> update = books.begin(
                () -> writer.apply(Update.of("moved").transfer(A, B, "5.00").build()));
        stage.awaitStopped();
        return update;
    }

    /** The server's clock, by a read that locks nothing. */
    private Instant now() {
        return other.trialBalance().asOf();
    }

    private static Instant recordedAt(Future<Outcome> update) throws Exception {
        return get(update).orThrow().receipt().recordedAt();
    }

    @Test
    void anUpdateThatHasItsTimeAndHasNotCommittedIsWaitedFor() throws Exception {
        Stage stage = new Stage();
        Future<Outcome> update = uncommitted(stage);
        Instant time = now();
        Ledger patient = books.ledger(new Stage().patient());
        Future<Past> asked = books.begin(() -> patient.asOf(time, A, B));
        books.awaitBlocked(1);
        stage.letGo();

        assertThat(recordedAt(update)).isBefore(time);
        assertThat(get(asked).balance(A)).isEqualTo("95.00");
        assertThat(get(asked).balance(B)).isEqualTo("105.00");
    }

    @Test
    void withoutTheLockTheAnswerLacksIt() throws Exception {
        Stage stage = new Stage();
        Future<Outcome> update = uncommitted(stage);
        Instant time = now();
        Stage unlocked = new Stage().changed(sql -> sql.replaceAll(" FOR (NO KEY )?UPDATE( OF c)?", ""));
        Past wrong = books.ledger(unlocked).asOf(time, A, B);
        stage.letGo();

        assertThat(recordedAt(update)).isBefore(time);
        assertThat(wrong.balance(A)).as("answered").isEqualTo("100.00");
        assertThat(other.asOf(time, A, B).balance(A)).as("and what it was").isEqualTo("95.00");
    }

    @Test
    void aStatementWaitsLikewise() throws Exception {
        Stage stage = new Stage();
        Future<Outcome> update = uncommitted(stage);
        Period period = Period.of(Instant.EPOCH, now());
        Ledger patient = books.ledger(new Stage().patient());
        Future<List<Statement>> asked = books.begin(() -> patient.statement(A.account(), period, entry -> {}));
        books.awaitBlocked(1);
        stage.letGo();

        assertThat(recordedAt(update)).isBefore(period.to());
        assertThat(get(asked)).extracting(Statement::closing).containsExactly(new BigDecimal("95.00"));
    }

    @Test
    void aLockThatDoesNotComeIsSaid() throws Exception {
        Ledger hasty = books.ledger(new Stage(), books.pool(2), Duration.ofMillis(1500));
        Connection stranger = books.strangerHolding(B);
        assertThatThrownBy(() -> hasty.asOf(Instant.EPOCH, A, B))
                .isInstanceOf(NotAppliedException.class)
                .hasMessageContaining("the locks of the cells did not come in time");
        // What is not asked for is not waited for, and what is left behind holds nothing.
        assertThat(hasty.asOf(Instant.EPOCH, A).find(A)).isEmpty();
        stranger.rollback();
        assertThat(hasty.asOf(now().minusMillis(1), A, B).balance(B)).isEqualTo("100.00");
        other.apply(Update.of("free").transfer(A, B, "1.00").build()).orThrow();
    }

    /** Rule 12: money that moves between two statements is counted twice, or not at all. */
    @Test
    void aTotalIsOneStatementAndWaversWhereItIsTwo() throws Exception {
        Stage stage = new Stage();
        Ledger watched = books.ledger(stage);
        assertThat(watched.trialBalance().total(ServerBooks.SAR)).isEqualTo("200.00");
        assertThat(stage.sent("sum(amount)")).isEqualTo(1);

        var first = watched.trialBalance("account", "A").total(ServerBooks.SAR);
        other.apply(Update.of("between").transfer(A, B, "5.00").build()).orThrow();
        var second = watched.trialBalance("account", "B").total(ServerBooks.SAR);
        assertThat(first.add(second)).as("of two chunks").isEqualTo("205.00");
        assertThat(watched.trialBalance("account", "").total(ServerBooks.SAR)).isEqualTo("200.00");
    }
}
