package dev.counterfoil.benchmarks.peers;

import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.benchmarks.load.Standing;
import dev.counterfoil.benchmarks.load.Subject;
import dev.counterfoil.benchmarks.load.Transfer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Tables as a good engineer lays them out for the same durable facts: balance and version, the decision under a unique key,
 * two entries with the balance after them. Identifiers are numbers, pages of accounts have room for new versions of rows.
 */
abstract class JdbcPeer implements Subject {
    private static final String[] TABLES = {
        "CREATE TABLE account (id bigint PRIMARY KEY, balance numeric NOT NULL CHECK (balance >= 0),"
                + " version bigint NOT NULL) WITH (fillfactor = 50)",
        "CREATE TABLE transfer (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, key text NOT NULL UNIQUE,"
                + " from_id bigint NOT NULL, to_id bigint NOT NULL, amount numeric NOT NULL, applied boolean NOT NULL,"
                + " recorded_at timestamptz NOT NULL DEFAULT now())",
        "CREATE TABLE entry (account_id bigint NOT NULL, sequence bigint NOT NULL, transfer_id bigint,"
                + " delta numeric NOT NULL, balance numeric NOT NULL, recorded_at timestamptz NOT NULL DEFAULT now(),"
                + " PRIMARY KEY (account_id, sequence))"
    };

    /** What the statements of all peers agree on. */
    static final String INSERT_TRANSFER = "INSERT INTO transfer (key, from_id, to_id, amount, applied)"
            + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING RETURNING id";

    private final int accounts;
    final HikariDataSource pool;

    JdbcPeer(Place place) throws SQLException {
        accounts = place.accounts();
        pool = place.pool();
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            for (String table : TABLES) {
                statement.execute(table);
            }
            String first = Transfer.FIRST_CENTS / 100 + ".00";
            String all = " FROM generate_series(0, " + (accounts - 1) + ") AS id";
            statement.execute("INSERT INTO account SELECT id, " + first + ", 1" + all);
            statement.execute("INSERT INTO entry (account_id, sequence, delta, balance) SELECT id, 1, " + first + ", "
                    + first + all);
        }
    }

    /** Runs a piece of work as one transaction. */
    boolean inTransaction(Work work) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            try {
                boolean yes = work.run(connection);
                connection.commit();
                return yes;
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            }
        }
    }

    /** A piece of work inside a transaction. */
    interface Work {
        boolean run(Connection connection) throws SQLException;
    }

    /** Reserves the key; the transfer's id, or -1 where the key is taken. */
    static long reserve(Connection connection, Transfer transfer, boolean applied) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT_TRANSFER)) {
            insert.setString(1, transfer.key());
            insert.setLong(2, transfer.from());
            insert.setLong(3, transfer.to());
            insert.setBigDecimal(4, transfer.amount());
            insert.setBoolean(5, applied);
            try (ResultSet row = insert.executeQuery()) {
                return row.next() ? row.getLong(1) : -1;
            }
        }
    }

    /** How a key was decided; it must have been for the same transfer. */
    static boolean decided(Connection connection, Transfer transfer) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT from_id, to_id, applied FROM transfer WHERE key = ?")) {
            select.setString(1, transfer.key());
            try (ResultSet row = select.executeQuery()) {
                if (!row.next() || row.getLong(1) != transfer.from() || row.getLong(2) != transfer.to()) {
                    throw new SQLException("key " + transfer.key() + ": was used for something else");
                }
                return row.getBoolean(3);
            }
        }
    }

    @Override
    public Standing standing() throws SQLException {
        try (Connection connection = pool.getConnection()) {
            return SqlBooks.ofPeers("(%s * 100)::bigint").read(connection, accounts);
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
