package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.counterfoil.Applied;
import dev.counterfoil.KeyReused;
import dev.counterfoil.Outcome;
import dev.counterfoil.RefusedException;
import dev.counterfoil.Rejected;
import dev.counterfoil.Update;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** What the ledger does, and does not do, inside a caller's own transaction: on every database. */
abstract class JoinedContract extends JoinedFixture {
    JoinedContract(JoinedBooks books) {
        super(books);
    }

    private static Update tooMuch(String key) {
        return Update.of(key)
                .transfer(Till.drawer(0), Till.drawer(1), "1000.00")
                .build();
    }

    @Test
    void whatIsPostedIsThereWithTheCallersRowsOrNotAtAll() throws SQLException {
        Connection connection = begin();
        send(connection, "lost");
        assertThat(ledger.in(connection).post(Till.cent("c-1")).provisional()).isTrue();
        connection.rollback();
        assertThat(ledger.find("c-1")).isEmpty();
        assertThat(sent()).isEmpty();
        assertCash(0, "100.00");

        send(connection, "paid");
        Applied posted = ledger.in(connection).post(Till.cent("c-1"));
        assertThat(posted.replayed()).isFalse();
        connection.commit();
        assertThat(ledger.find("c-1")).contains(new Applied(posted.receipt(), true));
        assertThat(sent()).containsExactly("paid");
        assertCash(0, "99.99");
    }

    @Test
    void nothingIsCommittedByAStep() throws SQLException {
        Connection connection = begin();
        JoinedLedger joined = ledger.in(connection);
        send(connection, "paid");
        joined.lock(Till.drawer(0), Till.drawer(1));
        joined.post(Till.cent("c-1"));
        joined.tryPost(tooMuch("t-1"));
        joined.post(Till.cent("c-1"));
        joined.read(Till.drawer(0).account());
        assertThat(connection.getAutoCommit()).isFalse();
        connection.rollback();
        assertThat(sent()).isEmpty();
        assertThat(ledger.find("c-1")).isEmpty();
        assertThat(ledger.find("t-1")).isEmpty();
    }

    @Test
    void aRefusalTakesNothingFromTheCallerAndTheTransactionGoesOn() throws SQLException {
        Connection connection = begin();
        JoinedLedger joined = ledger.in(connection);
        send(connection, "before");
        assertThat(joined.tryPost(tooMuch("t-1"))).isInstanceOf(Rejected.OutOfBounds.class);
        send(connection, "after");
        joined.post(Till.cent("c-1"));
        connection.commit();
        assertThat(sent()).containsExactly("after", "before");
        assertThat(ledger.find("t-1")).containsInstanceOf(Rejected.OutOfBounds.class);
        assertThat(ledger.find("c-1")).isPresent();
        assertCash(0, "99.99");
    }

    @Test
    void aRefusalIsRememberedOnlyIfTheCallerCommits() throws SQLException {
        Connection connection = begin();
        ledger.in(connection).tryPost(tooMuch("t-1"));
        connection.rollback();
        assertThat(ledger.find("t-1")).isEmpty();

        Outcome refused = ledger.in(connection).tryPost(tooMuch("t-1"));
        connection.commit();
        Till.apply(ledger, Update.of("top-up").add(Till.drawer(0), "1000.00").build());
        assertThat(ledger.apply(tooMuch("t-1"))).isInstanceOfSatisfying(Rejected.OutOfBounds.class, again -> {
            assertThat(again.replayed()).isTrue();
            assertThat(again.before()).isEqualTo(((Rejected.OutOfBounds) refused).before());
        });
    }

    @Test
    void postThrowsARefusalAndTryPostReturnsIt() throws SQLException {
        JoinedLedger joined = ledger.in(begin());
        assertThatThrownBy(() -> joined.post(tooMuch("t-1"))).isInstanceOf(RefusedException.class);
        assertThat(joined.tryPost(tooMuch("t-1")))
                .isInstanceOfSatisfying(
                        Rejected.OutOfBounds.class,
                        again -> assertThat(again.replayed()).isTrue());
    }

    @Test
    void aReplayIsProvisionalWhereWhatItRepeatsIs() throws SQLException {
        Applied outside = Till.apply(ledger, Till.cent("c-0"));
        Connection connection = begin();
        JoinedLedger joined = ledger.in(connection);
        assertThat(joined.post(Till.cent("c-0"))).isEqualTo(new Applied(outside.receipt(), true, false));
        Applied posted = joined.post(Till.cent("c-1"));
        assertThat(posted).isEqualTo(new Applied(posted.receipt(), false, true));
        assertThat(joined.post(Till.cent("c-1"))).isEqualTo(new Applied(posted.receipt(), true, true));
        connection.commit();
        assertThat(ledger.in(connection).post(Till.cent("c-1"))).isEqualTo(new Applied(posted.receipt(), true, false));
        connection.rollback();
        assertThat(ledger.apply(Till.cent("c-1"))).isEqualTo(new Applied(posted.receipt(), true, false));
        assertCash(0, "99.98");
    }

    @Test
    void aKeyOfAnotherUpdateIsSaidToBeReusedAndTheTransactionGoesOn() throws SQLException {
        Till.apply(ledger, Till.cent("c-0"));
        Connection connection = begin();
        JoinedLedger joined = ledger.in(connection);
        Update inside = Till.cent("c-1");
        joined.post(inside);
        for (String key : new String[] {"c-0", "c-1"}) {
            Update other = Update.of(key).add(Till.drawer(3), "5.00").build();
            assertThat(joined.tryPost(other)).isInstanceOf(KeyReused.class);
            assertThatThrownBy(() -> joined.post(other)).isInstanceOf(RefusedException.class);
        }
        joined.post(Till.cent("c-2"));
        connection.commit();
        assertCash(0, "99.97");
        assertCash(3, "100.00");
    }

    @Test
    void readSeesTheTransactionsOwnSteps() throws SQLException {
        Connection connection = begin();
        JoinedLedger joined = ledger.in(connection);
        joined.post(Till.cent("c-1"));
        assertThat(joined.read(Till.drawer(0).account(), Till.drawer(1).account())
                        .balance(Till.drawer(1)))
                .isEqualTo("100.01");
        assertCash(1, "100.00");
        connection.commit();
        assertCash(1, "100.01");
    }

    @Test
    void namespacesStayApartInOneTransaction() throws SQLException {
        JdbcLedger other = ledger.namespace("other-" + System.identityHashCode(this));
        Till.apply(other, Till.opening());
        Connection connection = begin();
        assertThat(ledger.in(connection).post(Till.cent("c-1")).replayed()).isFalse();
        assertThat(other.in(connection).post(Till.cent("c-1")).replayed()).isFalse();
        connection.commit();
        assertCash(0, "99.99");
        assertThat(Till.cash(other, 0)).isEqualTo("99.99");
        assertThat(ledger.namespace("nobody").find("c-1")).isEmpty();
    }

    @Test
    void cellsAreOpenedAndUsedInOneTransaction() throws SQLException {
        Connection connection = begin();
        JoinedLedger joined = ledger.in(connection);
        joined.post(Update.of("open").open(Till.drawer(77)).build());
        joined.post(Update.of("use")
                .transfer(Till.drawer(0), Till.drawer(77), "1.00")
                .build());
        connection.commit();
        assertCash(77, "1.00");
    }
}
