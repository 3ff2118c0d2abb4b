package dev.counterfoil.examples;

import dev.counterfoil.Ledger;
import dev.counterfoil.LedgerException;
import dev.counterfoil.Outcome;
import dev.counterfoil.Update;
import dev.counterfoil.jdbc.JdbcLedger;
import java.time.Duration;
import javax.sql.DataSource;

/** The shorter pieces of code in the README, compiled. */
final class ReadmePieces {
    private ReadmePieces() {}

    static Outcome afterAFault(Ledger ledger, Update update) {
        // README after a fault: begin
        Outcome outcome;
        try {
            outcome = ledger.apply(update);
        } catch (LedgerException fault) { // NotAppliedException, OutcomeUnknownException
            // Send the same update again, now or after a restart: it counts once, whatever fate() says.
            outcome = ledger.apply(update);
        }
        // README after a fault: end
        return outcome;
    }

    static Ledger ownPool(DataSource dataSource) {
        // README own pool: begin
        JdbcLedger ledger = JdbcLedger.builder(dataSource) // a pool of yours; opening a connection per update is slow
                .createSchema() // makes the tables where they are not there yet
                .timeout(Duration.ofSeconds(5)) // for a whole call; 10 seconds by default
                .prefix("acme_") // of the tables; counterfoil_ by default
                .build();
        Ledger tenant =
                ledger.namespace("tenant-7"); // accounts, keys and references of its own; open as long as the ledger
        // README own pool: end
        return tenant;
    }
}
