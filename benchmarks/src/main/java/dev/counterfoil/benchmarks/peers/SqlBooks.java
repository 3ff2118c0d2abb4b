package dev.counterfoil.benchmarks.peers;

import dev.counterfoil.benchmarks.load.Standing;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Queries for what stands in the books.
 *
 * @param balances account from 0, and its cents
 * @param entries how many
 * @param crooked how many balances are not the sum of their entries
 * @param applied how many keys
 * @param rejected how many keys
 */
record SqlBooks(String balances, String entries, String crooked, String applied, String rejected) {
    /** Of the peers' tables. */
    static SqlBooks ofPeers(String centsOf) {
        return new SqlBooks(
                "SELECT id, " + String.format(centsOf, "balance") + " FROM account",
                "SELECT count(*) FROM entry WHERE transfer_id IS NOT NULL",
                "SELECT count(*) FROM account a WHERE " + String.format(centsOf, "a.balance") + " <> "
                        + "(SELECT sum(" + String.format(centsOf, "e.delta")
                        + ") FROM entry e WHERE e.account_id = a.id)"
                        + " OR a.version <> (SELECT count(*) FROM entry e WHERE e.account_id = a.id)",
                "SELECT count(*) FROM transfer WHERE applied",
                "SELECT count(*) FROM transfer WHERE NOT applied");
    }

    /** Of the ledger's tables. */
    static SqlBooks ofLedger(String centsOf) {
        return new SqlBooks(
                "SELECT account_id, " + String.format(centsOf, "amount") + " FROM counterfoil_cell",
                "SELECT count(*) FROM counterfoil_entry WHERE sequence > 1",
                "SELECT count(*) FROM counterfoil_cell c WHERE " + String.format(centsOf, "c.amount") + " <> "
                        + "(SELECT sum(" + String.format(centsOf, "e.delta")
                        + ") FROM counterfoil_entry e WHERE e.cell_id = c.id)"
                        + " OR c.version <> (SELECT count(*) FROM counterfoil_entry e WHERE e.cell_id = c.id)",
                "SELECT count(*) FROM counterfoil_decision WHERE outcome = 'APPLIED' AND scope <> 'opening'",
                "SELECT count(*) FROM counterfoil_decision WHERE outcome <> 'APPLIED'");
    }

    Standing read(Connection connection, int accounts) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            List<Long> cents = new ArrayList<>(Collections.nCopies(accounts, Long.MIN_VALUE));
            try (ResultSet rows = statement.executeQuery(balances)) {
                while (rows.next()) {
                    cents.set(rows.getInt(1), rows.getLong(2));
                }
            }
            return new Standing(
                    cents,
                    one(statement, entries),
                    one(statement, crooked),
                    one(statement, applied),
                    one(statement, rejected));
        }
    }

    private static long one(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
