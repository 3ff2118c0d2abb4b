package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.counterfoil.NotAppliedException;
import dev.counterfoil.Update;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Joined transactions with one view of the past on PostgreSQL: what has changed since cannot be decided again in them. */
class PostgresJoinedIsolationTest extends JoinedFixture {
    PostgresJoinedIsolationTest() {
        super(JoinedBooks.POSTGRESQL);
    }

    private Connection begin(int isolation) throws SQLException {
        Connection connection = begin();
        connection.setTransactionIsolation(isolation);
        JoinedBooks.one(connection, "SELECT count(*) FROM outbox");
        return connection;
    }

    private void assertDeadUntilBegunAgain(Connection connection, JoinedLedger joined, Update update)
            throws SQLException {
        assertThatThrownBy(() -> joined.post(update)).isInstanceOf(NotAppliedException.class);
        assertThatThrownBy(() -> joined.post(update)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> joined.lock(Till.drawer(0))).isInstanceOf(IllegalStateException.class);
        connection.rollback();
        send(connection, "again");
        ledger.in(connection).post(update);
        connection.commit();
        assertThat(sent()).containsExactly("again");
        assertThat(ledger.find(update.key())).isPresent();
    }

    @ParameterizedTest
    @ValueSource(ints = {Connection.TRANSACTION_REPEATABLE_READ, Connection.TRANSACTION_SERIALIZABLE})
    void aCellThatHasChangedSinceIsAFault(int isolation) throws SQLException {
        Connection connection = begin(isolation);
        JoinedLedger joined = ledger.in(connection);
        send(connection, "lost");
        Till.apply(ledger, Till.cent("meanwhile"));
        assertDeadUntilBegunAgain(connection, joined, Till.cent("c-1"));
        assertCash(0, "99.98");
    }

    @ParameterizedTest
    @ValueSource(ints = {Connection.TRANSACTION_REPEATABLE_READ, Connection.TRANSACTION_SERIALIZABLE})
    void aKeyThatWasDecidedSinceIsAFaultAndAReplayInTheNextTransaction(int isolation) throws SQLException {
        Connection connection = begin(isolation);
        JoinedLedger joined = ledger.in(connection);
        Update open = Update.of("open").open(Till.drawer(70)).build();
        Till.apply(ledger, open);
        assertDeadUntilBegunAgain(connection, joined, open);
    }
}
