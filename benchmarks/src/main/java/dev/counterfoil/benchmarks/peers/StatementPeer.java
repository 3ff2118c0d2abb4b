package dev.counterfoil.benchmarks.peers;

import dev.counterfoil.benchmarks.load.Transfer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** One statement that locks, decides and writes all rows, in one round trip with its commit. */
public final class StatementPeer extends JdbcPeer {
    private static final String STATEMENT = """
            WITH asked (key, from_id, to_id, amount) AS (VALUES (?, ?, ?, ?)),
            locked AS MATERIALIZED (
              SELECT id, balance, version FROM account WHERE id IN (?, ?) ORDER BY id FOR UPDATE),
            decided AS (
              INSERT INTO transfer (key, from_id, to_id, amount, applied)
              SELECT a.key, a.from_id, a.to_id, a.amount, l.balance >= a.amount
              FROM asked a JOIN locked l ON l.id = a.from_id
              ON CONFLICT (key) DO NOTHING RETURNING id, from_id, amount, applied),
            written AS (
              SELECT l.id AS account_id, l.version + 1 AS sequence, d.id AS transfer_id,
                CASE WHEN l.id = d.from_id THEN -d.amount ELSE d.amount END AS delta
              FROM decided d CROSS JOIN locked l WHERE d.applied),
            moved AS (
              UPDATE account SET balance = l.balance + w.delta, version = w.sequence
              FROM written w JOIN locked l ON l.id = w.account_id WHERE account.id = w.account_id
              RETURNING account.id, w.sequence, w.transfer_id, w.delta, account.balance),
            noted AS (
              INSERT INTO entry (account_id, sequence, transfer_id, delta, balance)
              SELECT id, sequence, transfer_id, delta, balance FROM moved)
            SELECT applied FROM decided""";

    /** With new tables. */
    public StatementPeer(Place place) throws SQLException {
        super(place);
    }

    @Override
    public boolean transfer(Transfer transfer) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(STATEMENT)) {
            statement.setString(1, transfer.key());
            statement.setLong(2, transfer.from());
            statement.setLong(3, transfer.to());
            statement.setBigDecimal(4, transfer.amount());
            statement.setLong(5, transfer.from());
            statement.setLong(6, transfer.to());
            try (ResultSet row = statement.executeQuery()) {
                if (row.next()) {
                    return row.getBoolean(1);
                }
            }
            return decided(connection, transfer);
        }
    }
}
