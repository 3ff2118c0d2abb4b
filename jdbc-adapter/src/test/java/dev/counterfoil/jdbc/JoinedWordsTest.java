package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.NotAppliedException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a person is told whose transaction cannot be joined, or not any more: what to do. */
@Timeout(120)
class JoinedWordsTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(names = {"MARIADB", "H2"})
    void aLevelThatCannotBeJoinedComesWithTheCallThatSetsAnother(JoinedBooks books) throws SQLException {
        try (HikariDataSource pool = books.open(directory);
                JdbcLedger ledger = JdbcLedger.builder(pool).createSchema().build();
                Connection connection = books.begin(pool)) {
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            assertThatThrownBy(() -> ledger.in(connection))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED)");
            connection.rollback();
        }
    }

    @Test
    void aStepBehindAStatementThatFailedSaysThatItDid() throws SQLException {
        try (HikariDataSource pool = JoinedBooks.POSTGRESQL.open(directory);
                JdbcLedger ledger = JdbcLedger.builder(pool).createSchema().build();
                Connection connection = JoinedBooks.POSTGRESQL.begin(pool)) {
            assertThatThrownBy(() -> JoinedBooks.run(connection, "SELECT 1 / 0"))
                    .isInstanceOf(SQLException.class);
            JoinedLedger joined = ledger.in(connection);
            assertThatThrownBy(() -> joined.post(Till.cent("c")))
                    .isInstanceOf(NotAppliedException.class)
                    .hasMessageContaining("a statement of this transaction failed before: roll back");
            connection.rollback();
        }
    }
}
