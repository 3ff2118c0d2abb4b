package dev.counterfoil.jdbc;

import static dev.counterfoil.jdbc.PostgresBooks.cash;
import static dev.counterfoil.jdbc.PostgresBooks.cell;
import static dev.counterfoil.jdbc.PostgresBooks.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.Ledger;
import dev.counterfoil.Limits;
import dev.counterfoil.Outcome;
import dev.counterfoil.Reason;
import dev.counterfoil.Rejected;
import dev.counterfoil.Update;
import java.sql.SQLException;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Rule 1, the torn view of missing cells. One update changes A and opens X; another needs both and waits for A. When it gets
 * A, its statement shows A as it is now, but X as it was when the statement began: not there.
 */
@Timeout(60)
class PostgresRule1TornViewTest {
    private static final Update OPENS_X = Update.of("opens")
            .add(cell("A"), "1.00")
            .open(cell("X"), "5.00", Limits.none())
            .build();
    private static final Update NEEDS_BOTH =
            Update.of("needs").add(cell("A"), "1.00").take(cell("X"), "2.00").build();

    private PostgresBooks books;
    private Ledger other;

    @BeforeEach
    void openA() throws SQLException {
        books = new PostgresBooks();
        other = books.ledger();
        other.apply(PostgresBooks.opening("A")).orThrow();
    }

    @AfterEach
    void closeBooks() throws SQLException {
        books.close();
    }

    private static Stage withoutTheSecondLook() {
        return new Stage()
                .with(
                        "USING (namespace, account_kind, account_id, name) UNION ALL",
                        "USING (namespace, account_kind, account_id, name) WHERE false UNION ALL");
    }

    /** The update that needs both, which waited for A while X came into being. */
    private Outcome waitsForAWhileXIsOpened(Stage stage) throws Exception {
        Stage opener = new Stage().stopsBeforeCommit();
        Ledger opens = books.ledger(opener);
        Ledger needs = books.ledger(stage.patient());
        Future<Outcome> opened = books.begin(() -> opens.apply(OPENS_X));
        opener.awaitStopped();
        Future<Outcome> needed = books.begin(() -> needs.apply(NEEDS_BOTH));
        books.awaitBlocked(1);
        opener.letGo();
        get(opened).orThrow();
        return get(needed);
    }

    @Test
    void whoWaitedForOneCellSeesTheOtherThatWasOpenedMeanwhile() throws Exception {
        Stage stage = new Stage();
        Outcome outcome = waitsForAWhileXIsOpened(stage);

        assertThat(outcome.orThrow().receipt().balance(cell("X"))).isEqualTo("3.00");
        assertThat(cash(other, "A")).isEqualTo("102.00");
        assertThat(stage.sent("FOR NO KEY UPDATE"))
                .as("it saw that its view was torn, and began again")
                .isEqualTo(2);
        assertThat(stage.sent("ROLLBACK")).isPositive();
    }

    @Test
    void withoutTheSecondLookItIsRefusedForEverThoughTheCellIsThere() throws Exception {
        Outcome outcome = waitsForAWhileXIsOpened(withoutTheSecondLook());

        assertThat(outcome).isInstanceOfSatisfying(Rejected.class, no -> {
            assertThat(no.reason()).isEqualTo(Reason.NOT_FOUND);
            assertThat(no.cell()).isEqualTo(cell("X"));
        });
        assertThat(cash(other, "X")).as("it was there all the time").isEqualTo("5.00");
        assertThat(other.apply(NEEDS_BOTH)).as("and the false no is kept").isInstanceOf(Rejected.class);
    }

    @Test
    void aCellThatIsReallyMissingIsMissing() {
        assertThat(other.apply(NEEDS_BOTH))
                .isInstanceOfSatisfying(
                        Rejected.class, no -> assertThat(no.reason()).isEqualTo(Reason.NOT_FOUND));
    }
}
