package dev.counterfoil.jdbc;

import static dev.counterfoil.spi.StoreException.Trouble.ONE_REQUEST;
import static dev.counterfoil.spi.StoreException.Trouble.PERMANENT;
import static dev.counterfoil.spi.StoreException.Trouble.TRANSIENT;
import static dev.counterfoil.spi.StoreException.Trouble.UNKNOWN;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.Fate;
import dev.counterfoil.jdbc.dialect.Dialect;
import dev.counterfoil.jdbc.dialect.SqliteDialect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

/** The failures of a real SQLite. It has no sessions to kill, no logins and no server that could be full or stopped. */
class SqliteFailuresTest extends FailuresContract {
    @TempDir
    static Path directory;

    private Connection stranger;

    @Override
    Dialect dialect() {
        return new SqliteDialect();
    }

    @Override
    String url() {
        return "jdbc:sqlite:" + file() + "?busy_timeout=0";
    }

    private static Path file() {
        return directory.resolve("books.db");
    }

    private static Connection open() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file() + "?busy_timeout=0");
    }

    @Override
    void assertSound(PlainSql sql) throws SQLException {
        Till.assertSound(sql);
    }

    @Override
    Stream<Failure> failures() {
        return Stream.of(
                new Failure(
                        "deadlock: two who have read want to write",
                        this::upgrade,
                        "null/5",
                        TRANSIENT,
                        TRANSIENT,
                        TRANSIENT),
                new Failure("serialization failure", this::staleView, "null/5", TRANSIENT, TRANSIENT, TRANSIENT),
                new Failure("lock time-out", this::busy, "null/5", TRANSIENT, TRANSIENT, TRANSIENT),
                new Failure("lock time-out at COMMIT", this::busyAtCommit, "null/5", TRANSIENT, TRANSIENT, TRANSIENT),
                new Failure(
                        "duplicate of our index", this::duplicateOfOurKey, "null/19", TRANSIENT, TRANSIENT, TRANSIENT),
                new Failure(
                        "duplicate of another table",
                        this::duplicateOfAnother,
                        "null/19",
                        ONE_REQUEST,
                        ONE_REQUEST,
                        ONE_REQUEST),
                new Failure(
                        "duplicate of a user's index on our table",
                        this::usersIndex,
                        "null/19",
                        ONE_REQUEST,
                        ONE_REQUEST,
                        ONE_REQUEST),
                new Failure("disk full", this::full, "null/13", PERMANENT, PERMANENT, PERMANENT),
                new Failure("read-only file", this::readOnly, "null/8", PERMANENT, PERMANENT, PERMANENT),
                new Failure(
                        "no such directory",
                        () -> refused("jdbc:sqlite:" + directory.resolve("none/at/all")),
                        "null/14",
                        PERMANENT,
                        PERMANENT,
                        UNKNOWN),
                new Failure("not a database", this::notADatabase, "null/26", PERMANENT, PERMANENT, UNKNOWN),
                new Failure("interrupted statement", this::interrupted, "null/9", PERMANENT, PERMANENT, UNKNOWN));
    }

    /** Both hold what they have read, and neither may write: who comes second is told at once. */
    private SQLException upgrade() throws SQLException {
        try (Connection one = open();
                Connection two = open()) {
            for (Connection each : new Connection[] {one, two}) {
                run(each, "BEGIN");
                new PlainSql(each).rows("SELECT id FROM counterfoil_cell");
            }
            run(one, change(1));
            SQLException victim = failing(two, change(2));
            run(two, "ROLLBACK");
            run(one, "ROLLBACK");
            return victim;
        }
    }

    private SQLException staleView() throws SQLException {
        try (Connection one = open();
                Connection two = open()) {
            run(one, "BEGIN");
            new PlainSql(one).rows("SELECT id FROM counterfoil_cell");
            run(two, change(1));
            SQLException failure = failing(one, change(2));
            run(one, "ROLLBACK");
            return failure;
        }
    }

    private SQLException busy() throws SQLException {
        try (Connection one = open();
                Connection two = open()) {
            run(one, "BEGIN IMMEDIATE");
            return failing(two, "BEGIN IMMEDIATE");
        }
    }

    /** Only without a write-ahead log, which ours have: a reader keeps the writer from its COMMIT. */
    private SQLException busyAtCommit() throws SQLException {
        String plain = "jdbc:sqlite:" + directory.resolve("plain.db") + "?busy_timeout=0";
        try (Connection one = DriverManager.getConnection(plain);
                Connection two = DriverManager.getConnection(plain)) {
            run(one, "CREATE TABLE IF NOT EXISTS t (n)", "INSERT INTO t VALUES (1)");
            run(two, "BEGIN");
            new PlainSql(two).rows("SELECT * FROM t");
            run(one, "BEGIN IMMEDIATE", "INSERT INTO t VALUES (2)");
            return failing(one, "COMMIT");
        }
    }

    private SQLException duplicateOfOurKey() throws SQLException {
        try (Connection one = open()) {
            return failing(
                    one,
                    "INSERT INTO counterfoil_decision (id, namespace, scope, key, fingerprint_version, fingerprint,"
                            + " outcome, balanced, recorded_at) SELECT -id, namespace, scope, key, 1, '',"
                            + " 'APPLIED', 0, recorded_at FROM counterfoil_decision");
        }
    }

    private SQLException duplicateOfAnother() throws SQLException {
        try (Connection one = open()) {
            run(one, "CREATE TEMP TABLE other (name PRIMARY KEY)", "INSERT INTO other VALUES ('x')");
            return failing(one, "INSERT INTO other VALUES ('x')");
        }
    }

    private SQLException usersIndex() throws SQLException {
        try (Connection one = open()) {
            run(one, "BEGIN IMMEDIATE", "CREATE UNIQUE INDEX users_own ON counterfoil_decision (reference)");
            String insert = "INSERT INTO counterfoil_decision (id, namespace, scope, key, fingerprint_version,"
                    + " fingerprint, outcome, balanced, recorded_at, reference) SELECT -%1$d, namespace || %1$d, scope,"
                    + " key, 1, fingerprint, 'APPLIED', 0, recorded_at, 'r' FROM counterfoil_decision"
                    + " WHERE key = 'till-open' AND id > 0";
            run(one, String.format(insert, 1));
            SQLException failure = failing(one, String.format(insert, 2));
            run(one, "ROLLBACK");
            return failure;
        }
    }

    private SQLException full() throws SQLException {
        try (Connection one = open()) {
            run(one, "PRAGMA max_page_count = 1");
            return failing(one, "CREATE TABLE too_much AS SELECT hex(zeroblob(100000)) AS x");
        }
    }

    private SQLException readOnly() throws SQLException {
        try (Connection one = open()) {
            run(one, "PRAGMA query_only = ON");
            return failing(one, change(1));
        }
    }

    private SQLException notADatabase() throws Exception {
        Path file = Files.writeString(directory.resolve("letter.txt"), "Dear Sir, this is no database. ".repeat(100));
        try (Connection one = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            return failing(one, "SELECT * FROM sqlite_master");
        } catch (SQLException e) {
            return e;
        }
    }

    private SQLException interrupted() throws Exception {
        try (Connection one = open();
                java.sql.Statement statement = one.createStatement();
                Calls calls = new Calls()) {
            java.util.concurrent.Future<SQLException> endless = calls.call(() -> catchThrowableOfType(
                    SQLException.class,
                    () -> statement
                            .executeQuery(
                                    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n")
                            .next()));
            while (!endless.isDone()) {
                statement.cancel();
                Thread.onSpinWait();
            }
            return Calls.get(endless);
        }
    }

    @Override
    Stream<Trial> trials() {
        return Stream.of(
                new Trial("a stranger's lock", Fate.NOT_APPLIED, pool -> lockOut(), pool -> letIn()),
                new Trial("connections that died", Fate.NOT_APPLIED, SqliteFailuresTest::closeBeneath, pool -> {}));
    }

    private void lockOut() throws SQLException {
        stranger = open();
        run(stranger, "BEGIN IMMEDIATE");
    }

    private void letIn() throws SQLException {
        stranger.close();
    }

    /** What is left then fails without an SQLState by which a pool could know it. */
    private static void closeBeneath(HikariDataSource pool) throws SQLException {
        try (Connection one = pool.getConnection()) {
            one.unwrap(org.sqlite.SQLiteConnection.class).close();
        }
    }
}
