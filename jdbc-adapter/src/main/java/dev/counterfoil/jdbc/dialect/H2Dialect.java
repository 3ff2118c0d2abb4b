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
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** H2, in the same process or on a server, in its regular mode or in one for PostgreSQL, MySQL or MariaDB. */
public class H2Dialect implements Dialect {
    // Error codes: https://www.h2database.com/javadoc/org/h2/api/ErrorCode.html
    private static final int LOCK_TIMEOUT = 50200;
    private static final int READ_ONLY = 90097;
    private static final int DENIED = 90096;
    private static final int UNIQUE_VIOLATION = 23505;
    private static final int CANCELLED = 57014;
    private static final Set<Integer> TRANSIENT = Set.of(40001, LOCK_TIMEOUT, 90131);

    /** The link is lost, or the database was closed beneath its connections. */
    private static final Set<Integer> LOST = Set.of(90007, 90067, 90098, 90121);

    private static final String OWN_INDEX = "(cell_address|decision_key|decision_reference|decision_reverses)";

    private static final Set<String> RESERVED = Set.of("key", "value");

    /** How long a lock is waited for before the group goes on without those who need it. */
    private static final int LOCK_MILLIS = 500;

    /** Its own level, under which a transaction has one view of all tables. */
    private static final int SNAPSHOT = 6;

    /** For {@code JdbcLedger}, and for dialects that extend this one. */
    public H2Dialect() {}

    @Override
    public Oldest oldest() {
        return new Oldest(2, 2, "older ones have no FOR UPDATE SKIP LOCKED");
    }

    @Override
    public String product() {
        return "H2";
    }

    @Override
    public String schemaFolder() {
        return "h2";
    }

    @Override
    public boolean hasSchemas() {
        return true;
    }

    @Override
    public String findTable() {
        return "SELECT TABLE_SCHEMA FROM INFORMATION_SCHEMA.TABLES"
                + " WHERE UPPER(TABLE_SCHEMA) = UPPER(COALESCE(CAST(? AS VARCHAR), CURRENT_SCHEMA))"
                + " AND UPPER(TABLE_NAME) = UPPER(?)";
    }

    @Override
    public Undo prepare(Connection connection) throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        if (autoCommit) {
            connection.setAutoCommit(false);
        } else {
            connection.rollback();
        }
        int isolation = connection.getTransactionIsolation();
        int lockTimeout = lockTimeout(connection);
        run(connection, "SET LOCK_TIMEOUT " + LOCK_MILLIS);
        return back -> {
            back.rollback();
            run(back, "SET LOCK_TIMEOUT " + lockTimeout);
            back.setTransactionIsolation(isolation);
            back.setAutoCommit(autoCommit);
        };
    }

    private static int lockTimeout(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT LOCK_TIMEOUT()")) {
            row.next();
            return row.getInt(1);
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void begin(Connection connection, Deadline deadline) throws SQLException {
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    }

    /** Each statement commits; who comes second finds what the first has made. */
    @Override
    public Undo beginSchemaChange(Connection connection, @Nullable String schema, Deadline deadline)
            throws SQLException {
        begin(connection, deadline);
        if (schema == null) {
            return ended -> {};
        }
        String before = connection.getSchema();
        run(connection, "CREATE SCHEMA IF NOT EXISTS " + schema);
        run(connection, "SET SCHEMA " + schema);
        return ended -> ended.setSchema(before);
    }

    @Override
    public void beginRead(Connection connection, Deadline deadline) throws SQLException {
        connection.setTransactionIsolation(SNAPSHOT);
    }

    @Override
    public Set<Integer> joinable() {
        return Set.of(Connection.TRANSACTION_READ_COMMITTED);
    }

    @Override
    public Undo beginStep(Connection connection, String table, Deadline deadline) throws SQLException {
        int lockTimeout = lockTimeout(connection);
        long wait = TimeUnit.NANOSECONDS.toMillis(deadline.remainingNanos());
        run(connection, "SET LOCK_TIMEOUT " + Math.min(wait, Integer.MAX_VALUE));
        return back -> run(back, "SET LOCK_TIMEOUT " + lockTimeout);
    }

    @Override
    public void commit(Connection connection) throws SQLException {
        connection.commit();
    }

    @Override
    public void rollback(Connection connection) throws SQLException {
        connection.rollback();
    }

    @Override
    public Sending sending() {
        return Sending.ROW_BY_ROW;
    }

    /** Names of tables are not quoted: the database writes them in its own case, so that a person need not quote them. */
    @Override
    public String table(String name) {
        return name;
    }

    @Override
    public String column(String name) {
        return RESERVED.contains(name) ? '"' + name.toUpperCase(Locale.ROOT) + '"' : name;
    }

    @Override
    public String put(String table, List<String> columns) {
        return "MERGE INTO " + table + " (" + String.join(", ", columns) + ") KEY (" + columns.get(0) + ") VALUES (?"
                + ", ?".repeat(columns.size() - 1) + ")";
    }

    /** Its texts compare as Java's do, by UTF-16. */
    @Override
    public String inBinaryOrder(String expression) {
        return "STRINGTOUTF8(" + expression + ")";
    }

    @Override
    public String forUpdate(Waiting waiting) {
        return " FOR UPDATE" + waiting.option();
    }

    @Override
    public String nextValue(String sequence) {
        return "SELECT NEXT VALUE FOR " + sequence;
    }

    @Override
    public @Nullable Instant time(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    @Override
    public boolean isLockTimeout(SQLException failure) {
        return code(failure) == LOCK_TIMEOUT;
    }

    /** It keeps its file in a channel, which an interrupt closes. */
    @Override
    public boolean mindsInterrupts() {
        return true;
    }

    @Override
    public boolean interruptedWait(SQLException failure, Duration waited) {
        return isLockTimeout(failure) && waited.toMillis() < LOCK_MILLIS;
    }

    @Override
    public void checkWritable(Connection connection, String table) throws SQLException {
        try {
            run(connection, "UPDATE " + table + " SET name = name WHERE name IS NULL");
        } finally {
            connection.rollback();
        }
    }

    /** Not CURRENT_TIMESTAMP, which stands still in a transaction. */
    @Override
    public Instant clock(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT EXECUTING_STATEMENT_START AS clock"
                        + " FROM INFORMATION_SCHEMA.SESSIONS WHERE SESSION_ID = SESSION_ID()")) {
            row.next();
            return Objects.requireNonNull(time(row, "clock")).truncatedTo(ChronoUnit.MICROS);
        }
    }

    @Override
    public Trouble trouble(SQLException failure, Phase phase, String prefix) {
        int code = code(failure);
        String state = String.valueOf(said(failure).getSQLState());
        if (TRANSIENT.contains(code)) {
            return Trouble.TRANSIENT;
        }
        if (phase == Phase.COMMIT) {
            return Trouble.UNKNOWN;
        }
        if (LOST.contains(code) || code == CANCELLED || state.startsWith("08")) {
            return Trouble.TRANSIENT;
        }
        if (ofOwnIndex(failure, prefix)) {
            return Trouble.TRANSIENT;
        }
        return state.startsWith("22") || state.startsWith("23") ? Trouble.ONE_REQUEST : Trouble.PERMANENT;
    }

    /**
     * By the name in front of the table's; a primary key has only a table's. What stands before the first mark is of the
     * process's language, and what comes behind the names are values.
     */
    @Override
    public boolean ofOwnIndex(SQLException failure, String prefix) {
        SQLException said = said(failure);
        String index = "\\S*\\b" + prefix + OWN_INDEX + "\\b\\S* ON ";
        String primaryKey = "\\S*PRIMARY[ _]KEY\\S* ON \\S*\\b" + prefix + "(cell|decision|entry|checkpoint)\\b";
        return said.getErrorCode() == UNIQUE_VIOLATION
                && Pattern.compile("^[^\"]*\"(" + index + '|' + primaryKey + ')', Pattern.CASE_INSENSITIVE)
                        .matcher(String.valueOf(said.getMessage()))
                        .find();
    }

    private static int code(SQLException failure) {
        return said(failure).getErrorCode();
    }

    private static SQLException said(SQLException failure) {
        return DriverFailure.in(failure, at -> at.getErrorCode() != 0);
    }

    /** There always is one: it waits for no disk. */
    @Override
    public List<String> weaknesses(Connection connection) throws SQLException {
        String delay = "none: in memory";
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT SETTING_VALUE FROM INFORMATION_SCHEMA.SETTINGS"
                        + " WHERE SETTING_NAME = 'WRITE_DELAY'")) {
            if (row.next()) {
                delay = row.getString(1);
            }
        } finally {
            connection.rollback();
        }
        return List.of("H2 waits for no disk (WRITE_DELAY " + delay + ")");
    }

    @Override
    public String hint(SQLException failure) {
        if (code(failure) == DENIED) {
            return "this user lacks a right on the tables, see the grants in docs/databases.md";
        }
        return code(failure) == READ_ONLY ? "it is read-only to this process" : "";
    }

    @Override
    public boolean canCommitAgain(SQLException failure) {
        return false;
    }
}
