package dev.counterfoil.jdbc;

import static dev.counterfoil.jdbc.PostgresBooks.cash;
import static dev.counterfoil.jdbc.PostgresBooks.cell;
import static dev.counterfoil.jdbc.PostgresBooks.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.counterfoil.Applied;
import dev.counterfoil.BatchException;
import dev.counterfoil.Fate;
import dev.counterfoil.Ledger;
import dev.counterfoil.Limits;
import dev.counterfoil.Outcome;
import dev.counterfoil.Update;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Parked for what nobody can see yet: somebody's transaction has opened a cell, taken a key or a reference, and does not
 * commit. There is no row to skip, only an insert that waits, and nobody else's update waits with it.
 */
@Timeout(60)
class PostgresParkedOpeningTest {
    private static final Update OPENS = Update.of("k")
            .open(cell("X"), "5.00", Limits.none())
            .reference("invoice/1")
            .build();

    private PostgresBooks books;
    private JdbcLedger other;
    private Connection stranger;

    @BeforeEach
    void openCells() throws SQLException {
        books = new PostgresBooks();
        other = books.ledger();
        other.apply(PostgresBooks.opening("A", "B")).orThrow();
        stranger = books.stranger();
        stranger.setAutoCommit(false);
        other.in(stranger).post(OPENS);
    }

    @AfterEach
    void closeBooks() throws SQLException {
        books.close();
    }

    /** What it has in common with the transaction that does not commit. */
    enum Shared {
        CELL,
        KEY,
        REFERENCE
    }

    private static Update waits(Shared shared) {
        return switch (shared) {
            case CELL -> Update.of("k-2").openIfAbsent(cell("X")).build();
            case KEY -> Update.of("k").add(cell("A"), "1.00").build();
            case REFERENCE ->
                Update.of("k-2").add(cell("A"), "1.00").reference("invoice/1").build();
        };
    }

    private static Update adds(String key, String id) {
        return Update.of(key).add(cell(id), "1.00").build();
    }

    @ParameterizedTest
    @EnumSource
    void theOthersOfTheListGoOn(Shared shared) throws Exception {
        Ledger ledger = books.ledger();
        Future<List<Outcome>> call =
                books.begin(() -> ledger.applyEach(List.of(waits(shared), adds("k-3", "B"), adds("k-4", "A"))));
        books.await(() -> other.find("k-3").isPresent());
        assertThat(call).isNotDone();
        stranger.rollback();

        assertThat(get(call)).allMatch(Applied.class::isInstance);
        books.assertSound();
    }

    @Test
    void ifItIsNeverCommittedOnlyTheOneThatWaitsForItFails() throws SQLException {
        Ledger ledger = books.ledger(new Stage(), books.pool(2), Duration.ofSeconds(3));
        BatchException batch = catchThrowableOfType(
                BatchException.class, () -> ledger.applyEach(List.of(adds("k-3", "B"), waits(Shared.KEY))));

        assertThat(batch.fate()).isEqualTo(Fate.NOT_APPLIED);
        assertThat(batch.results().get(0).outcome().orElseThrow()).isInstanceOf(Applied.class);
        assertThat(batch.results().get(1).fault()).isPresent();
        stranger.rollback();
        assertThat(cash(other, "A")).isEqualTo("100.00");
        books.assertSound();
    }
}
