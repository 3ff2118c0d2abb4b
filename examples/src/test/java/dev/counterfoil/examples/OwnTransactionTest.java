package dev.counterfoil.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.Update;
import dev.counterfoil.jdbc.JdbcLedger;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** The README's own transaction, on a database that knows READ COMMITTED. */
class OwnTransactionTest {
    @Test
    void doneAgainUnderTheSameKeyItLeavesNoSecondMessage() throws SQLException {
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl("jdbc:h2:mem:own-transaction");
            try (JdbcLedger ledger = JdbcLedger.builder(pool).createSchema().build();
                    Connection connection = pool.getConnection();
                    Statement statement = connection.createStatement()) {
                ledger.apply(Update.of("open").open(Shop.PURSE).open(Shop.TILL).build())
                        .orThrow();
                statement.execute("CREATE TABLE outbox (message varchar(60))");
                Update payment = Shop.pay("p-1", "30.00");

                assertThat(ReadmePieces.ownTransaction(ledger, pool, payment, Shop.PURSE, Shop.TILL)
                                .replayed())
                        .isFalse();
                assertThat(ReadmePieces.ownTransaction(ledger, pool, payment, Shop.PURSE, Shop.TILL)
                                .replayed())
                        .isTrue();
                try (ResultSet row = statement.executeQuery("SELECT count(*) FROM outbox")) {
                    row.next();
                    assertThat(row.getInt(1)).isEqualTo(1);
                }
            }
        }
    }
}
