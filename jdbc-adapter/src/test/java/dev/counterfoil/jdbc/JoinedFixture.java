package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One database for the tests of a class, and a namespace of its own for each test: the tills in it are opened. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
abstract class JoinedFixture {
    private final JoinedBooks books;
    private final List<Connection> connections = new ArrayList<>();
    private int tests;

    HikariDataSource pool;
    JdbcLedger all;
    JdbcLedger ledger;

    JoinedFixture(JoinedBooks books) {
        this.books = books;
    }

    @BeforeAll
    void openDatabase(@TempDir Path directory) throws SQLException {
        pool = books.open(directory);
        all = JdbcLedger.builder(pool).createSchema().build();
    }

    @AfterAll
    void closeDatabase() {
        all.close();
        pool.close();
    }

    @BeforeEach
    void openNamespace() {
        ledger = all.namespace("test-" + ++tests);
        Till.apply(ledger, Till.opening());
    }

    @AfterEach
    void closeConnections() throws SQLException {
        for (Connection connection : connections) {
            if (!connection.isClosed()) {
                connection.rollback();
                connection.close();
            }
        }
        connections.clear();
    }

    JoinedBooks books() {
        return books;
    }

    /** A connection of the caller's, in a transaction that can be joined; closed at the end of the test. */
    Connection begin() throws SQLException {
        Connection connection = books.begin(pool);
        connections.add(connection);
        return connection;
    }

    /** A row of the caller's; its message is the test's own. */
    void send(Connection connection, String message) throws SQLException {
        JoinedBooks.run(connection, "INSERT INTO outbox VALUES ('" + tests + " " + message + "')");
    }

    /** The committed rows of the caller's in this test. */
    List<String> sent() throws SQLException {
        try (PlainSql sql = new PlainSql(pool.getConnection())) {
            return sql.rows("SELECT message FROM outbox WHERE message LIKE ? ORDER BY message", tests + " %").stream()
                    .map(row -> row.substring(row.indexOf(' ') + 1))
                    .toList();
        }
    }

    /** The number of the test, by which its namespace is called. */
    int test() {
        return tests;
    }

    void assertCash(int drawer, String amount) {
        assertThat(Till.cash(ledger, drawer)).isEqualTo(amount);
    }
}
