package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.counterfoil.AccountId;
import dev.counterfoil.CellId;
import dev.counterfoil.NotAppliedException;
import dev.counterfoil.Update;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which connections a ledger joins, what it leaves of itself in them, and wrong calls: on every database. */
abstract class JoinedEdgesContract extends JoinedFixture {
    private final Set<Integer> joinable;

    JoinedEdgesContract(JoinedBooks books, Integer... joinable) {
        super(books);
        this.joinable = Set.of(joinable);
    }

    @Test
    void aConnectionInAutocommitIsRefused() throws SQLException {
        try (Connection connection = pool.getConnection()) {
            assertThatThrownBy(() -> ledger.in(connection))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("autocommit");
        }
    }

    @Test
    void aConnectionThatIsReadOnlyIsRefused() throws SQLException {
        Connection connection = begin();
        Connection readOnly = (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Connection.class},
                (self, method, args) ->
                        method.getName().equals("isReadOnly") ? (Object) true : method.invoke(connection, args));
        assertThatThrownBy(() -> ledger.in(readOnly))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("read-only");
    }

    @Test
    void aConnectionThatIsClosedIsRefused() throws SQLException {
        Connection connection = begin();
        connection.close();
        assertThatThrownBy(() -> ledger.in(connection))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void aConnectionThatIsClosedMeanwhileIsAFault() throws SQLException {
        Connection connection = begin();
        JoinedLedger joined = ledger.in(connection);
        connection.close();
        assertThatThrownBy(() -> joined.post(Till.cent("c-1"))).isInstanceOf(NotAppliedException.class);
        assertThatThrownBy(() -> joined.post(Till.cent("c-1"))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void isolationLevelsAreTakenOrRefusedByName() throws SQLException {
        String[] names = {"", "READ UNCOMMITTED", "READ COMMITTED", "", "REPEATABLE READ", "", "", "", "SERIALIZABLE"};
        int refused = 0;
        for (int level : new int[] {1, 2, 4, 8}) {
            Connection connection = begin();
            try {
                connection.setTransactionIsolation(level);
            } catch (SQLException e) {
                // One that the database does not have.
                assertThat(joinable).doesNotContain(level);
                continue;
            }
            if (joinable.contains(connection.getTransactionIsolation())) {
                ledger.in(connection).post(Till.cent("c-" + level));
                connection.commit();
                assertThat(ledger.find("c-" + level)).isPresent();
            } else {
                refused++;
                assertThatThrownBy(() -> ledger.in(connection))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("level " + names[level] + " ");
            }
            connection.close();
        }
        assertThat(refused).isPositive();
    }

    @Test
    void theSessionsSettingsAreAsBeforeAfterAStepARefusalAndAFault() throws SQLException {
        Connection connection = begin();
        books().otherSettings(connection);
        connection.commit();
        String before = books().settings(connection);
        JoinedLedger joined = ledger.in(connection);
        joined.lock(Till.drawer(0));
        joined.post(Till.cent("c-1"));
        assertThat(books().settings(connection)).isEqualTo(before);
        joined.tryPost(Update.of("t-1").take(Till.drawer(0), "1000.00").build());
        assertThat(books().settings(connection)).isEqualTo(before);
        connection.rollback();
        assertThat(books().settings(connection)).isEqualTo(before);

        JoinedLedger failing = ledger.in(broken(connection));
        assertThatThrownBy(() -> failing.post(Till.cent("c-1"))).isInstanceOf(NotAppliedException.class);
        assertThatThrownBy(() -> failing.post(Till.cent("c-2"))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> failing.read(Till.drawer(0).account())).isInstanceOf(IllegalStateException.class);
        assertThat(books().settings(connection)).isEqualTo(before);
        connection.rollback();
        assertThat(books().settings(connection)).isEqualTo(before);
        connection.close();
    }

    /** Every insert of an entry goes to a table that is not there. */
    private static Connection broken(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                JoinedEdgesContract.class.getClassLoader(), new Class<?>[] {Connection.class}, (self, method, args) -> {
                    if (method.getName().equals("prepareStatement")) {
                        String sql = (String) args[0];
                        args[0] = sql.contains("INSERT INTO") ? sql.replace("counterfoil_entry", "gone") : sql;
                    }
                    return invoke(connection, method, args);
                });
    }

    private static Object invoke(Connection connection, java.lang.reflect.Method method, Object[] args)
            throws Throwable {
        try {
            return method.invoke(connection, args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    @Test
    void noSavepointIsLeftAndTheCallersOwnStays() throws SQLException {
        Connection connection = begin();
        List<Savepoint> ours = new ArrayList<>();
        Connection watched = (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (self, method, args) -> {
                    Object result = invoke(connection, method, args);
                    if (result instanceof Savepoint savepoint) {
                        ours.add(savepoint);
                    }
                    return result;
                });
        send(connection, "first");
        Savepoint callers = connection.setSavepoint();
        JoinedLedger joined = ledger.in(watched);
        joined.lock(Till.drawer(0));
        joined.post(Till.cent("c-1"));
        joined.tryPost(Update.of("t-1").take(Till.drawer(0), "1000.00").build());
        connection.rollback(callers);
        connection.commit();
        assertThat(sent()).containsExactly("first");
        assertThat(ledger.find("c-1")).isEmpty();
        assertThat(ours).hasSize(3);

        for (Savepoint savepoint : ours) {
            send(connection, "probe");
            assertThatThrownBy(() -> connection.rollback(savepoint)).isInstanceOf(SQLException.class);
            connection.rollback();
        }
    }

    @Test
    void aClosedLedgerTakesNoStep() throws SQLException {
        Connection connection = begin();
        JdbcLedger own = JdbcLedger.builder(pool).build();
        JoinedLedger joined = own.in(connection);
        own.close();
        assertThatThrownBy(() -> own.in(connection)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> joined.post(Till.cent("c-1"))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> joined.lock(Till.drawer(0))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> joined.read(Till.drawer(0).account())).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aDecideFunctionCannotJoin() throws SQLException {
        Connection connection = begin();
        JoinedLedger joined = ledger.in(connection);
        List<CellId> cells = List.of(Till.drawer(0));
        assertThatThrownBy(() -> ledger.decide("d-1", "x", cells, now -> {
                    joined.post(Till.cent("c-1"));
                    return now.decline("NO", "no");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> ledger.decide("d-1", "x", cells, now -> {
                    ledger.in(connection);
                    return now.decline("NO", "no");
                }))
                .isInstanceOf(IllegalStateException.class);
        joined.post(Till.cent("c-1"));
    }

    @Test
    void oneToAThousandCellsAreLockedAtATime() throws SQLException {
        JoinedLedger joined = ledger.in(begin());
        List<CellId> most = IntStream.range(0, 1_000)
                .<CellId>mapToObj(i -> Till.drawer(1_000 - i))
                .toList();
        List<CellId> more = new ArrayList<>(most);
        more.add(AccountId.of("one", "more").register("x"));
        assertThatThrownBy(() -> joined.lock()).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> joined.lock(more)).isInstanceOf(IllegalArgumentException.class);
        assertThatCode(() -> joined.lock(most)).doesNotThrowAnyException();
        joined.post(Till.cent("c-1"));
    }

    @Test
    void nullIsRefused() throws SQLException {
        JoinedLedger joined = ledger.in(begin());
        assertThatThrownBy(() -> ledger.in(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> joined.post(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> joined.tryPost(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> joined.lock((Collection<CellId>) null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> joined.lock((CellId) null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> joined.read((AccountId) null)).isInstanceOf(NullPointerException.class);
        joined.post(Till.cent("c-1"));
    }
}
