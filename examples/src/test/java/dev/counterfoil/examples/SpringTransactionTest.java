package dev.counterfoil.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.counterfoil.Applied;
import dev.counterfoil.Update;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.support.TransactionTemplate;

/** The ledger in a transaction of Spring's: it joins the connection that Spring has bound to the thread. */
class SpringTransactionTest {
    private Shop shop;
    private JdbcTemplate jdbc;
    private TransactionTemplate transaction;

    @BeforeEach
    void open(@TempDir Path directory) throws SQLException {
        shop = new Shop(directory);
        jdbc = new JdbcTemplate(shop.pool);
        transaction = new TransactionTemplate(new DataSourceTransactionManager(shop.pool));
        // Other than on SQLite: transaction.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED)
    }

    @AfterEach
    void close() {
        shop.close();
    }

    private Applied pay(Update payment, String message) {
        return Objects.requireNonNull(transaction.execute(status -> {
            Connection connection = DataSourceUtils.getConnection(shop.pool);
            try {
                Applied paid = shop.ledger.in(connection).post(payment);
                jdbc.update("INSERT INTO outbox VALUES (?, ?)", paid.key().value(), message);
                return paid;
            } finally {
                DataSourceUtils.releaseConnection(connection, shop.pool);
            }
        }));
    }

    @Test
    void springCommitsBoth() throws SQLException {
        assertThat(pay(Shop.pay("p-1", "30.00"), "paid 30.00").provisional()).isTrue();
        assertThat(shop.purse()).isEqualTo("70.00");
        assertThat(shop.messages()).containsExactly("paid 30.00");
    }

    @Test
    void springRollsBackBoth() throws SQLException {
        assertThatThrownBy(() -> pay(Shop.pay("p-1", "30.00"), "")).isInstanceOf(DataAccessException.class);
        assertThat(shop.purse()).isEqualTo("100.00");
        assertThat(shop.ledger.find("p-1")).isEmpty();
        assertThat(shop.messages()).isEmpty();
    }
}
