package dev.counterfoil.jdbc.dialect;

import dev.counterfoil.spi.Deadline;
import dev.counterfoil.spi.StoreException.Phase;
import dev.counterfoil.spi.StoreException.Trouble;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** PostgreSQL, through its own driver. */
public class PostgresDialect implements Dialect {
    // Error codes: https://www.postgresql.org/docs/current/errcodes-appendix.html
    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String UNIQUE_VIOLATION = "23505";
    private static final String CANCELLED = "57014";
    private static final String READ_ONLY = "25006";
    private static final String DENIED = "42501";
    private static final String FAILED_BEFORE = "25P02";
    private static final String NOT_SUPPORTED = "0A000";
    private static final String WARNING = "01";
    private static final String STATEMENT_COMPLETION_UNKNOWN = "40003";
    private static final Set<String> TRANSIENT = Set.of("40001", "40P01", LOCK_NOT_AVAILABLE);
    private static final Set<String> TRANSIENT_WHEN_CONNECTING = Set.of("53300", "57P03");
    private static final Set<String> LINK_LOST = Set.of("57P01", "57P02", "57P05", "25P03", "25P04");

    private static final long TABLE_LOCK_MILLIS = 1000;

    /** Ways to find rows without an index. */
    private static final List<String> OTHER_WAYS =
            List.of("enable_seqscan", "enable_bitmapscan", "enable_hashjoin", "enable_mergejoin", "enable_material");

    /** While REINDEX CONCURRENTLY runs, the index and its successor both count, one of them under such a name. */
    private static final String BEING_REPLACED = "(_cc(old|new)[0-9]*)?";

    private static final String OWN_INDEX =
            "(cell_address|decision_key|decision_reference|decision_reverses|(cell|decision|entry)_pkey)"
                    + BEING_REPLACED;

    /** For {@code JdbcLedger}, and for dialects that extend this one. */
    public PostgresDialect() {}

    @Override
    public Oldest oldest() {
        return new Oldest(15, 0, "older ones are not verified");
    }

    /** One is evaluated while the disk is waited for by the other. */
    @Override
    public int groupsAtOnce() {
        return 2;
    }

    @Override
    public String product() {
        return "PostgreSQL";
    }

    @Override
    public String schemaFolder() {
        return "postgresql";
    }

    @Override
    public boolean hasSchemas() {
        return true;
    }

    @Override
    public String findTable() {
        return "SELECT n.nspname FROM (SELECT ?::text AS schema, ?::text AS name) w"
                + " JOIN pg_catalog.pg_class c ON c.relname = w.name AND c.relkind IN ('r', 'p')"
                + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                + " WHERE CASE WHEN w.schema IS NULL THEN pg_table_is_visible(c.oid) ELSE n.nspname = w.schema END";
    }

    @Override
    public Undo prepare(Connection connection) throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        if (autoCommit) {
            connection.setAutoCommit(false);
        }
        // Also with autocommit: somebody may have sent BEGIN. The driver sends nothing where no transaction is open.
        connection.rollback();
        return back -> {
            back.rollback();
            back.setAutoCommit(autoCommit);
        };
    }

    /** In other encodings the order of bytes is not that of UTF-8, and characters are missing. */
    @Override
    public void checkDatabase(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW server_encoding")) {
            if (row.next() && !row.getString(1).equals("UTF8")) {
                throw new SQLException(
                        "the encoding of the database is " + row.getString(1)
                                + ", it must be UTF8: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0",
                        NOT_SUPPORTED);
            }
        } finally {
            connection.rollback();
        }
    }

    @Override
    public void checkWritable(Connection connection, String table) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW transaction_read_only")) {
            if (row.next() && row.getString(1).equals("on")) {
                throw new SQLException("the server or the session is read-only", READ_ONLY);
            }
        } finally {
            connection.rollback();
        }
    }

    @Override
    public List<String> weaknesses(Connection connection) throws SQLException {
        List<String> weak = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT name || ' = ' || setting FROM pg_catalog.pg_settings"
                        + " WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND setting = 'off'"
                        + " ORDER BY name")) {
            while (row.next()) {
                weak.add(row.getString(1));
            }
        } finally {
            connection.rollback();
        }
        return weak;
    }

    @Override
    public String hint(SQLException failure) {
        if (DENIED.equals(state(failure))) {
            return "this role lacks a right on the tables, see the grants in docs/databases.md";
        }
        if (FAILED_BEFORE.equals(state(failure))) {
            return "a statement of this transaction failed before: roll back";
        }
        return READ_ONLY.equals(state(failure)) ? "it is read-only to this process" : "";
    }

    /** Nothing is sent yet: the driver puts BEGIN before the first statement, in the same round trip. */
    @Override
    public void begin(Connection connection, Deadline deadline) throws SQLException {
        connection.clearWarnings();
    }

    @Override
    public Undo beginSchemaChange(Connection connection, @Nullable String schema, Deadline deadline)
            throws SQLException {
        connection.rollback();
        try (Statement statement = connection.createStatement()) {
            long wait = Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline.remainingNanos()));
            statement.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
            statement.execute("SET LOCAL lock_timeout = " + wait);
            statement.execute("SELECT pg_advisory_xact_lock(hashtext('counterfoil schema'))");
            // Whoever waits for a table keeps all others from it: not for long, and then again.
            statement.execute("SET LOCAL lock_timeout = " + Math.min(wait, TABLE_LOCK_MILLIS));
            if (schema != null) {
                if (!schemaExists(connection, schema)) {
                    // Asked for only where it is missing: even IF NOT EXISTS needs the right to make one.
                    statement.execute("CREATE SCHEMA \"" + schema + '"');
                }
                statement.execute("SET LOCAL search_path TO \"" + schema + '"');
            }
        }
        return ended -> {};
    }

    private static boolean schemaExists(Connection connection, String schema) throws SQLException {
        String sql = "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = ?";
        try (PreparedStatement find = connection.prepareStatement(sql)) {
            find.setString(1, schema);
            try (ResultSet row = find.executeQuery()) {
                return row.next();
            }
        }
    }

    /** As {@link #begin}: what a reader needs goes with its first statement. */
    @Override
    public void beginRead(Connection connection, Deadline deadline) throws SQLException {
        begin(connection, deadline);
    }

    @Override
    public Set<Integer> joinable() {
        return Set.of(
                Connection.TRANSACTION_READ_COMMITTED,
                Connection.TRANSACTION_REPEATABLE_READ,
                Connection.TRANSACTION_SERIALIZABLE);
    }

    @Override
    public Undo beginStep(Connection connection, String table, Deadline deadline) throws SQLException {
        Map<String, String> during = new LinkedHashMap<>();
        during.put(
                "lock_timeout", Long.toString(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline.remainingNanos()))));
        OTHER_WAYS.forEach(way -> during.put(way, "off"));
        during.put("plan_cache_mode", "force_generic_plan");
        Map<String, String> before = exchange(connection, during);
        return back -> exchange(back, before);
    }

    /** Changes settings till the end of the transaction; what they were. */
    private static Map<String, String> exchange(Connection connection, Map<String, String> settings)
            throws SQLException {
        String sql = settings.keySet().stream()
                .map(name -> "current_setting('" + name + "'), set_config('" + name + "', ?, true)")
                .collect(Collectors.joining(", ", "SELECT ", ""));
        Map<String, String> before = new LinkedHashMap<>();
        try (PreparedStatement set = connection.prepareStatement(sql)) {
            int bound = 0;
            for (String value : settings.values()) {
                set.setString(++bound, value);
            }
            try (ResultSet row = set.executeQuery()) {
                row.next();
                int column = 1;
                for (String name : settings.keySet()) {
                    before.put(name, row.getString(column));
                    column += 2;
                }
            }
        }
        return before;
    }

    @Override
    public void commit(Connection connection) throws SQLException {
        connection.commit();
        for (SQLWarning said = connection.getWarnings(); said != null; said = said.getNextWarning()) {
            // Such as a cancelled wait for the standby: the commit is there, but not as safe as was asked for. Notices
            // and
            // debug messages, which a session can ask for, come this way too.
            if (String.valueOf(said.getSQLState()).startsWith(WARNING)) {
                throw new SQLException("the commit ended with a warning", STATEMENT_COMPLETION_UNKNOWN, said);
            }
        }
    }

    @Override
    public void rollback(Connection connection) throws SQLException {
        connection.rollback();
    }

    @Override
    public Sending sending() {
        return Sending.ARRAYS;
    }

    /** Not FOR UPDATE, which would keep the user's own foreign keys waiting. */
    @Override
    public String forUpdate(Waiting waiting) {
        return " FOR NO KEY UPDATE OF c" + waiting.option();
    }

    @Override
    public String nextValue(String sequence) {
        return "SELECT nextval('" + sequence.replace("'", "''") + "')";
    }

    @Override
    public @Nullable Instant time(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    @Override
    public boolean isLockTimeout(SQLException failure) {
        return LOCK_NOT_AVAILABLE.equals(state(failure));
    }

    @Override
    public Instant clock(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT clock_timestamp() AS clock")) {
            row.next();
            return Objects.requireNonNull(time(row, "clock"));
        }
    }

    @Override
    public Trouble trouble(SQLException failure, Phase phase, String prefix) {
        String state = state(failure);
        boolean lost = state.startsWith("08") || LINK_LOST.contains(state);
        if (TRANSIENT.contains(state)) {
            return Trouble.TRANSIENT;
        }
        if (phase == Phase.COMMIT) {
            return Trouble.UNKNOWN;
        }
        boolean busy = phase == Phase.ACQUIRE && TRANSIENT_WHEN_CONNECTING.contains(state);
        if (lost || busy || CANCELLED.equals(state)) {
            return Trouble.TRANSIENT;
        }
        if (ofOwnIndex(failure, prefix)) {
            return Trouble.TRANSIENT;
        }
        return state.startsWith("22") || state.startsWith("23") ? Trouble.ONE_REQUEST : Trouble.PERMANENT;
    }

    @Override
    public boolean canCommitAgain(SQLException failure) {
        return false;
    }

    /** By its name in the first line, which quotes no values; the words and marks around it are of the server's language. */
    @Override
    public boolean ofOwnIndex(SQLException failure, String prefix) {
        SQLException said = said(failure);
        String first = String.valueOf(said.getMessage()).lines().findFirst().orElse("");
        return UNIQUE_VIOLATION.equals(said.getSQLState())
                && Pattern.compile("\\b" + prefix + OWN_INDEX + "\\b")
                        .matcher(first)
                        .find();
    }

    private static String state(SQLException failure) {
        return String.valueOf(said(failure).getSQLState());
    }

    private static SQLException said(SQLException failure) {
        return DriverFailure.in(failure, at -> at.getSQLState() != null);
    }
}
