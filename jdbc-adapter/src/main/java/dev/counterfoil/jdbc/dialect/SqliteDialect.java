package dev.counterfoil.jdbc.dialect;

import dev.counterfoil.spi.Deadline;
import dev.counterfoil.spi.StoreException.Phase;
import dev.counterfoil.spi.StoreException.Trouble;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * SQLite. Transactions are begun and ended by statements on a connection in autocommit mode, because the driver's own begin is
 * deferred, and a deferred transaction cannot wait for its turn to write.
 */
public class SqliteDialect implements Dialect {
    // Result codes, https://www.sqlite.org/rescode.html; the driver's getErrorCode() gives the primary ones.
    private static final int ERROR = 1;
    private static final int BUSY = 5;
    private static final int LOCKED = 6;
    private static final int READONLY = 8;
    private static final int CORRUPT = 11;
    private static final int FULL = 13;
    private static final int CANTOPEN = 14;
    private static final int TOOBIG = 18;
    private static final int CONSTRAINT = 19;
    private static final int NOTADB = 26;

    private static final String VIOLATED = "UNIQUE constraint failed: ";

    private static final List<String> OWN_INDEXES = List.of(
            "%cell.namespace, %cell.account_kind, %cell.account_id, %cell.name",
            "%decision.namespace, %decision.scope, %decision.key",
            "%decision.namespace, %decision.reference",
            "%decision.namespace, %decision.reverses_scope, %decision.reverses_key",
            "%cell.id",
            "%decision.id",
            "%entry.cell_id, %entry.sequence");

    /** The value of {@code PRAGMA synchronous} from which on a commit is on the disk before it is answered. */
    private static final int SYNCHRONOUS_FULL = 2;

    /** For {@code JdbcLedger}, and for dialects that extend this one. */
    public SqliteDialect() {}

    @Override
    public Oldest oldest() {
        return new Oldest(3, 35, "the script of the tables is written for 3.35");
    }

    @Override
    public String product() {
        return "SQLite";
    }

    @Override
    public String schemaFolder() {
        return "sqlite";
    }

    @Override
    public boolean hasSchemas() {
        return false;
    }

    @Override
    public String findTable() {
        return "SELECT NULL FROM sqlite_master WHERE ? IS NULL AND type = 'table' AND name = ?";
    }

    @Override
    public Undo prepare(Connection connection) throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        if (!autoCommit) {
            connection.rollback();
            connection.setAutoCommit(true);
        }
        try (Statement statement = connection.createStatement()) {
            int synchronous;
            int busyTimeout;
            String journal;
            try (ResultSet row = statement.executeQuery("SELECT synchronous, timeout, journal_mode"
                    + " FROM pragma_synchronous, pragma_busy_timeout, pragma_journal_mode")) {
                synchronous = row.getInt(1);
                busyTimeout = row.getInt(2);
                journal = row.getString(3);
            }
            setSynchronous(statement, Math.max(SYNCHRONOUS_FULL, synchronous));
            if (!journal.equals("wal")) {
                useWriteAheadLog(statement);
            }
            return back -> putBack(back, autoCommit, synchronous, busyTimeout);
        }
    }

    private static void setSynchronous(Statement statement, int level) throws SQLException {
        String sql = "PRAGMA synchronous = " + level;
        try {
            statement.execute(sql);
        } catch (SQLException e) {
            if (code(e) != ERROR) {
                throw e;
            }
            // It cannot be set inside a transaction, so somebody began one by a statement and never ended it.
            statement.execute("ROLLBACK");
            statement.execute(sql);
        }
    }

    /** The file remembers it: readers and the writer do not wait for each other then. */
    private static void useWriteAheadLog(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("PRAGMA journal_mode = WAL")) {
            String mode = row.getString(1);
            if (!mode.equals("wal")) {
                throw new SQLException("the file cannot use a write-ahead log here, its journal mode stays " + mode);
            }
        }
    }

    private static void putBack(Connection connection, boolean autoCommit, int synchronous, int busyTimeout)
            throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = " + busyTimeout);
            if (synchronous < SYNCHRONOUS_FULL) {
                statement.execute("PRAGMA synchronous = " + synchronous);
            }
        }
        if (!autoCommit) {
            connection.setAutoCommit(false);
        }
    }

    @Override
    public void begin(Connection connection, Deadline deadline) throws SQLException {
        begin(connection, deadline, "BEGIN IMMEDIATE");
    }

    @Override
    public Undo beginSchemaChange(Connection connection, @Nullable String schema, Deadline deadline)
            throws SQLException {
        begin(connection, deadline);
        return ended -> {};
    }

    @Override
    public void beginRead(Connection connection, Deadline deadline) throws SQLException {
        begin(connection, deadline, "BEGIN");
    }

    private static void begin(Connection connection, Deadline deadline, String begin) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // How long to wait for somebody who writes to the file by other means than this library.
            long wait = TimeUnit.NANOSECONDS.toMillis(deadline.remainingNanos());
            statement.execute("PRAGMA busy_timeout = " + Math.min(wait, Integer.MAX_VALUE));
            statement.execute(begin);
        }
    }

    @Override
    public Set<Integer> joinable() {
        return Set.of(Connection.TRANSACTION_SERIALIZABLE);
    }

    /** Writes, without changing anything: a transaction that has read what is old by now is refused here. */
    @Override
    public Undo beginStep(Connection connection, String table, Deadline deadline) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            int before;
            try (ResultSet row = statement.executeQuery("PRAGMA busy_timeout")) {
                before = row.getInt(1);
            }
            long wait = TimeUnit.NANOSECONDS.toMillis(deadline.remainingNanos());
            statement.execute("PRAGMA busy_timeout = " + Math.min(wait, Integer.MAX_VALUE));
            Undo undo = back -> {
                try (Statement set = back.createStatement()) {
                    set.execute("PRAGMA busy_timeout = " + before);
                }
            };
            try {
                statement.execute("UPDATE " + table + " SET value = value WHERE name IS NULL");
                return undo;
            } catch (SQLException e) {
                undo.run(connection);
                throw e;
            }
        }
    }

    @Override
    public void commit(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("COMMIT");
        }
    }

    @Override
    public void rollback(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("ROLLBACK");
        }
    }

    @Override
    public Sending sending() {
        return Sending.ROW_BY_ROW;
    }

    @Override
    public String forUpdate(Waiting waiting) {
        return "";
    }

    @Override
    public @Nullable String nextValue(String sequence) {
        return null;
    }

    @Override
    public @Nullable Instant time(ResultSet row, String column) throws SQLException {
        String text = row.getString(column);
        return text == null ? null : Instant.parse(text);
    }

    /** Amounts are texts, and its sums of them floating-point numbers. */
    @Override
    public boolean sumsExactly() {
        return false;
    }

    @Override
    public boolean isLockTimeout(SQLException failure) {
        return false;
    }

    @Override
    public void checkWritable(Connection connection, String table) throws SQLException {
        beginRead(connection, Deadline.after(Duration.ZERO));
        try (Statement statement = connection.createStatement()) {
            statement.execute("UPDATE " + table + " SET value = value WHERE name IS NULL");
        } catch (SQLException e) {
            // Who finds it busy finds it writable.
            if (code(e) != BUSY && code(e) != LOCKED) {
                throw e;
            }
        } finally {
            rollback(connection);
        }
    }

    /** The machine's clock: SQLite has no other. */
    @Override
    public Instant clock(Connection connection) {
        return Instant.now().truncatedTo(ChronoUnit.MICROS);
    }

    @Override
    public Trouble trouble(SQLException failure, Phase phase, String prefix) {
        return switch (code(failure)) {
            case BUSY, LOCKED -> Trouble.TRANSIENT;
            case CONSTRAINT -> ofOwnIndex(failure, prefix) ? Trouble.TRANSIENT : Trouble.ONE_REQUEST;
            case TOOBIG -> Trouble.ONE_REQUEST;
            case READONLY, CORRUPT, FULL -> Trouble.PERMANENT;
            default -> phase == Phase.COMMIT ? Trouble.UNKNOWN : Trouble.PERMANENT;
        };
    }

    /** None: {@link #prepare} sets what is needed, on every connection. */
    @Override
    public List<String> weaknesses(Connection connection) {
        return List.of();
    }

    @Override
    public String hint(SQLException failure) {
        return switch (code(failure)) {
            case READONLY -> "it is read-only to this process";
            case CANTOPEN -> "is its directory there, and may this process write to it?";
            case NOTADB -> "it is not an SQLite database, or it is encrypted";
            case BUSY, LOCKED -> "somebody else has locked it for too long";
            default -> "";
        };
    }

    @Override
    public boolean canCommitAgain(SQLException failure) {
        int code = code(failure);
        return code == BUSY || code == LOCKED;
    }

    /** By its columns: the message does not name it. */
    @Override
    public boolean ofOwnIndex(SQLException failure, String prefix) {
        String message = String.valueOf(coded(failure).getMessage());
        int columns = message.indexOf(VIOLATED);
        return columns >= 0
                && OWN_INDEXES.stream()
                        .anyMatch(
                                own -> message.startsWith(own.replace("%", prefix) + ')', columns + VIOLATED.length()));
    }

    private static int code(SQLException failure) {
        return coded(failure).getErrorCode();
    }

    private static SQLException coded(SQLException failure) {
        return DriverFailure.in(failure, at -> at.getErrorCode() != 0);
    }
}
