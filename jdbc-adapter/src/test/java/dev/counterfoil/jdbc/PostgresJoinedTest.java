package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.Applied;
import dev.counterfoil.Outcome;
import dev.counterfoil.Rejected;
import dev.counterfoil.Update;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The ledger inside a caller's own transaction on PostgreSQL. */
@Timeout(60)
class PostgresJoinedTest {
    private HikariDataSource pool;
    private JdbcLedger ledger;
    private Connection connection;

    @BeforeEach
    void open() throws SQLException {
        pool = PostgresServer.get().pool(PostgresServer.get().newDatabase(), 4);
        ledger = JdbcLedger.builder(pool).createSchema().build();
        Till.apply(ledger, Till.opening());
        connection = pool.getConnection();
        connection.setAutoCommit(false);
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
        ledger.close();
        pool.close();
    }

    @Test
    void whatIsPostedIsThereWithTheCallersRowsOrNotAtAll() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE outbox (message text)");
            connection.commit();
            JoinedLedger joined = ledger.in(connection);
            statement.execute("INSERT INTO outbox VALUES ('paid')");
            assertThat(joined.post(Till.cent("c-1")).provisional()).isTrue();
            connection.rollback();
            assertThat(ledger.find("c-1")).isEmpty();

            JoinedLedger again = ledger.in(connection);
            statement.execute("INSERT INTO outbox VALUES ('paid')");
            Applied posted = again.post(Till.cent("c-1"));
            assertThat(posted.replayed()).isFalse();
            assertThat(again.post(Till.cent("c-1"))).isEqualTo(new Applied(posted.receipt(), true, true));
            connection.commit();
            assertThat(ledger.find("c-1")).contains(new Applied(posted.receipt(), true));
            assertThat(ledger.in(connection).post(Till.cent("c-1"))).isEqualTo(new Applied(posted.receipt(), true));
        }
    }

    @Test
    void aRefusalLeavesTheTransactionUsable() throws SQLException {
        JoinedLedger joined = ledger.in(connection);
        Update tooMuch = Update.of("t-1")
                .transfer(Till.drawer(0), Till.drawer(1), "1000.00")
                .build();
        Outcome no = joined.tryPost(tooMuch);
        assertThat(no).isInstanceOf(Rejected.OutOfBounds.class);
        joined.post(Till.cent("c-1"));
        connection.commit();
        assertThat(ledger.find("t-1")).isPresent();
        assertThat(ledger.find("c-1")).isPresent();
    }

    @Test
    void aLaterStepDoesNotWaitForACellThatSomebodyElseHolds() throws SQLException {
        try (Connection stranger = pool.getConnection()) {
            stranger.setAutoCommit(false);
            ledger.in(stranger).lock(Till.drawer(3));
            JoinedLedger joined = ledger.in(connection);
            joined.post(Till.cent("c-1"));
            Update other = Update.of("t-1")
                    .transfer(Till.drawer(0), Till.drawer(3), "1.00")
                    .build();
            assertThatThrownBy(() -> joined.post(other))
                    .isInstanceOfSatisfying(
                            LockOrderException.class, e -> assertThat(e.cells()).containsExactly(Till.drawer(3)));
            stranger.rollback();
            joined.post(other);
            connection.commit();
            assertThat(ledger.find("t-1")).isPresent();
        }
    }
}
