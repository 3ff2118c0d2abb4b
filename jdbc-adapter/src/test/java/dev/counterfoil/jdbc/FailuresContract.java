package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.Fate;
import dev.counterfoil.LedgerException;
import dev.counterfoil.Update;
import dev.counterfoil.jdbc.dialect.Dialect;
import dev.counterfoil.spi.StoreException.Phase;
import dev.counterfoil.spi.StoreException.Trouble;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The failures that a real database gives, each provoked: what the dialect makes of it, by the phase in which it comes, and what
 * a ledger says while the cause lasts and does when it has gone.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(240)
abstract class FailuresContract {
    private static final String PREFIX = "counterfoil_";

    /** Makes the database fail; what it said. */
    interface Provocation {
        SQLException provoke() throws Exception;
    }

    /** Does something to the database, or to the sessions of a pool. */
    interface Step {
        void run(HikariDataSource pool) throws Exception;
    }

    /**
     * A row of the table.
     *
     * @param said SQLState and vendor code, with / between them, as a regular expression
     */
    record Failure(
            String name, Provocation by, String said, Trouble whenAcquiring, Trouble inTheBody, Trouble atCommit) {
        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * A cause that lasts for longer than a call.
     *
     * @param fate what the call says; null where it is applied all the same
     */
    record Trial(String name, Fate fate, Step strike, Step mend) {
        @Override
        public String toString() {
            return name;
        }
    }

    abstract Dialect dialect();

    /** Where the books are, for whom failures are provoked. */
    abstract String url();

    /** The same for the user whom faults befall, who is no administrator. */
    String usersUrl() {
        return url();
    }

    abstract Stream<Failure> failures();

    abstract Stream<Trial> trials();

    @BeforeAll
    void openBooks() throws Exception {
        begin();
        try (HikariDataSource pool = pool(url());
                JdbcLedger ledger = JdbcLedger.builder(pool).createSchema().build()) {
            Till.apply(ledger, Till.opening());
        }
        opened();
    }

    /** Before the books are opened. */
    void begin() throws Exception {}

    /** When the tables are there. */
    void opened() throws Exception {}

    @AfterAll
    void end() throws Exception {}

    @ParameterizedTest
    @MethodSource("failures")
    void theVerdictOnARealFailureFollowsItsPhase(Failure failure) throws Exception {
        SQLException real = failure.by.provoke();

        assertThat(real.getSQLState() + "/" + real.getErrorCode()).matches(failure.said);
        assertThat(dialect().trouble(real, Phase.ACQUIRE, PREFIX)).as("ACQUIRE").isEqualTo(failure.whenAcquiring);
        assertThat(dialect().trouble(real, Phase.BODY, PREFIX)).as("BODY").isEqualTo(failure.inTheBody);
        assertThat(dialect().trouble(real, Phase.COMMIT, PREFIX)).as("COMMIT").isEqualTo(failure.atCommit);
    }

    @Test
    void aMissingRightIsNamedAsSuch() throws Exception {
        Optional<Failure> missing = failures()
                .filter(failure -> failure.name.equals("missing right"))
                .findFirst();
        assumeTrue(missing.isPresent());
        assertThat(dialect().hint(missing.get().by.provoke())).contains("lacks a right", "docs/databases.md");
    }

    @ParameterizedTest
    @MethodSource("trials")
    void whatALedgerSaysIsTrueAndItGoesOnWhenTheFaultHasGone(Trial trial) throws Exception {
        Update update = Till.cent(trial.name);
        // Who is to be answered has the time that a busy machine takes.
        Duration timeout = Duration.ofSeconds(trial.fate == null ? 30 : 1);
        try (HikariDataSource pool = pool(usersUrl());
                JdbcLedger during = JdbcLedger.builder(pool).timeout(timeout).build();
                JdbcLedger ledger =
                        JdbcLedger.builder(pool).timeout(Duration.ofSeconds(30)).build()) {
            BigDecimal before = Till.cash(ledger, 0);
            trial.strike.run(pool);
            LedgerException fault;
            try {
                fault = catchThrowableOfType(LedgerException.class, () -> Till.apply(during, update));
            } finally {
                trial.mend.run(pool);
            }

            boolean there = isDecided(trial.name);
            assertThat(fault == null ? null : fault.fate()).as("%s", fault).isEqualTo(trial.fate);
            if (trial.fate != Fate.UNKNOWN) {
                assertThat(there).as("what it said is true").isEqualTo(trial.fate == null);
            }
            assertThat(Till.apply(ledger, update).replayed()).isEqualTo(there);
            assertThat(Till.apply(ledger, Till.cent(trial.name + ", next")).replayed())
                    .isFalse();
            assertThat(Till.cash(ledger, 0)).isEqualTo(before.subtract(new BigDecimal("0.02")));
        }
        try (PlainSql sql = new PlainSql(url())) {
            assertSound(sql);
        }
    }

    /** Nothing lost, nothing half done. */
    void assertSound(PlainSql sql) throws SQLException {
        assertThat(new BigDecimal(sql.one("SELECT sum(amount) FROM counterfoil_cell")))
                .isEqualByComparingTo(Till.SIZE + "00");
        assertThat(sql.rows("SELECT c.id FROM counterfoil_cell c JOIN (SELECT cell_id, sum(delta) AS amount,"
                        + " count(*) AS entries, max(sequence) AS last FROM counterfoil_entry GROUP BY cell_id) e"
                        + " ON e.cell_id = c.id"
                        + " WHERE c.amount <> e.amount OR c.version <> e.entries OR c.version <> e.last"))
                .as("cells that are not the fold of their entries")
                .isEmpty();
    }

    private boolean isDecided(String key) throws SQLException {
        try (PlainSql sql = new PlainSql(url())) {
            return sql.count(
                            "SELECT count(*) FROM counterfoil_decision WHERE "
                                    + dialect().column("key") + " = ?",
                            key)
                    > 0;
        }
    }

    static HikariDataSource pool(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(2);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(500);
        return new HikariDataSource(config);
    }

    final Connection connect() throws SQLException {
        Connection connection = DriverManager.getConnection(url());
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        return connection;
    }

    static void run(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    static SQLException failing(Connection connection, String sql) {
        return catchThrowableOfType(SQLException.class, () -> run(connection, sql));
    }

    static SQLException refused(String url) {
        return catchThrowableOfType(
                SQLException.class, () -> DriverManager.getConnection(url).close());
    }

    /** Through the index, so that no other row is locked or waited for. */
    static String at(int drawer) {
        return " WHERE namespace = '' AND account_kind = 'drawer' AND account_id = '" + drawer + "' AND name = 'cash'";
    }

    static String lock(int drawer) {
        return "SELECT id FROM counterfoil_cell" + at(drawer) + " FOR UPDATE";
    }

    static String change(int drawer) {
        return "UPDATE counterfoil_cell SET touch = touch + 1" + at(drawer);
    }

    /** Two who lock two rows in opposite order. */
    final SQLException deadlock() throws Exception {
        try (Connection one = connect();
                Connection two = connect()) {
            run(one, lock(1));
            run(two, lock(2));
            CompletableFuture<SQLException> first = CompletableFuture.supplyAsync(() -> failing(one, lock(2)));
            SQLException second = failing(two, lock(1));
            two.rollback();
            SQLException victim = second == null ? first.join() : second;
            first.join();
            one.rollback();
            return victim;
        }
    }

    /** Whom somebody keeps waiting for a row for longer than this session waits. */
    final SQLException lockTimeout(String settings) throws SQLException {
        try (Connection one = connect();
                Connection two = connect()) {
            run(one, lock(1));
            run(two, settings);
            SQLException late = failing(two, lock(1));
            one.rollback();
            two.rollback();
            return late;
        }
    }

    /** A second decision under a key that has one. */
    final SQLException duplicateOfOurs() throws SQLException {
        String key = dialect().column("key");
        return rolledBack("INSERT INTO counterfoil_decision (id, namespace, scope, " + key
                + ", fingerprint_version, fingerprint, outcome, balanced, recorded_at) SELECT -id, namespace,"
                + " scope, " + key + ", 1, '', 'APPLIED', 0, recorded_at FROM counterfoil_decision");
    }

    /** A second row of a table that is none of ours. */
    final SQLException duplicateOfTheirs() throws SQLException {
        try (Connection one = connect()) {
            run(
                    one,
                    "CREATE TABLE other (name varchar(9) NOT NULL)",
                    "CREATE UNIQUE INDEX other_name ON other (name)",
                    "INSERT INTO other VALUES ('x')");
            SQLException failure = failing(one, "INSERT INTO other VALUES ('x')");
            one.rollback();
            run(one, "DROP TABLE IF EXISTS other");
            one.commit();
            return failure;
        }
    }

    final SQLException rolledBack(String... statements) throws SQLException {
        try (Connection one = connect()) {
            for (int i = 0; i < statements.length - 1; i++) {
                run(one, statements[i]);
            }
            SQLException failure = failing(one, statements[statements.length - 1]);
            one.rollback();
            return failure;
        }
    }
}
