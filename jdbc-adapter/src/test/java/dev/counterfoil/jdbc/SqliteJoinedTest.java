package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.counterfoil.NotAppliedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Joined transactions on SQLite, which begin as readers and have the whole file for themselves once they write. */
class SqliteJoinedTest extends JoinedFixture {
    SqliteJoinedTest() {
        super(JoinedBooks.SQLITE);
    }

    private static void look(Connection connection) throws SQLException {
        JoinedBooks.one(connection, "SELECT count(*) FROM outbox");
    }

    @Test
    void aTransactionThatHasReadWhatIsOldByNowIsRefusedAndNothingIsLost() throws SQLException {
        Connection connection = begin();
        look(connection);
        Till.apply(ledger, Till.cent("meanwhile"));
        JoinedLedger joined = ledger.in(connection);
        String before = books().settings(connection);
        assertThatThrownBy(() -> joined.post(Till.cent("c-1"))).isInstanceOf(NotAppliedException.class);
        assertThatThrownBy(() -> joined.post(Till.cent("c-1"))).isInstanceOf(IllegalStateException.class);
        assertThat(books().settings(connection)).isEqualTo(before);
        connection.rollback();
        ledger.in(connection).post(Till.cent("c-1"));
        connection.commit();
        assertCash(0, "99.98");
    }

    @Test
    void aTransactionThatHasReadWhatIsStillTrueIsMadeAWriter() throws SQLException {
        Connection connection = begin();
        look(connection);
        ledger.in(connection).post(Till.cent("c-1"));
        connection.commit();
        assertCash(0, "99.99");
    }

    @Test
    void otherWritersWaitForAJoinedTransaction() throws Exception {
        Connection connection = begin();
        ledger.in(connection).post(Till.cent("c-1"));
        try (JdbcLedger hasty = JdbcLedger.builder(pool)
                        .namespace("test-" + test())
                        .timeout(Duration.ofMillis(400))
                        .build();
                Calls calls = new Calls()) {
            Future<?> patient = calls.call(() -> ledger.apply(Till.cent("c-2")));
            assertThatThrownBy(() -> hasty.apply(Till.cent("c-3"))).isInstanceOf(NotAppliedException.class);
            assertThat(patient.isDone()).isFalse();
            assertCash(0, "100.00");
            connection.commit();
            Calls.get(patient);
            Till.apply(hasty, Till.cent("c-3"));
        }
        assertCash(0, "99.97");
    }

    @Test
    void aJoinedTransactionWaitsForAnother() throws Exception {
        Connection holder = begin();
        ledger.in(holder).post(Till.cent("c-1"));
        Connection connection = begin();
        try (Calls calls = new Calls()) {
            Future<?> waiting = calls.call(() -> ledger.in(connection).post(Till.cent("c-2")));
            holder.commit();
            Calls.get(waiting);
        }
        connection.commit();
        assertCash(0, "99.98");
    }
}
