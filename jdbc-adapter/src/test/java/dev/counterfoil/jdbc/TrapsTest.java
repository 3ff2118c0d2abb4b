package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.LedgerException;
import dev.counterfoil.Update;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Traps of databases, drivers and pools, as plain JDBC falls into them: what the rules of this library are for. */
@Timeout(60)
class TrapsTest {
    @TempDir
    Path directory;

    private static final class Postgres {
        private static final String DATABASE = PostgresServer.get().newDatabase();
    }

    private Connection connect(String database) throws SQLException {
        Connection connection = DriverManager.getConnection(
                switch (database) {
                    case "postgres" ->
                        PostgresServer.get().url(Postgres.DATABASE) + "&raiseExceptionOnSilentRollback=false";
                    case "h2" -> "jdbc:h2:" + directory.resolve("books") + ";USER=sa";
                    case "sqlite" -> "jdbc:sqlite:" + directory.resolve("books.db") + "?busy_timeout=0";
                    default -> throw new IllegalArgumentException(database);
                });
        run(connection, "CREATE TABLE IF NOT EXISTS t (n int PRIMARY KEY)", "DELETE FROM t");
        return connection;
    }

    private static void run(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static SQLException failing(Connection connection, String sql) {
        return catchThrowableOfType(SQLException.class, () -> run(connection, sql));
    }

    private long count(String database) throws SQLException {
        try (Connection other = DriverManager.getConnection(
                database.equals("postgres") ? PostgresServer.get().url(Postgres.DATABASE) : url(database))) {
            return new PlainSql(other).count("SELECT count(*) FROM t");
        }
    }

    private String url(String database) {
        return database.equals("h2")
                ? "jdbc:h2:" + directory.resolve("books") + ";USER=sa"
                : "jdbc:sqlite:" + directory.resolve("books.db");
    }

    /** PostgreSQL commits nothing then, the others commit the rest, and none says so. pgjdbc does, unless it is told not to. */
    @ParameterizedTest
    @CsvSource({"postgres, 0", "h2, 1", "sqlite, 1"})
    void commitAfterAFailedStatementReturnsNormally(String database, int committed) throws SQLException {
        try (Connection connection = connect(database)) {
            connection.setAutoCommit(false);
            run(connection, "INSERT INTO t VALUES (1)");
            assertThat((Throwable) failing(connection, "INSERT INTO t VALUES (1)"))
                    .isNotNull();
            connection.commit();
            assertThat(count(database)).isEqualTo(committed);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "h2", "sqlite"})
    void autoCommitTurnedOnInsideATransactionCommits(String database) throws SQLException {
        try (Connection connection = connect(database)) {
            connection.setAutoCommit(false);
            run(connection, "INSERT INTO t VALUES (1)");
            connection.setAutoCommit(true);
            assertThat(count(database)).isEqualTo(1);
        }
    }

    @Test
    void h2UndoesOnlyTheStatementThatWaitedForALockInVain() throws SQLException {
        try (Connection one = connect("h2");
                Connection two = connect("h2")) {
            run(one, "INSERT INTO t VALUES (1), (2)");
            one.setAutoCommit(false);
            two.setAutoCommit(false);
            run(one, "SELECT * FROM t WHERE n = 1 FOR UPDATE");
            run(two, "SET LOCK_TIMEOUT 20", "INSERT INTO t VALUES (3)");
            assertThat(failing(two, "DELETE FROM t WHERE n = 1").getErrorCode()).isEqualTo(50200);
            two.commit();
            one.rollback();
            assertThat(count("h2")).as("the one before it is there").isEqualTo(3);
        }
    }

    @Test
    void aBatchThatTheDriverRewritesDoesNotSayWhatItChanged() throws SQLException {
        try (Connection made = connect("postgres");
                Connection connection = DriverManager.getConnection(
                        PostgresServer.get().url(Postgres.DATABASE) + "&reWriteBatchedInserts=true");
                PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?)")) {
            run(made, "DELETE FROM t");
            for (int i = 0; i < 4; i++) {
                insert.setInt(1, i);
                insert.addBatch();
            }
            assertThat(Arrays.stream(insert.executeBatch()).boxed()).containsOnly(Statement.SUCCESS_NO_INFO);
        }
        try (HikariDataSource pool = PostgresServer.get()
                        .pool(PostgresServer.get().newDatabase(), 2, Map.of("reWriteBatchedInserts", "true"));
                JdbcLedger ledger = JdbcLedger.builder(pool).createSchema().build()) {
            Till.apply(ledger, Till.opening());
            assertThat(Till.apply(ledger, Till.cent("c")).replayed()).isFalse();
        }
    }

    @Test
    void notANumberPassesAsNotNegativeOnPostgres() throws SQLException {
        try (Connection connection = connect("postgres")) {
            run(
                    connection,
                    "CREATE TEMP TABLE purse (amount numeric CHECK (amount >= 0))",
                    "INSERT INTO purse VALUES ('NaN')");
            assertThat(new PlainSql(connection).one("SELECT amount FROM purse")).isEqualTo("NaN");
        }
        try (PostgresTill books = new PostgresTill()) {
            assertThat(failing(books.sql().connection(), "UPDATE counterfoil_cell SET amount = 'NaN'")
                            .getSQLState())
                    .as("in our tables it does not")
                    .isEqualTo("23514");
        }
    }

    @ParameterizedTest
    @CsvSource({"postgres, 0.01", "h2, 0.01"})
    void anAmountWithMoreDigitsThanItsColumnIsRoundedInSilence(String database, String stored) throws SQLException {
        try (Connection connection = connect(database)) {
            run(connection, "CREATE TABLE purse (amount numeric(9, 2))", "INSERT INTO purse VALUES (0.009)");
            assertThat(new PlainSql(connection).one("SELECT amount FROM purse")).isEqualTo(stored);
            run(connection, "DROP TABLE purse");
        }
    }

    @Test
    void twoTextsWithHalfACharacterBecomeOneOnPostgresAndNulIsRefused() throws SQLException {
        try (Connection connection = connect("postgres");
                PreparedStatement echo = connection.prepareStatement("SELECT ?::text")) {
            for (String half : new String[] {"key\ud800", "key\udfff"}) {
                echo.setString(1, half);
                try (var row = echo.executeQuery()) {
                    row.next();
                    assertThat(row.getString(1)).isEqualTo("key?");
                }
            }
            echo.setString(1, "key\0");
            assertThatThrownBy(echo::executeQuery).isInstanceOf(SQLException.class);
        }
    }

    /** The driver quotes the key; what the ledger throws and logs does not. */
    @Test
    void whatADriverSaysCarriesKeysAndWhatALedgerSaysDoesNot() throws SQLException {
        try (PostgresTill books = new PostgresTill();
                JdbcLedger ledger = books.ledger(java.time.Duration.ofSeconds(5))) {
            books.sql().run("CREATE UNIQUE INDEX users_own ON counterfoil_decision (metadata)");
            Till.apply(
                    ledger,
                    Update.of("k-1")
                            .add(Till.drawer(0), "1.00")
                            .metadata("4111-1111")
                            .build());
            LedgerException fault = catchThrowableOfType(
                    LedgerException.class,
                    () -> ledger.apply(Update.of("k-2")
                            .add(Till.drawer(0), "1.00")
                            .metadata("4111-1111")
                            .build()));
            assertThat(fault).hasMessageContaining("23505").hasMessageNotContaining("4111-1111");
            Throwable cause = fault;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            assertThat(cause).isInstanceOf(SQLException.class).hasMessageContaining("4111-1111");
        }
    }

    /** The code that an SQLException gives is cut to its last byte: 517 reads 5, which a wait would mend, and this none does. */
    @Test
    void onSqliteAnOldViewLooksLikeABusyFileAndBeginImmediateHasNone() throws SQLException {
        try (Connection one = connect("sqlite");
                Connection two = connect("sqlite")) {
            run(one, "PRAGMA journal_mode = WAL", "BEGIN");
            new PlainSql(one).rows("SELECT * FROM t");
            run(two, "INSERT INTO t VALUES (1)");
            SQLException old = failing(one, "INSERT INTO t VALUES (2)");
            assertThat(old.getErrorCode()).isEqualTo(5);
            assertThat(((SQLiteException) old).getResultCode()).isEqualTo(SQLiteErrorCode.SQLITE_BUSY_SNAPSHOT);
            assertThat((Throwable) failing(one, "INSERT INTO t VALUES (2)"))
                    .as("again, and again")
                    .isNotNull();
            run(one, "ROLLBACK", "BEGIN IMMEDIATE");
            new PlainSql(one).rows("SELECT * FROM t");
            assertThat((Throwable) failing(two, "INSERT INTO t VALUES (3)"))
                    .as("nobody can make it old")
                    .isNotNull();
            run(one, "INSERT INTO t VALUES (2)", "COMMIT");
        }
    }

    @Test
    void onSqliteABusyCommitLeavesTheTransactionOpen() throws SQLException {
        try (Connection one = connect("sqlite");
                Connection two = connect("sqlite")) {
            run(two, "INSERT INTO t VALUES (0)", "BEGIN");
            new PlainSql(two).rows("SELECT * FROM t");
            run(one, "BEGIN IMMEDIATE", "INSERT INTO t VALUES (1)");
            assertThat(failing(one, "COMMIT").getErrorCode()).isEqualTo(5);
            run(two, "ROLLBACK");
            run(one, "COMMIT");
            assertThat(count("sqlite")).isEqualTo(2);
        }
    }

    /** A connection that was used within half a second is lent without a look; again until it was lent in time. */
    @Test
    void hikariLendsADeadConnectionThatWasUsedJustNow() throws SQLException {
        try (PostgresTill books = new PostgresTill();
                HikariDataSource pool = books.pool(1)) {
            SQLException seen = null;
            for (int i = 0; seen == null && i < 200; i++) {
                try (Connection connection = pool.getConnection()) {
                    run(connection, "SELECT 1");
                }
                books.sql().run("SELECT pg_terminate_backend(pid, 60000)" + PostgresTill.OTHERS);
                try (Connection connection = pool.getConnection()) {
                    seen = failing(connection, "SELECT 1");
                }
            }
            assertThat((Throwable) seen).isNotNull();
            assertThat(seen.getSQLState()).isEqualTo("57P01");
        }
    }
}
