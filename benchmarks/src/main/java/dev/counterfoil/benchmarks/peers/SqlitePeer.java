package dev.counterfoil.benchmarks.peers;

import dev.counterfoil.benchmarks.load.Standing;
import dev.counterfoil.benchmarks.load.Subject;
import dev.counterfoil.benchmarks.load.Transfer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;

/**
 * SQLite by hand, a commit for each update: one connection behind one lock, a write-ahead log, {@code synchronous=FULL},
 * statements prepared once, cents in integers.
 */
public final class SqlitePeer implements Subject {
    private static final String[] SETUP = {
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = FULL",
        "CREATE TABLE account (id INTEGER PRIMARY KEY, balance INTEGER NOT NULL CHECK (balance >= 0),"
                + " version INTEGER NOT NULL)",
        "CREATE TABLE transfer (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, from_id INTEGER NOT NULL,"
                + " to_id INTEGER NOT NULL, amount INTEGER NOT NULL, applied INTEGER NOT NULL,"
                + " recorded_at TEXT NOT NULL)",
        "CREATE TABLE entry (account_id INTEGER NOT NULL, sequence INTEGER NOT NULL, transfer_id INTEGER,"
                + " delta INTEGER NOT NULL, balance INTEGER NOT NULL, recorded_at TEXT NOT NULL,"
                + " PRIMARY KEY (account_id, sequence)) WITHOUT ROWID"
    };

    private final int accounts;
    private final Connection connection;
    private final PreparedStatement insert;
    private final PreparedStatement decided;
    private final PreparedStatement take;
    private final PreparedStatement give;
    private final PreparedStatement note;

    /** In a new file. */
    public SqlitePeer(Place place) throws SQLException {
        accounts = place.accounts();
        connection = DriverManager.getConnection(place.url());
        try (Statement statement = connection.createStatement()) {
            for (String sql : SETUP) {
                statement.execute(sql);
            }
            connection.setAutoCommit(false);
            for (int i = 0; i < accounts; i++) {
                statement.execute("INSERT INTO account VALUES (" + i + ", " + Transfer.FIRST_CENTS + ", 1)");
                statement.execute("INSERT INTO entry VALUES (" + i + ", 1, NULL, " + Transfer.FIRST_CENTS + ", "
                        + Transfer.FIRST_CENTS + ", '')");
            }
            connection.commit();
        }
        insert = connection.prepareStatement(
                "INSERT INTO transfer (key, from_id, to_id, amount, applied, recorded_at) VALUES (?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT (key) DO NOTHING");
        decided =
                connection.prepareStatement("SELECT applied FROM transfer WHERE key = ? AND from_id = ? AND to_id = ?");
        take = connection.prepareStatement(
                "UPDATE account SET balance = balance - ?, version = version + 1" + " WHERE id = ? AND balance >= ?");
        give = connection.prepareStatement(
                "UPDATE account SET balance = balance + ?, version = version + 1 WHERE id = ?");
        note = connection.prepareStatement("INSERT INTO entry SELECT a.id, a.version, t.id,"
                + " CASE a.id WHEN t.from_id THEN -t.amount ELSE t.amount END, a.balance, t.recorded_at"
                + " FROM transfer t, account a WHERE t.key = ? AND a.id IN (t.from_id, t.to_id)");
    }

    @Override
    public synchronized boolean transfer(Transfer transfer) throws SQLException {
        try {
            boolean yes = inside(transfer);
            connection.commit();
            return yes;
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        }
    }

    private boolean inside(Transfer transfer) throws SQLException {
        take.setLong(1, transfer.cents());
        take.setInt(2, transfer.from());
        take.setLong(3, transfer.cents());
        boolean yes = take.executeUpdate() == 1;
        insert.setString(1, transfer.key());
        insert.setInt(2, transfer.from());
        insert.setInt(3, transfer.to());
        insert.setLong(4, transfer.cents());
        insert.setInt(5, yes ? 1 : 0);
        insert.setString(6, Instant.now().toString());
        if (insert.executeUpdate() == 0) {
            connection.rollback();
            return decided(transfer);
        }
        if (yes) {
            give.setLong(1, transfer.cents());
            give.setInt(2, transfer.to());
            give.executeUpdate();
            note.setString(1, transfer.key());
            note.executeUpdate();
        }
        return yes;
    }

    private boolean decided(Transfer transfer) throws SQLException {
        decided.setString(1, transfer.key());
        decided.setInt(2, transfer.from());
        decided.setInt(3, transfer.to());
        try (ResultSet row = decided.executeQuery()) {
            if (!row.next()) {
                throw new SQLException("key " + transfer.key() + ": was used for something else");
            }
            return row.getInt(1) == 1;
        }
    }

    @Override
    public synchronized Standing standing() throws SQLException {
        return SqlBooks.ofPeers("%s").read(connection, accounts);
    }

    @Override
    public synchronized void close() throws SQLException {
        connection.close();
    }
}
