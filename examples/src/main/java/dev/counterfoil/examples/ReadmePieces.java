package dev.counterfoil.examples;

import dev.counterfoil.Applied;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Ledger;
import dev.counterfoil.LedgerException;
import dev.counterfoil.Outcome;
import dev.counterfoil.Update;
import dev.counterfoil.jdbc.JdbcLedger;
import dev.counterfoil.jdbc.JoinedLedger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Queue;
import javax.sql.DataSource;

/** The shorter pieces of code in the README, compiled. */
final class ReadmePieces {
    private ReadmePieces() {}

    static void afterAFault(Ledger ledger, Update update, Queue<Update> later) {
        // README after a fault: begin
        try {
            Outcome outcome = ledger.apply(update);
            System.out.println(outcome.key() + (outcome instanceof Applied ? " is paid" : " is refused"));
        } catch (LedgerException fault) { // NotAppliedException, OutcomeUnknownException
            // Keep the update, and send the same one later, after a restart too: it counts once, whatever fate() says.
            later.add(update);
        }
        // README after a fault: end
    }

    static Ledger ownPool(DataSource dataSource) {
        // README own pool: begin
        JdbcLedger ledger = JdbcLedger.builder(dataSource) // a pool of yours; opening a connection per update is slow
                .schema("money") // of the tables; without it, where the connection looks
                .createSchema() // makes them where they are not there yet
                .requireDurable() // refuses a database that may lose what it has acknowledged
                .timeout(Duration.ofSeconds(5)) // for a whole call; 10 seconds by default
                .prefix("acme_") // of the tables; counterfoil_ by default
                .build();
        Ledger tenant =
                ledger.namespace("tenant-7"); // accounts, keys and references of its own; open as long as the ledger
        // README own pool: end
        return tenant;
    }

    static Applied ownTransaction(
            JdbcLedger ledger, DataSource dataSource, Update payment, BalanceId from, BalanceId to)
            throws SQLException {
        // README own transaction: begin
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED); // on SQLite it is SERIALIZABLE
            try {
                JoinedLedger joined = ledger.in(connection); // one for the whole transaction: hand it on
                joined.lock(from, to); // optional: all cells that it will need, at once
                Applied paid = joined.post(payment); // a "no" is a RefusedException; tryPost returns it
                try (PreparedStatement insert = connection.prepareStatement("INSERT INTO outbox VALUES (?)")) {
                    insert.setString(1, paid.key().value());
                    insert.executeUpdate();
                }
                connection.commit(); // both, or neither
                return paid;
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            }
        }
        // README own transaction: end
    }
}
