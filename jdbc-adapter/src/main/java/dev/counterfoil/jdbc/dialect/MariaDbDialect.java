package dev.counterfoil.jdbc.dialect;

import dev.counterfoil.spi.Deadline;
import dev.counterfoil.spi.StoreException.Phase;
import dev.counterfoil.spi.StoreException.Trouble;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * MariaDB, through its own driver, on InnoDB. Transactions are begun and ended by statements, whatever the connection's
 * autocommit mode is.
 */
public class MariaDbDialect implements Dialect {
    // Error codes: https://mariadb.com/docs/server/reference/error-codes
    private static final int LOCK_TIMEOUT = 1205;
    private static final int DUPLICATE = 1062;
    private static final int PACKET_TOO_LARGE = 1153;
    private static final int WRONG_VALUE = 1366;

    /** Deadlock, record changed since the snapshot, lock not there at once, the deadlock of a distributed transaction. */
    private static final Set<Integer> CONFLICTS = Set.of(1213, LOCK_TIMEOUT, 1020, 3572, 1614);

    /** Too many connections, of all or of one user. */
    private static final Set<Integer> TRANSIENT_WHEN_CONNECTING = Set.of(1040, 1203, 1226);

    /** Server stopping, connection killed; statement killed, or out of time. */
    private static final Set<Integer> STOPPED = Set.of(1053, 1927, 1317, 1969);

    /** The server, the table or the transaction takes no writes. */
    private static final Set<Integer> READ_ONLY = Set.of(1290, 1036, 1792, 1836);

    /** A right on a table; on a column; on a sequence or routine. */
    private static final Set<Integer> DENIED = Set.of(1142, 1143, 1370);

    /** The driver says so of a commit whose answer it never saw. */
    private static final String COMMIT_STATE_UNKNOWN = "25S03";

    private static final List<String> OWN_INDEXES =
            List.of("cell_address", "decision_key", "decision_reference", "decision_reverses");

    /** A statement of ours has at most half of it. */
    private static final long LEAST_PACKET = 8L * 1024 * 1024;

    /** How long a lock is waited for before the group goes on without those who need it; whole seconds only. */
    private static final int LOCK_SECONDS = 1;

    /** A client that has vanished keeps its locks no longer than this. */
    private static final int IDLE_SECONDS = 5;

    /** Without the strict mode a value that does not fit is cut. */
    private static final String MODE = "STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION";

    /**
     * Without autocommit, because a batch is on its way as a whole: where its first statement is told that the transaction was
     * rolled back, the server goes on with the others, and would commit them.
     */
    static final String PREPARE = "SET @counterfoil_mode = @@SESSION.sql_mode,"
            + " @counterfoil_auto = @@SESSION.autocommit,"
            + " @counterfoil_idle = @@SESSION.idle_transaction_timeout,"
            + " @counterfoil_row = @@SESSION.innodb_lock_wait_timeout,"
            + " @counterfoil_table = @@SESSION.lock_wait_timeout,"
            + " SESSION sql_mode = '" + MODE + "', SESSION idle_transaction_timeout = " + IDLE_SECONDS
            + ", SESSION innodb_lock_wait_timeout = " + LOCK_SECONDS + ", SESSION lock_wait_timeout = " + LOCK_SECONDS
            + ", SESSION autocommit = 0";

    static final String PUT_BACK = "SET SESSION sql_mode = @counterfoil_mode,"
            + " SESSION idle_transaction_timeout = @counterfoil_idle,"
            + " SESSION innodb_lock_wait_timeout = @counterfoil_row, SESSION lock_wait_timeout = @counterfoil_table,"
            + " SESSION autocommit = @counterfoil_auto";

    /** The name of a lock of the whole server. */
    private static final String SCHEMAS = "'counterfoil schema'";

    private static final String UNLOCK_SCHEMAS = "DO RELEASE_LOCK(" + SCHEMAS + ")";

    /** For {@code JdbcLedger}, and for dialects that extend this one. */
    public MariaDbDialect() {}

    /** A node of a Galera cluster calls itself MariaDB. */
    @Override
    public Dialect on(Connection connection) throws SQLException {
        return GaleraDialect.isNode(connection) ? new GaleraDialect() : this;
    }

    @Override
    public Oldest oldest() {
        return new Oldest(10, 6, "older ones have no FOR UPDATE SKIP LOCKED");
    }

    /** One is evaluated while the disk is waited for by the other. */
    @Override
    public int groupsAtOnce() {
        return 2;
    }

    @Override
    public String product() {
        return "MariaDB";
    }

    @Override
    public String schemaFolder() {
        return "mariadb";
    }

    @Override
    public boolean hasSchemas() {
        return true;
    }

    @Override
    public String findTable() {
        return "SELECT table_schema FROM information_schema.tables"
                + " WHERE table_schema = coalesce(?, DATABASE()) AND table_name = ?";
    }

    @Override
    public Undo prepare(Connection connection) throws SQLException {
        connection.rollback();
        run(connection, PREPARE);
        return back -> run(back, PUT_BACK);
    }

    static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void begin(Connection connection, Deadline deadline) throws SQLException {
        begin(connection, "READ COMMITTED", "READ WRITE");
    }

    /**
     * Each statement commits, so the session's own mode counts for the next, and with the first go the locks of a transaction;
     * this one stays till it is released.
     */
    @Override
    public Undo beginSchemaChange(Connection connection, @Nullable String schema, Deadline deadline)
            throws SQLException {
        lockSchemas(connection, deadline);
        try {
            run(connection, "SET @counterfoil_read_only = @@SESSION.tx_read_only, SESSION tx_read_only = 0");
            begin(connection, deadline);
            String before = connection.getCatalog();
            if (schema != null) {
                run(connection, "CREATE DATABASE IF NOT EXISTS " + quote(schema));
                connection.setCatalog(schema);
            }
            return ended -> {
                run(ended, "SET SESSION tx_read_only = @counterfoil_read_only");
                unlockSchemas(ended);
                if (schema != null && before != null) {
                    ended.setCatalog(before);
                }
            };
        } catch (SQLException e) {
            try {
                unlockSchemas(connection);
            } catch (SQLException lost) {
                e.addSuppressed(lost);
            }
            throw e;
        }
    }

    void lockSchemas(Connection connection, Deadline deadline) throws SQLException {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(deadline.remainingNanos());
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT GET_LOCK(" + SCHEMAS + ", " + seconds + ")")) {
            row.next();
            if (row.getInt(1) != 1) {
                throw new SQLException("somebody else makes or upgrades tables", "HY000", LOCK_TIMEOUT);
            }
        }
    }

    void unlockSchemas(Connection connection) throws SQLException {
        run(connection, UNLOCK_SCHEMAS);
    }

    @Override
    public void beginRead(Connection connection, Deadline deadline) throws SQLException {
        begin(connection, "REPEATABLE READ", "READ ONLY");
    }

    private static void begin(Connection connection, String isolation, String access) throws SQLException {
        begin(connection, isolation, access, List.of());
    }

    static void begin(Connection connection, String isolation, String access, List<String> before) throws SQLException {
        // Without autocommit a query has begun one. The driver sends nothing where there is none.
        connection.rollback();
        try (Statement statement = connection.createStatement()) {
            // All in one round trip.
            for (String sql : before) {
                statement.addBatch(sql);
            }
            statement.addBatch("SET TRANSACTION ISOLATION LEVEL " + isolation);
            statement.addBatch("START TRANSACTION " + access);
            statement.executeBatch();
        }
    }

    @Override
    public Set<Integer> joinable() {
        return Set.of(Connection.TRANSACTION_READ_COMMITTED);
    }

    /** The strict mode too: without it values that do not fit are cut. */
    @Override
    public Undo beginStep(Connection connection, String table, Deadline deadline) throws SQLException {
        long seconds = Math.max(1, TimeUnit.NANOSECONDS.toSeconds(deadline.remainingNanos()));
        run(
                connection,
                "SET @counterfoil_step_mode = @@SESSION.sql_mode,"
                        + " @counterfoil_step_row = @@SESSION.innodb_lock_wait_timeout, SESSION sql_mode = '" + MODE
                        + "', SESSION innodb_lock_wait_timeout = " + seconds);
        return back -> run(
                back,
                "SET SESSION sql_mode = @counterfoil_step_mode,"
                        + " SESSION innodb_lock_wait_timeout = @counterfoil_step_row");
    }

    @Override
    public void commit(Connection connection) throws SQLException {
        run(connection, "COMMIT");
    }

    @Override
    public void rollback(Connection connection) throws SQLException {
        run(connection, "ROLLBACK");
    }

    @Override
    public Sending sending() {
        return Sending.MANY_ROWS;
    }

    @Override
    public String quote(String name) {
        return '`' + name.replace("`", "``") + '`';
    }

    @Override
    public String column(String name) {
        return name.equals("key") ? "`key`" : name;
    }

    @Override
    public String put(String table, List<String> columns) {
        return "INSERT INTO " + table + " (" + String.join(", ", columns) + ") VALUES (?"
                + ", ?".repeat(columns.size() - 1)
                + ") ON DUPLICATE KEY UPDATE "
                + columns.stream()
                        .skip(1)
                        .map(column -> column + " = VALUES(" + column + ")")
                        .collect(Collectors.joining(", "));
    }

    @Override
    public String forUpdate(Waiting waiting) {
        return " FOR UPDATE" + waiting.option();
    }

    @Override
    public String nextValue(String sequence) {
        return "SELECT NEXT VALUE FOR " + sequence;
    }

    /** UTC in a column that knows no time zone, so that the session's does not matter. */
    @Override
    public String text(Instant time) {
        String text = IsoTimes.text(time);
        return text.substring(0, text.length() - 1).replace('T', ' ');
    }

    @Override
    public @Nullable Instant time(ResultSet row, String column) throws SQLException {
        LocalDateTime time = row.getObject(column, LocalDateTime.class);
        return time == null ? null : time.toInstant(ZoneOffset.UTC);
    }

    @Override
    public boolean isLockTimeout(SQLException failure) {
        return said(failure).getErrorCode() == LOCK_TIMEOUT;
    }

    @Override
    public void checkWritable(Connection connection, String table) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            try (ResultSet row = statement.executeQuery("SELECT @@max_allowed_packet")) {
                if (row.next() && row.getLong(1) < LEAST_PACKET) {
                    throw new SQLException("max_allowed_packet must be at least " + LEAST_PACKET);
                }
            }
            begin(connection, "READ COMMITTED", "READ WRITE");
            statement.execute("UPDATE " + table + " SET value = value WHERE name = ''");
        } finally {
            rollback(connection);
        }
    }

    @Override
    public Instant clock(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT UTC_TIMESTAMP(6) AS clock")) {
            row.next();
            return Objects.requireNonNull(time(row, "clock"));
        }
    }

    @Override
    public Trouble trouble(SQLException failure, Phase phase, String prefix) {
        int code = said(failure).getErrorCode();
        String state = String.valueOf(said(failure).getSQLState());
        if (CONFLICTS.contains(code)) {
            return Trouble.TRANSIENT;
        }
        if (phase == Phase.COMMIT) {
            return Trouble.UNKNOWN;
        }
        if (code == PACKET_TOO_LARGE || code == WRONG_VALUE) {
            return Trouble.ONE_REQUEST;
        }
        boolean lost = state.startsWith("08") || state.equals(COMMIT_STATE_UNKNOWN) || STOPPED.contains(code);
        boolean busy = phase == Phase.ACQUIRE && TRANSIENT_WHEN_CONNECTING.contains(code);
        if (lost || busy) {
            return Trouble.TRANSIENT;
        }
        if (ofOwnIndex(failure, prefix)) {
            return Trouble.TRANSIENT;
        }
        return state.startsWith("22") || state.startsWith("23") ? Trouble.ONE_REQUEST : Trouble.PERMANENT;
    }

    /** By its name at the end, behind the value, which may look like one. */
    @Override
    public boolean ofOwnIndex(SQLException failure, String prefix) {
        return OWN_INDEXES.stream().anyMatch(own -> isDuplicate(failure, prefix + own));
    }

    /** Primary keys have no names of their own. */
    @Override
    public boolean ofPrimaryKey(SQLException failure) {
        return isDuplicate(failure, "PRIMARY");
    }

    /** The driver can be told to add its query. */
    private static boolean isDuplicate(SQLException failure, String index) {
        SQLException said = said(failure);
        String message = String.valueOf(said.getMessage());
        int query = message.indexOf("\nQuery is: ");
        String alone = query < 0 ? message : message.substring(0, query);
        return said.getErrorCode() == DUPLICATE && alone.endsWith("'" + index + "'");
    }

    /** Its driver has states without codes, and the other way round. */
    private static SQLException said(SQLException failure) {
        return DriverFailure.in(failure, at -> at.getErrorCode() > 0 || at.getSQLState() != null);
    }

    @Override
    public List<String> weaknesses(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT @@innodb_flush_log_at_trx_commit")) {
            row.next();
            int flush = row.getInt(1);
            return flush == 1 ? List.of() : List.of("innodb_flush_log_at_trx_commit = " + flush);
        } finally {
            rollback(connection);
        }
    }

    @Override
    public String hint(SQLException failure) {
        if (DENIED.contains(said(failure).getErrorCode())) {
            return "this user lacks a right on the tables, see the grants in docs/databases.md";
        }
        return READ_ONLY.contains(said(failure).getErrorCode()) ? "it is read-only to this process" : "";
    }

    @Override
    public boolean canCommitAgain(SQLException failure) {
        return false;
    }
}
