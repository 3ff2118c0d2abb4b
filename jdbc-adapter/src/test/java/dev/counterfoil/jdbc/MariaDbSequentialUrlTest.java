package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.Applied;
import dev.counterfoil.jdbc.dialect.MariaDbDialect;
import dev.counterfoil.spi.StoreException.Phase;
import dev.counterfoil.spi.StoreException.Trouble;
import dev.counterfoil.testkit.Fault;
import dev.counterfoil.testkit.Faults;
import dev.counterfoil.testkit.FlakyLink;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An URL with several hosts, where the driver finds another way when the first is cut. */
@Timeout(60)
class MariaDbSequentialUrlTest {
    private final MariaDbServer server = MariaDbServer.get();
    private final String database = server.newDatabase();
    private final FlakyLink link = FlakyLink.toMariaDb("127.0.0.1", server.port());
    private final String url = "jdbc:mariadb:sequential://127.0.0.1:" + link.port() + ",127.0.0.1:" + server.port()
            + "/" + database + "?user=root&sslMode=disable";
    private PlainSql sql;

    @BeforeEach
    void open() {
        sql = server.sql(database);
    }

    @AfterEach
    void close() throws SQLException {
        sql.close();
        link.close();
    }

    /** The class of the exception says that nothing has happened, and that it may be tried again. */
    @Test
    void theDriverCallsACommitThatSucceededATransientFailureToConnect() throws SQLException {
        sql.run("CREATE TABLE mine (k INT)");
        try (Connection plain = DriverManager.getConnection(url);
                Statement statement = plain.createStatement()) {
            plain.setAutoCommit(false);
            statement.execute("INSERT INTO mine VALUES (1)");
            link.faults(Faults.script(Fault.CUT_AFTER_COMMIT));
            SQLException lost = catchThrowableOfType(SQLException.class, plain::commit);

            System.out.println("MariaDbSequentialUrlTest: " + lost.getClass().getName() + " " + lost.getSQLState());
            assertThat(sql.count("SELECT count(*) FROM mine")).isEqualTo(1);
            assertThat(lost.getClass()).isEqualTo(SQLTransientConnectionException.class);
            assertThat(lost.getSQLState()).isEqualTo("25S03");
            assertThat(new MariaDbDialect().trouble(lost, Phase.COMMIT, "counterfoil_"))
                    .isEqualTo(Trouble.UNKNOWN);
        }
    }

    @Test
    void theLedgerAsksAndFindsItApplied() {
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl(url);
            pool.setMaximumPoolSize(2);
            try (JdbcLedger ledger = JdbcLedger.builder(pool).createSchema().build()) {
                Till.apply(ledger, Till.opening());
                link.faults(Faults.script(Fault.CUT_AFTER_COMMIT));
                Applied told = Till.apply(ledger, Till.cent("c-1"));

                assertThat(link.count(Fault.CUT_AFTER_COMMIT)).isEqualTo(1);
                assertThat(told.replayed()).isTrue();
                assertThat(Till.cash(ledger, 0)).isEqualByComparingTo("99.99");
            }
        }
    }
}
