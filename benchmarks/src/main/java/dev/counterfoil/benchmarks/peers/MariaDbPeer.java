package dev.counterfoil.benchmarks.peers;

import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.benchmarks.load.Standing;
import dev.counterfoil.benchmarks.load.Subject;
import dev.counterfoil.benchmarks.load.Transfer;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * MariaDB by hand, READ COMMITTED: lock both rows in the order of their ids and look, or update with a guard, the lower id
 * first.
 */
public final class MariaDbPeer implements Subject {
    private static final String[] TABLES = {
        "CREATE TABLE account (id bigint PRIMARY KEY, balance decimal(38, 2) NOT NULL CHECK (balance >= 0),"
                + " version bigint NOT NULL)",
        "CREATE TABLE transfer (id bigint AUTO_INCREMENT PRIMARY KEY, idempotency varchar(255) NOT NULL UNIQUE,"
                + " from_id bigint NOT NULL, to_id bigint NOT NULL, amount decimal(38, 2) NOT NULL,"
                + " applied boolean NOT NULL, recorded_at datetime(6) NOT NULL DEFAULT current_timestamp(6))",
        "CREATE TABLE entry (account_id bigint NOT NULL, sequence bigint NOT NULL, transfer_id bigint,"
                + " delta decimal(38, 2) NOT NULL, balance decimal(38, 2) NOT NULL,"
                + " recorded_at datetime(6) NOT NULL DEFAULT current_timestamp(6),"
                + " PRIMARY KEY (account_id, sequence))"
    };
    private static final String RESERVE = "INSERT IGNORE INTO transfer (idempotency, from_id, to_id, amount, applied)"
            + " VALUES (?, ?, ?, ?, ?) RETURNING id";
    private static final String DECIDED =
            "SELECT applied FROM transfer WHERE idempotency = ? AND from_id = ? AND to_id = ?";
    private static final String LOCK = "SELECT id, balance FROM account WHERE id IN (?, ?) ORDER BY id FOR UPDATE";
    private static final String BOTH = "UPDATE account SET balance = balance + CASE id WHEN ? THEN -? ELSE ? END,"
            + " version = version + 1 WHERE id IN (?, ?)";
    private static final String GUARDED =
            "UPDATE account SET balance = balance + ?, version = version + 1" + " WHERE id = ? AND balance + ? >= 0";
    private static final String NOTE = "INSERT INTO entry (account_id, sequence, transfer_id, delta, balance)"
            + " SELECT id, version, ?, CASE id WHEN ? THEN -? ELSE ? END, balance FROM account WHERE id IN (?, ?)";

    private final int accounts;
    private final boolean guarded;
    private final HikariDataSource pool;

    /** With new tables; with a guard in the update, or with locks before it. */
    public MariaDbPeer(Place place, boolean guarded) throws SQLException {
        this.accounts = place.accounts();
        this.guarded = guarded;
        pool = place.pool();
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            for (String table : TABLES) {
                statement.execute(table);
            }
            String first = Transfer.FIRST_CENTS / 100 + ".00";
            String all = " FROM seq_0_to_" + (accounts - 1);
            statement.execute("INSERT INTO account SELECT seq, " + first + ", 1" + all);
            statement.execute("INSERT INTO entry (account_id, sequence, delta, balance) SELECT seq, 1, " + first + ", "
                    + first + all);
        }
    }

    @Override
    public boolean transfer(Transfer transfer) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            connection.setAutoCommit(false);
            try {
                boolean yes = guarded ? guarded(connection, transfer) : locked(connection, transfer);
                connection.commit();
                return yes;
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            }
        }
    }

    private static boolean locked(Connection connection, Transfer transfer) throws SQLException {
        boolean yes = false;
        try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
            lock.setInt(1, transfer.from());
            lock.setInt(2, transfer.to());
            try (ResultSet rows = lock.executeQuery()) {
                while (rows.next()) {
                    yes |= rows.getInt(1) == transfer.from()
                            && rows.getBigDecimal(2).compareTo(transfer.amount()) >= 0;
                }
            }
        }
        long id = reserve(connection, transfer, yes);
        if (id < 0) {
            return decided(connection, transfer);
        }
        if (yes) {
            run(
                    connection,
                    BOTH,
                    transfer.from(),
                    transfer.amount(),
                    transfer.amount(),
                    transfer.from(),
                    transfer.to());
            note(connection, transfer, id);
        }
        return yes;
    }

    private static boolean guarded(Connection connection, Transfer transfer) throws SQLException {
        long id = reserve(connection, transfer, true);
        if (id < 0) {
            return decided(connection, transfer);
        }
        boolean fromFirst = transfer.from() < transfer.to();
        if (move(connection, transfer, fromFirst) == 0 || move(connection, transfer, !fromFirst) == 0) {
            connection.rollback();
            return reserve(connection, transfer, false) < 0 && decided(connection, transfer);
        }
        note(connection, transfer, id);
        return true;
    }

    private static int move(Connection connection, Transfer transfer, boolean from) throws SQLException {
        BigDecimal delta = from ? transfer.amount().negate() : transfer.amount();
        return run(connection, GUARDED, delta, from ? transfer.from() : transfer.to(), delta);
    }

    private static void note(Connection connection, Transfer transfer, long id) throws SQLException {
        run(
                connection,
                NOTE,
                id,
                transfer.from(),
                transfer.amount(),
                transfer.amount(),
                transfer.from(),
                transfer.to());
    }

    private static int run(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            return statement.executeUpdate();
        }
    }

    private static long reserve(Connection connection, Transfer transfer, boolean applied) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(RESERVE)) {
            insert.setString(1, transfer.key());
            insert.setInt(2, transfer.from());
            insert.setInt(3, transfer.to());
            insert.setBigDecimal(4, transfer.amount());
            insert.setBoolean(5, applied);
            try (ResultSet row = insert.executeQuery()) {
                return row.next() ? row.getLong(1) : -1;
            }
        }
    }

    private static boolean decided(Connection connection, Transfer transfer) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(DECIDED)) {
            select.setString(1, transfer.key());
            select.setInt(2, transfer.from());
            select.setInt(3, transfer.to());
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    throw new SQLException("key " + transfer.key() + ": was used for something else");
                }
                return row.getBoolean(1);
            }
        }
    }

    @Override
    public Standing standing() throws SQLException {
        try (Connection connection = pool.getConnection()) {
            return SqlBooks.ofPeers("CAST(%s * 100 AS SIGNED)").read(connection, accounts);
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
