package dev.counterfoil.jdbc;

import static dev.counterfoil.jdbc.ServerBooks.cash;
import static dev.counterfoil.jdbc.ServerBooks.cell;
import static dev.counterfoil.jdbc.ServerBooks.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.BalanceId;
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
 * A, its statement shows A as it is now, but X as it was when the statement began, or looked for X: not there.
 */
@Timeout(60)
abstract class Rule1TornViewContract {
    /** Before A in the order of locks, for MariaDB looks at one after the other. */
    private static final BalanceId X = cell("0");

    private static final Update OPENS_X = Update.of("opens")
            .add(cell("A"), "1.00")
            .open(X, "5.00", Limits.none())
            .build();
    private static final Update NEEDS_BOTH =
            Update.of("needs").add(cell("A"), "1.00").take(X, "2.00").build();

    /** New books. */
    abstract ServerBooks books() throws SQLException;

    private ServerBooks books;
    private Ledger other;

    @BeforeEach
    void openA() throws SQLException {
        books = books();
        other = books.ledger();
        other.apply(ServerBooks.opening("A")).orThrow();
    }

    @AfterEach
    void closeBooks() throws SQLException {
        books.close();
    }

    /** The update that needs both, which waited for A while X came into being. */
    private Outcome waitsForAWhileXIsOpened(Stage stage) throws Exception {
        Stage opener = new Stage().stopsBefore(sql -> sql.contains("INSERT INTO"));
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

        assertThat(outcome.orThrow().receipt().balance(X)).isEqualTo("3.00");
        assertThat(cash(other, "A")).isEqualTo("102.00");
        assertThat(stage.locksSent())
                .as("it saw that its view was torn, and began again")
                .isEqualTo(2);
        assertThat(stage.sent("ROLLBACK")).isPositive();
    }

    @Test
    void withoutTheSecondLookItIsRefusedForEverThoughTheCellIsThere() throws Exception {
        Outcome outcome = waitsForAWhileXIsOpened(new Stage().withoutTheSecondLook());

        assertThat(outcome).isInstanceOfSatisfying(Rejected.class, no -> {
            assertThat(no.reason()).isEqualTo(Reason.NOT_FOUND);
            assertThat(no.cell()).isEqualTo(X);
        });
        assertThat(cash(other, "0")).as("it was there all the time").isEqualTo("5.00");
        assertThat(other.apply(NEEDS_BOTH)).as("and the false no is kept").isInstanceOf(Rejected.class);
    }

    @Test
    void aCellThatIsReallyMissingIsMissing() {
        assertThat(other.apply(NEEDS_BOTH))
                .isInstanceOfSatisfying(
                        Rejected.class, no -> assertThat(no.reason()).isEqualTo(Reason.NOT_FOUND));
    }
}
