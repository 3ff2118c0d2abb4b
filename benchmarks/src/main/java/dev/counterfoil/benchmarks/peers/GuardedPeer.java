package dev.counterfoil.benchmarks.peers;

import dev.counterfoil.benchmarks.load.Transfer;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * A transaction by hand without a look before: each update carries its guard, {@code balance + delta >= 0}, and gives back what
 * the entry needs. The lower id first, so that two transfers never wait for each other.
 */
public final class GuardedPeer extends JdbcPeer {
    private static final String UPDATE = "UPDATE account SET balance = balance + ?, version = version + 1"
            + " WHERE id = ? AND balance + ? >= 0 RETURNING version, balance";
    private static final String INSERT = "INSERT INTO entry (account_id, sequence, transfer_id, delta, balance)"
            + " VALUES (?, ?, ?, ?, ?), (?, ?, ?, ?, ?)";

    private record Moved(long account, BigDecimal delta, long version, BigDecimal balance) {}

    /** With new tables. */
    public GuardedPeer(Place place) throws SQLException {
        super(place);
    }

    @Override
    public boolean transfer(Transfer transfer) throws SQLException {
        return inTransaction(connection -> {
            long id = reserve(connection, transfer, true);
            if (id < 0) {
                return decided(connection, transfer);
            }
            boolean fromFirst = transfer.from() < transfer.to();
            Moved[] moved = new Moved[2];
            if (!move(connection, transfer, fromFirst, moved, 0) || !move(connection, transfer, !fromFirst, moved, 1)) {
                // What was done so far goes; the refusal stays.
                connection.rollback();
                return reserve(connection, transfer, false) < 0 && decided(connection, transfer);
            }
            insert(connection, id, moved);
            return true;
        });
    }

    private static boolean move(Connection connection, Transfer transfer, boolean from, Moved[] moved, int at)
            throws SQLException {
        long account = from ? transfer.from() : transfer.to();
        BigDecimal delta = from ? transfer.amount().negate() : transfer.amount();
        try (PreparedStatement update = connection.prepareStatement(UPDATE)) {
            update.setBigDecimal(1, delta);
            update.setLong(2, account);
            update.setBigDecimal(3, delta);
            try (ResultSet row = update.executeQuery()) {
                if (!row.next()) {
                    return false;
                }
                moved[at] = new Moved(account, delta, row.getLong(1), row.getBigDecimal(2));
                return true;
            }
        }
    }

    private static void insert(Connection connection, long id, Moved[] moved) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            int i = 1;
            for (Moved one : moved) {
                insert.setLong(i++, one.account());
                insert.setLong(i++, one.version());
                insert.setLong(i++, id);
                insert.setBigDecimal(i++, one.delta());
                insert.setBigDecimal(i++, one.balance());
            }
            insert.executeUpdate();
        }
    }
}
