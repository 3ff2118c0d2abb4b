package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.counterfoil.testkit.Fault;
import dev.counterfoil.testkit.Faults;
import dev.counterfoil.testkit.FlakyLink;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each fault of a link does to a transaction of plain JDBC, and what becomes of those who guess. */
@Timeout(60)
abstract class LinkFaultsContract {
    private static final String PAY = "UPDATE drawer SET cash = cash - 1";

    private LinkedServer server;
    private FlakyLink link;
    private Connection beside;

    abstract LinkedServer server();

    @BeforeEach
    void open() throws SQLException {
        server = server();
        link = server.link();
        beside = DriverManager.getConnection(server.url("127.0.0.1", server.port()));
        try (Statement statement = beside.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS drawer");
            statement.execute("CREATE TABLE drawer (cash int)");
            statement.execute("INSERT INTO drawer VALUES (100)");
        }
    }

    @AfterEach
    void close() throws SQLException {
        link.close();
        beside.close();
    }

    private Connection connect() throws SQLException {
        Connection connection = DriverManager.getConnection(server.url(link.host(), link.port()));
        connection.setAutoCommit(false);
        return connection;
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private int cash() throws SQLException {
        try (Statement statement = beside.createStatement();
                ResultSet row = statement.executeQuery("SELECT cash FROM drawer")) {
            row.next();
            return row.getInt(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"CUT_BEFORE_COMMIT, 100", "CUT_AFTER_COMMIT, 99", "STALL, 99", "HALF_CLOSE, 99"})
    void theCallerGetsTheSameKindOfExceptionWhateverBecameOfTheMoney(Fault fault, int cash) throws SQLException {
        link.faults(Faults.script(fault));
        try (Connection connection = connect()) {
            run(connection, PAY);
            connection.setNetworkTimeout(Runnable::run, 300);
            assertThatThrownBy(connection::commit).isInstanceOf(SQLException.class);
            assertThat(connection.isClosed()).isTrue();
        }
        assertThat(link.count(fault)).isEqualTo(1);
        assertThat(cash()).isEqualTo(cash);
    }

    @Test
    void aHeldCommitLandsWhenTheCallerHasLongGone() throws SQLException {
        link.faults(Faults.script(Fault.HOLD_COMMIT));
        try (Connection connection = connect()) {
            run(connection, PAY);
            assertThatThrownBy(connection::commit).isInstanceOf(SQLException.class);
        }
        LinkedTill.await(() -> link.held() > 0);
        assertThat(cash()).isEqualTo(100);
        assertThat(link.deliver()).isEqualTo(1);
        assertThat(cash()).isEqualTo(99);
    }

    @Test
    void whoSendsAgainWithoutAKeyPaysTwice() throws SQLException {
        link.faults(Faults.script(Fault.CUT_AFTER_COMMIT));
        for (int attempt = 1; attempt <= 2; attempt++) {
            try (Connection connection = connect()) {
                run(connection, PAY);
                connection.commit();
            } catch (SQLException e) {
                assertThat(attempt).isEqualTo(1);
            }
        }
        assertThat(cash()).isEqualTo(98);
    }

    @Test
    void everyCommitOfAConnectionIsSeenHoweverTheDriverSendsIt() throws SQLException {
        Fault[] script = new Fault[12];
        Arrays.fill(script, Fault.PASS);
        script[11] = Fault.CUT_BEFORE_COMMIT;
        link.faults(Faults.script(script));
        try (Connection connection = connect()) {
            for (int i = 0; i < 11; i++) {
                run(connection, PAY);
                connection.commit();
            }
            run(connection, PAY);
            connection.rollback();
            run(connection, PAY);
            assertThatThrownBy(connection::commit).isInstanceOf(SQLException.class);
        }
        assertThat(link.commits()).isEqualTo(12);
        assertThat(cash()).isEqualTo(89);
    }

    @Test
    void aConnectionBreaksAtAnyMoment() {
        link.cutWithin(42, 3_000);
        while (link.cutsAtBytes() < 10) {
            try (Connection connection = connect()) {
                run(connection, PAY);
                connection.commit();
            } catch (SQLException e) {
                assertThat(link.cutsAtBytes()).isPositive();
            }
        }
        assertThat(link.connections()).isGreaterThanOrEqualTo(10);
    }

    @Test
    void aBoundOfTheWaitForAnswersIsSetWithoutTheServer() throws SQLException {
        try (Connection connection = connect()) {
            run(connection, PAY);
            link.hang();
            assertThatCode(() -> connection.setNetworkTimeout(Runnable::run, 300))
                    .doesNotThrowAnyException();
            assertThat(connection.getNetworkTimeout()).isEqualTo(300);
            assertThatThrownBy(() -> run(connection, PAY)).isInstanceOf(SQLException.class);
        }
    }
}
