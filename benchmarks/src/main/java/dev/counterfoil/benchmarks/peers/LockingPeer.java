package dev.counterfoil.benchmarks.peers;

import dev.counterfoil.benchmarks.load.Transfer;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** A transaction by hand: lock both rows in the order of their ids, look, decide, write. */
public final class LockingPeer extends JdbcPeer {
    private static final String LOCK =
            "SELECT id, balance, version FROM account WHERE id IN (?, ?) ORDER BY id FOR UPDATE";
    private static final String UPDATE = "UPDATE account SET balance = v.balance, version = v.version"
            + " FROM (VALUES (?, ?, ?), (?, ?, ?)) AS v (id, balance, version) WHERE account.id = v.id";
    private static final String INSERT = "INSERT INTO entry (account_id, sequence, transfer_id, delta, balance)"
            + " VALUES (?, ?, ?, ?, ?), (?, ?, ?, ?, ?)";

    private record Account(long id, BigDecimal balance, long version) {
        Account plus(BigDecimal delta) {
            return new Account(id, balance.add(delta), version + 1);
        }
    }

    /** With new tables. */
    public LockingPeer(Place place) throws SQLException {
        super(place);
    }

    @Override
    public boolean transfer(Transfer transfer) throws SQLException {
        return inTransaction(connection -> transfer(connection, transfer));
    }

    /** The same inside a transaction. */
    static boolean transfer(Connection connection, Transfer transfer) throws SQLException {
        Account[] both = lock(connection, transfer);
        Account from = both[0].plus(transfer.amount().negate());
        Account to = both[1].plus(transfer.amount());
        boolean yes = from.balance().signum() >= 0;
        long id = reserve(connection, transfer, yes);
        if (id < 0) {
            return decided(connection, transfer);
        }
        if (yes) {
            update(connection, from, to);
            insert(connection, id, transfer.amount(), from, to);
        }
        return yes;
    }

    private static Account[] lock(Connection connection, Transfer transfer) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(LOCK)) {
            select.setLong(1, transfer.from());
            select.setLong(2, transfer.to());
            Account[] both = new Account[2];
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    Account account = new Account(rows.getLong(1), rows.getBigDecimal(2), rows.getLong(3));
                    both[account.id() == transfer.from() ? 0 : 1] = account;
                }
            }
            return both;
        }
    }

    private static void update(Connection connection, Account from, Account to) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(UPDATE)) {
            int i = 1;
            for (Account account : new Account[] {from, to}) {
                update.setLong(i++, account.id());
                update.setBigDecimal(i++, account.balance());
                update.setLong(i++, account.version());
            }
            update.executeUpdate();
        }
    }

    private static void insert(Connection connection, long id, BigDecimal amount, Account from, Account to)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            int i = 1;
            for (Account account : new Account[] {from, to}) {
                insert.setLong(i++, account.id());
                insert.setLong(i++, account.version());
                insert.setLong(i++, id);
                insert.setBigDecimal(i++, account.id() == from.id() ? amount.negate() : amount);
                insert.setBigDecimal(i++, account.balance());
            }
            insert.executeUpdate();
        }
    }
}
