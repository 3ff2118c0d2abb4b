package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What plain JDBC makes of two who take 80 from the same 100, one after the other, when both have looked before. Right is one
 * who gets it and one who does not; the code is what the second one is told.
 */
@Timeout(240)
class IsolationTableTest {
    @TempDir
    Path directory;

    private interface Take {
        boolean from(Connection connection, int seen) throws SQLException;
    }

    @ParameterizedTest
    @CsvSource({
        "postgres, GUARDED_UPDATE, READ COMMITTED, right",
        "postgres, GUARDED_UPDATE, REPEATABLE READ, 40001",
        "postgres, READ_THEN_WRITE, READ COMMITTED, loses",
        "postgres, READ_THEN_WRITE, REPEATABLE READ, 40001",
        "postgres, LOCK_THEN_WRITE, READ COMMITTED, right",
        "mariadb, GUARDED_UPDATE, READ COMMITTED, right",
        "mariadb, GUARDED_UPDATE, REPEATABLE READ, right",
        "mariadb, READ_THEN_WRITE, READ COMMITTED, loses",
        "mariadb, READ_THEN_WRITE, REPEATABLE READ, loses",
        "mariadb, LOCK_THEN_WRITE, READ COMMITTED, right",
        "h2, GUARDED_UPDATE, READ COMMITTED, right",
        "h2, GUARDED_UPDATE, REPEATABLE READ, 40001",
        "h2, READ_THEN_WRITE, READ COMMITTED, loses",
        "h2, READ_THEN_WRITE, REPEATABLE READ, 40001",
        "h2, LOCK_THEN_WRITE, READ COMMITTED, right",
        "sqlite, GUARDED_UPDATE, SERIALIZABLE, 5",
        "sqlite, READ_THEN_WRITE, SERIALIZABLE, 5"
    })
    void twoWhoTakeEightyOfAHundred(String database, String pattern, String level, String expected)
            throws SQLException {
        String url = url(database);
        try (Connection one = DriverManager.getConnection(url);
                Connection two = DriverManager.getConnection(url)) {
            run(one, "DROP TABLE IF EXISTS purse");
            run(one, "CREATE TABLE purse (id int PRIMARY KEY, amount int)");
            run(one, "INSERT INTO purse VALUES (1, 100)");
            if (database.equals("sqlite")) {
                run(one, "PRAGMA journal_mode = WAL");
            }
            for (Connection each : new Connection[] {one, two}) {
                each.setTransactionIsolation(level(level));
                each.setAutoCommit(false);
            }
            assertThat(result(one, two, take(pattern))).isEqualTo(expected);
        }
    }

    private static String result(Connection one, Connection two, Take take) throws SQLException {
        int seenByOne = amount(one, "");
        int seenByTwo = amount(two, "");
        int handedOut = take.from(one, seenByOne) ? 80 : 0;
        one.commit();
        try {
            handedOut += take.from(two, seenByTwo) ? 80 : 0;
            two.commit();
        } catch (SQLException told) {
            two.rollback();
            return told.getSQLState() == null ? Integer.toString(told.getErrorCode()) : told.getSQLState();
        }
        return handedOut == 80 && amount(one, "") == 20 ? "right" : "loses";
    }

    private static Take take(String pattern) {
        return switch (pattern) {
            case "GUARDED_UPDATE" ->
                (connection, seen) -> run(connection, "UPDATE purse SET amount = amount - 80 WHERE amount >= 80") == 1;
            case "READ_THEN_WRITE" -> IsolationTableTest::write;
            case "LOCK_THEN_WRITE" -> (connection, seen) -> write(connection, amount(connection, " FOR UPDATE"));
            default -> throw new IllegalArgumentException(pattern);
        };
    }

    private static boolean write(Connection connection, int seen) throws SQLException {
        return seen >= 80 && run(connection, "UPDATE purse SET amount = " + (seen - 80)) == 1;
    }

    private String url(String database) {
        return switch (database) {
            case "postgres" -> PostgresServer.get().url(PostgresDatabase.NAME);
            case "mariadb" -> MariaDbServer.get().url(MariaDbDatabase.NAME, "");
            case "h2" -> "jdbc:h2:" + directory.resolve("purse") + ";USER=sa";
            case "sqlite" -> "jdbc:sqlite:" + directory.resolve("purse.db") + "?busy_timeout=0";
            default -> throw new IllegalArgumentException(database);
        };
    }

    private static final class PostgresDatabase {
        private static final String NAME = PostgresServer.get().newDatabase();
    }

    private static final class MariaDbDatabase {
        private static final String NAME = MariaDbServer.get().newDatabase();
    }

    private static int level(String name) {
        return switch (name) {
            case "READ COMMITTED" -> Connection.TRANSACTION_READ_COMMITTED;
            case "REPEATABLE READ" -> Connection.TRANSACTION_REPEATABLE_READ;
            case "SERIALIZABLE" -> Connection.TRANSACTION_SERIALIZABLE;
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static int amount(Connection connection, String how) throws SQLException {
        return Integer.parseInt(new PlainSql(connection).one("SELECT amount FROM purse WHERE id = 1" + how));
    }

    private static int run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.execute(sql) ? 0 : statement.getUpdateCount();
        }
    }
}
