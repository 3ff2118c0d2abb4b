package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.LedgerEvent;
import dev.counterfoil.LedgerEvent.Call;
import dev.counterfoil.Reason;
import dev.counterfoil.Update;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a listener is told of steps in a transaction of the caller's own. */
@Timeout(60)
class JoinedListenerTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofSeconds(1);

    private final HikariDataSource h2 = new HikariDataSource();
    private final List<LedgerEvent> told = Collections.synchronizedList(new ArrayList<>());

    private JdbcLedger ledger(Duration timeout) {
        h2.setJdbcUrl("jdbc:h2:mem:joined" + System.nanoTime() + ";DB_CLOSE_DELAY=-1");
        JdbcLedger ledger = JdbcLedger.builder(h2)
                .createSchema()
                .timeout(timeout)
                .listener(told::add)
                .build();
        Till.apply(ledger, Till.opening());
        told.clear();
        return ledger;
    }

    @AfterEach
    void closePool() {
        h2.close();
    }

    private Connection transaction() throws SQLException {
        Connection connection = h2.getConnection();
        connection.setAutoCommit(false);
        return connection;
    }

    private LedgerEvent.Context last() {
        return ((LedgerEvent.OfCall) told.get(told.size() - 1)).context();
    }

    @Test
    void anOutcomeThatIsNotCommittedIsToldAsProvisional() throws SQLException {
        JdbcLedger ledger = ledger(LONG);
        Update refused = Update.of("much").take(Till.drawer(0), "1000000.00").build();
        ledger.apply(refused);
        try (Connection connection = transaction()) {
            JoinedLedger joined = ledger.in(connection);
            joined.lock(Till.drawer(0), Till.drawer(1));
            assertThat(told.get(told.size() - 1)).isInstanceOf(LedgerEvent.Answered.class);
            joined.post(Till.cent("a"));
            assertThat(told.get(told.size() - 1)).isInstanceOf(LedgerEvent.Applied.class);
            assertThat(last().provisional()).isTrue();
            assertThat(last().call()).isEqualTo(Call.JOINED);
            joined.post(Till.cent("a"));
            assertThat(told.get(told.size() - 1)).isInstanceOf(LedgerEvent.Replayed.class);
            assertThat(last().provisional()).isTrue();
            joined.tryPost(Update.of("more").take(Till.drawer(0), "1000000.00").build());
            assertThat(told.get(told.size() - 1)).isInstanceOf(LedgerEvent.Refused.class);
            assertThat(last().provisional()).isTrue();
            joined.tryPost(refused);
            assertThat(told.get(told.size() - 1))
                    .isInstanceOfSatisfying(
                            LedgerEvent.Replayed.class,
                            again -> assertThat(again.reason()).isEqualTo(Reason.BELOW_MINIMUM));
            assertThat(last().provisional()).isFalse();
            connection.rollback();
        }
        assertThat(told).noneMatch(LedgerEvent.HeldLong.class::isInstance);
    }

    @Test
    void aTransactionThatHoldsItsCellsForLongIsToldOnceAtItsNextStep() throws SQLException {
        JdbcLedger ledger = ledger(SHORT);
        try (Connection connection = transaction()) {
            JoinedLedger joined = ledger.in(connection);
            joined.post(Till.cent("a"));
            long until = System.nanoTime() + SHORT.toNanos() / 8;
            while (System.nanoTime() - until < 0) {
                LockSupport.parkNanos(until - System.nanoTime());
            }
            joined.post(Till.cent("b"));
            joined.post(Till.cent("c"));
            connection.rollback();
        }
        assertThat(told)
                .filteredOn(LedgerEvent.HeldLong.class::isInstance)
                .singleElement()
                .isInstanceOfSatisfying(
                        LedgerEvent.HeldLong.class,
                        held -> assertThat(held.held()).isGreaterThan(SHORT.dividedBy(10)));
    }
}
