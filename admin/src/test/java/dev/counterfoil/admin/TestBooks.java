package dev.counterfoil.admin;

import dev.counterfoil.AccountId;
import dev.counterfoil.BalanceId;
import dev.counterfoil.JournalId;
import dev.counterfoil.Key;
import dev.counterfoil.Ledger;
import dev.counterfoil.Limits;
import dev.counterfoil.Receipt;
import dev.counterfoil.RegisterId;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.jdbc.JdbcLedger;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** Books with a little of everything. */
final class TestBooks {
    static final Unit SAR = Unit.of("SAR", 2);
    static final AccountId RETAINER = AccountId.of("retainer", "42");
    static final BalanceId AVAILABLE = RETAINER.balance("available", SAR);
    static final RegisterId STATUS = RETAINER.register("status");
    static final JournalId USAGE = RETAINER.journal("consumptions");
    static final BalanceId FEES = AccountId.of("office", "main").balance("fees", SAR);

    /** One account's cell is written as the other's: only the option tells them apart. */
    static final BalanceId COLON_IN_NAME = AccountId.of("odd", "a").balance("b:c", SAR);

    static final BalanceId COLON_IN_ID = AccountId.of("odd", "a:b").balance("c", SAR);
    static final BalanceId SLASHES = AccountId.of("odd", "x/y:z").balance("n/m", SAR);

    private TestBooks() {}

    /** Keeps them in a new file. */
    static String in(Path directory) {
        String url = "jdbc:sqlite:" + directory.resolve("books.db");
        try (JdbcLedger ledger = JdbcLedger.open(url)) {
            fill(ledger);
        }
        return url;
    }

    static void fill(Ledger ledger) {
        ledger.apply(Update.of("open-42")
                        .open(AVAILABLE, "1000.00", Limits.nonNegative())
                        .open(STATUS, "ACTIVE")
                        .open(USAGE)
                        .build())
                .orThrow();
        ledger.apply(Update.of("open-office").open(FEES).build()).orThrow();
        Receipt fee = ledger.apply(Update.of(Key.of("shop", "fee-1"))
                        .transfer(AVAILABLE, FEES, "150.00")
                        .append(USAGE, "{\"hours\":4}\n\u001b[31mred")
                        .reference("invoice/7")
                        .metadata("by hand")
                        .build())
                .orThrow()
                .receipt();
        ledger.apply(Update.reversalOf("refund-1", fee).build()).orThrow();
        ledger.apply(Update.of("status-1")
                        .compareAndSet(STATUS, "ACTIVE", "PAUSED")
                        .build())
                .orThrow();
        // Refused, which is kept.
        ledger.apply(Update.of("too-much").take(AVAILABLE, "1000.01").build());
        ledger.apply(Update.of("odd")
                        .open(COLON_IN_NAME, "1.00", Limits.none())
                        .open(COLON_IN_ID, "2.00", Limits.none())
                        .open(SLASHES, "3.00", Limits.none())
                        .build())
                .orThrow();
        ledger.namespace("tenant-7")
                .apply(Update.of("open").open(AVAILABLE, "7.00", Limits.none()).build())
                .orThrow();
    }

    /** Changes rows behind the ledger's back. */
    static void sql(String url, String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
