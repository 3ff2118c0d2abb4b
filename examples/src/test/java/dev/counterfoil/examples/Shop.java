package dev.counterfoil.examples;

import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.AccountId;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Limits;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.jdbc.JdbcLedger;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** An SQLite file with a purse of 100.00, a till, and an outbox whose messages are not empty. */
final class Shop implements AutoCloseable {
    static final BalanceId PURSE = AccountId.of("customer", "7").balance("purse", Unit.of("SAR", 2));
    static final BalanceId TILL = AccountId.of("shop", "1").balance("till", Unit.of("SAR", 2));

    final HikariDataSource pool = new HikariDataSource();
    final JdbcLedger ledger;

    Shop(Path directory) throws SQLException {
        pool.setJdbcUrl("jdbc:sqlite:" + directory.resolve("shop.db"));
        pool.setMaximumPoolSize(4);
        ledger = JdbcLedger.builder(pool).createSchema().build();
        ledger.apply(Update.of("open")
                        .open(PURSE, "100.00", Limits.nonNegative())
                        .open(TILL)
                        .build())
                .orThrow();
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE outbox (id TEXT PRIMARY KEY, message TEXT NOT NULL CHECK (message <> ''))");
        }
    }

    static Update pay(String key, String amount) {
        return Update.of(key).transfer(PURSE, TILL, amount).build();
    }

    BigDecimal purse() {
        return ledger.read(PURSE.account()).balance(PURSE);
    }

    List<String> messages() throws SQLException {
        List<String> messages = new ArrayList<>();
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT message FROM outbox ORDER BY id")) {
            while (row.next()) {
                messages.add(row.getString(1));
            }
        }
        return messages;
    }

    @Override
    public void close() {
        ledger.close();
        pool.close();
    }
}
