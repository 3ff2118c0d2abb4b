package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.Applied;
import dev.counterfoil.Outcome;
import dev.counterfoil.jdbc.dialect.MariaDbDialect;
import dev.counterfoil.spi.Deadline;
import dev.counterfoil.spi.StoreException.Phase;
import dev.counterfoil.spi.StoreException.Trouble;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a failed statement, a killed or silent session and a read-only server do to a ledger on a real MariaDB. */
class MariaDbFaultsTest {
    private static final String PREFIX = "counterfoil_";

    private final MariaDbDialect dialect = new MariaDbDialect();
    private String database;
    private HikariDataSource pool;
    private JdbcLedger ledger;

    @BeforeEach
    void open() {
        database = MariaDbServer.get().newDatabase();
        pool = MariaDbServer.get().pool(database, 4, "");
        ledger = JdbcLedger.builder(pool).createSchema().build();
        Till.apply(ledger, Till.opening());
    }

    @AfterEach
    void close() {
        ledger.close();
        pool.close();
    }

    private Connection connect() throws SQLException {
        Connection connection = DriverManager.getConnection(MariaDbServer.get().url(database, ""));
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        return connection;
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String lock(int drawer) {
        return "SELECT id FROM counterfoil_cell" + at(drawer) + " FOR UPDATE";
    }

    /** Through the index, so that no other row is locked or waited for. */
    private static String at(int drawer) {
        return " WHERE namespace = '' AND account_kind = 'drawer' AND account_id = '" + drawer + "' AND name = 'cash'";
    }

    private static String change(int drawer) {
        return "UPDATE counterfoil_cell SET touch = touch + 1" + at(drawer);
    }

    private Trouble trouble(SQLException failure) {
        return dialect.trouble(failure, Phase.BODY, PREFIX);
    }

    @Test
    void aLockThatDoesNotComeLeavesTheTransactionOpenAndIsToBeTriedAgain() throws SQLException {
        try (Connection one = connect();
                Connection two = connect()) {
            run(one, lock(1));
            run(two, change(2));
            run(two, "SET SESSION innodb_lock_wait_timeout = 1");
            SQLException late = catchThrowableOfType(SQLException.class, () -> run(two, lock(1)));

            assertThat(late.getErrorCode()).isEqualTo(1205);
            assertThat(trouble(late)).isEqualTo(Trouble.TRANSIENT);
            assertThat(dialect.isLockTimeout(late)).isTrue();
            two.commit();
        }
        assertThat(MariaDbServer.get().query("SELECT SUM(touch) FROM " + database + ".counterfoil_cell"))
                .as("the statement before it was not undone: so every failure has to be followed by a rollback")
                .isEqualTo("1");
    }

    @Test
    void anUpdateWhoseConnectionIsKilledBeforeItsCommitGoesThroughOnce() {
        AtomicInteger left = new AtomicInteger(1);
        Between killer = new Between() {
            @Override
            void before(String sql) throws SQLException {
                if (sql.equals("COMMIT") && left.getAndDecrement() > 0) {
                    MariaDbServer.get().run(killOthersOf(database));
                }
            }
        };
        try (JdbcLedger shaken = JdbcLedger.builder(killer.on(pool)).build()) {
            left.set(1);
            Outcome outcome = shaken.apply(Till.cent("once"));

            assertThat(left.get()).isNegative();
            assertThat(outcome).isInstanceOf(Applied.class);
            assertThat(Till.cash(shaken, 0)).isEqualTo("99.99");
        }
    }

    /** The text that kills the one session of a database that is in a transaction. */
    private static String killOthersOf(String database) {
        return "KILL "
                + MariaDbServer.get()
                        .query("SELECT trx_mysql_thread_id FROM information_schema.innodb_trx t"
                                + " JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id"
                                + " WHERE p.db = '" + database + "'");
    }

    @Test
    void anIdleTransactionLosesItsLocks() throws SQLException {
        try (Connection one = connect();
                Connection two = connect()) {
            dialect.prepare(one);
            dialect.begin(one, Deadline.after(Duration.ofSeconds(9)));
            run(one, lock(1));
            run(two, "SET SESSION innodb_lock_wait_timeout = 30");
            run(two, lock(1));
            SQLException lost = catchThrowableOfType(SQLException.class, () -> run(one, "SELECT 1"));
            assertThat(trouble(lost)).isEqualTo(Trouble.TRANSIENT);
        }
    }

    @Test
    void aServerThatIsReadOnlyIsRefusedAtTheOpening() {
        MariaDbServer.get().run("GRANT SELECT, INSERT, UPDATE ON " + database + ".* TO reader@'%' IDENTIFIED BY 'x'");
        String url = MariaDbServer.get().url(database, "").replace("user=root", "user=reader&password=x");
        MariaDbServer.get().run("SET GLOBAL read_only = 1");
        try (HikariDataSource readers = new HikariDataSource()) {
            readers.setJdbcUrl(url);
            readers.setMaximumPoolSize(1);
            assertThatThrownBy(() -> JdbcLedger.builder(readers).build())
                    .isInstanceOf(SchemaException.class)
                    .hasMessageContaining("read-only");
        } finally {
            MariaDbServer.get().run("SET GLOBAL read_only = 0");
        }
    }
}
