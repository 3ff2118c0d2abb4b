package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.counterfoil.Applied;
import dev.counterfoil.NotAppliedException;
import dev.counterfoil.Update;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** PROTOCOL, rule 10: MariaDB throws away the whole transaction of a deadlock's victim, and lets it go on with the rest. */
class MariaDbJoinedDeadlockTest extends JoinedFixture {
    MariaDbJoinedDeadlockTest() {
        super(JoinedBooks.MARIADB);
    }

    private static Update open(String key) {
        return Update.of(key).open(Till.drawer(60)).build();
    }

    /** Posts the first half, and then fails at a key for which a stranger's transaction, the heavier one, is the first. */
    private JoinedLedger afterADeadlock(Connection connection) throws Exception {
        Connection stranger = begin();
        for (int i = 0; i < 100; i++) {
            send(stranger, "weight " + i);
        }
        ledger.in(stranger).post(open("same"));
        send(connection, "first half");
        JoinedLedger joined = ledger.in(connection);
        joined.post(Till.cent("first-half"));
        try (Calls calls = new Calls()) {
            Future<String> waiting = calls.call(() -> JoinedBooks.one(
                    stranger,
                    "SELECT id FROM counterfoil_cell WHERE namespace = 'test-" + test()
                            + "' AND account_kind = 'drawer' AND account_id = '0' AND name = 'cash' FOR UPDATE"));
            books().awaitBlocked(pool, waiting);
            Update sameKey = Update.of("same").open(Till.drawer(61)).build();
            assertThatThrownBy(() -> joined.post(sameKey))
                    .isInstanceOf(NotAppliedException.class)
                    .hasMessageContaining("1213");
            Calls.get(waiting);
        }
        stranger.rollback();
        return joined;
    }

    @Test
    void whoGoesOnAfterADeadlockCannotPostItsSecondHalf() throws Exception {
        Connection connection = begin();
        books().otherSettings(connection);
        String before = books().settings(connection);
        JoinedLedger joined = afterADeadlock(connection);
        assertThatThrownBy(() -> joined.post(Till.cent("second-half"))).isInstanceOf(IllegalStateException.class);
        assertThat(books().settings(connection)).isEqualTo(before);
        connection.commit();
        assertThat(sent()).isEmpty();
        assertThat(ledger.find("first-half")).isEmpty();
        assertThat(ledger.find("second-half")).isEmpty();
        assertCash(0, "100.00");

        ledger.in(connection).post(Till.cent("first-half"));
        connection.commit();
        assertCash(0, "99.99");
    }

    /** The twin without the rule: why one object goes with one transaction. */
    @Test
    void whoJoinsAnewWithoutARollbackPostsItsSecondHalfAlone() throws SQLException, Exception {
        Connection connection = begin();
        afterADeadlock(connection);
        Applied second = ledger.in(connection).post(Till.cent("second-half"));
        connection.commit();
        assertThat(second.replayed()).isFalse();
        assertThat(sent()).isEmpty();
        assertThat(ledger.find("first-half")).isEmpty();
        assertThat(ledger.find("second-half")).isPresent();
    }
}
