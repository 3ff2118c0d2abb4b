package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.jdbc.dialect.MariaDbDialect;
import dev.counterfoil.jdbc.dialect.PostgresDialect;
import dev.counterfoil.retry.Retry;
import dev.counterfoil.retry.RetryPolicy;
import dev.counterfoil.retry.ThrowingConsumer;
import dev.counterfoil.testkit.Fault;
import dev.counterfoil.testkit.Faults;
import dev.counterfoil.testkit.FlakyLink;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Work that ends its transaction itself would be judged by the wrong phase, so it cannot. */
@Timeout(120)
class OwnCommitTest {
    private static void run(Connection connection, String sql) throws SQLException {
        JoinedBooks.run(connection, sql);
    }

    /** The answer to the work's own commit is lost: judged as lost before COMMIT, the seat would be taken twice. */
    @ParameterizedTest
    @ValueSource(strings = {"postgres", "mariadb"})
    void workThatCommitsItselfIsNotDoneTwice(String database) throws SQLException {
        boolean postgres = database.equals("postgres");
        LinkedServer server = postgres ? new PostgresLink() : new MariaDbLink();
        SqlFailures failures = SqlFailures.of(postgres ? new PostgresDialect() : new MariaDbDialect());
        Retry booking = Retry.named("booking", RetryPolicy.contention().withClassifier(failures));
        try (FlakyLink link = server.link();
                PlainSql beside = new PlainSql(server.url("127.0.0.1", server.port()));
                HikariDataSource through = FailuresContract.pool(server.url(link.host(), link.port()))) {
            beside.run("DROP TABLE IF EXISTS seat", "CREATE TABLE seat (taken int)", "INSERT INTO seat VALUES (0)");
            link.faults(Faults.script(Fault.CUT_AFTER_COMMIT));
            Throwable failure = catchThrowable(() -> booking.execute(() -> failures.inTransaction(through, c -> {
                run(c, "UPDATE seat SET taken = taken + 1");
                c.commit();
                return "booked";
            })));
            assertThat(beside.count("SELECT taken FROM seat")).isZero();
            assertThat(failure).isInstanceOf(IllegalStateException.class).hasMessageContaining("commit()");
        }
    }

    private static void refused(HikariDataSource pool, ThrowingConsumer<Connection, SQLException> end) {
        assertThatThrownBy(() -> SqlFailures.of(new PostgresDialect()).inTransaction(pool, c -> {
                    run(c, "INSERT INTO outbox VALUES ('of the work')");
                    end.accept(c);
                    return "";
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("inTransaction");
    }

    @Test
    void allThatEndsTheTransactionIsRefusedAndTheWorkIsRolledBack(@TempDir Path directory) throws SQLException {
        try (HikariDataSource pool = JoinedBooks.POSTGRESQL.open(directory)) {
            refused(pool, Connection::commit);
            refused(pool, Connection::rollback);
            refused(pool, c -> c.setAutoCommit(true));
            try (PlainSql sql = new PlainSql(pool.getConnection())) {
                assertThat(sql.count("SELECT count(*) FROM outbox")).isZero();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void savepointsAndStepsOfALedgerAreTheWorksOwn(JoinedBooks books, @TempDir Path directory) throws SQLException {
        try (HikariDataSource pool = books.open(directory);
                JdbcLedger ledger = JdbcLedger.builder(pool).createSchema().build()) {
            Till.apply(ledger, Till.opening());
            SqlFailures.of(LaterLibrary.dialect(books, 1)).inTransaction(pool, c -> {
                if (books != JoinedBooks.SQLITE) {
                    c.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
                }
                c.setAutoCommit(false); // as it is already
                run(c, "INSERT INTO outbox VALUES ('one')");
                Savepoint before = c.setSavepoint();
                run(c, "INSERT INTO outbox VALUES ('two')");
                c.rollback(before);
                assertThat(c.equals(c)).isTrue();
                return ledger.in(c).post(Till.cent("c"));
            });
            assertThat(Till.cash(ledger, 0)).isEqualTo("99.99");
            try (PlainSql sql = new PlainSql(pool.getConnection())) {
                assertThat(sql.rows("SELECT message FROM outbox")).containsExactly("one");
            }
        }
    }
}
