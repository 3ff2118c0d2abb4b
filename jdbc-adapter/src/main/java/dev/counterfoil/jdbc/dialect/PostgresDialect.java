package dev.counterfoil.jdbc.dialect;

import dev.counterfoil.spi.Deadline;
import dev.counterfoil.spi.StoreException.Phase;
import dev.counterfoil.spi.StoreException.Trouble;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** PostgreSQL, through its own driver. */
public final class PostgresDialect implements Dialect {
    // Error codes: https://www.postgresql.org/docs/current/errcodes-appendix.html
    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String UNIQUE_VIOLATION = "23505";
    private static final String CANCELLED = "57014";
    private static final String READ_ONLY = "25006";
    private static final String STATEMENT_COMPLETION_UNKNOWN = "40003";
    private static final Set<String> TRANSIENT = Set.of("40001", "40P01", LOCK_NOT_AVAILABLE);
    private static final Set<String> TRANSIENT_WHEN_CONNECTING = Set.of("53300", "57P03");
    private static final Set<String> LINK_LOST = Set.of("57P01", "57P02", "57P05", "25P03");

    /** So much later than the server's own time-outs, which say more than a lost link does. */
    private static final int GRACE_MILLIS = 1_000;

    @Override
    public String product() {
        return "PostgreSQL";
    }

    @Override
    public String schemaFolder() {
        return "postgresql";
    }

    @Override
    public String countTables() {
        return "SELECT count(*) FROM pg_catalog.pg_class WHERE relkind = 'r' AND relname = ? AND pg_table_is_visible(oid)";
    }

    @Override
    public Undo prepare(Connection connection) throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        int networkTimeout = connection.getNetworkTimeout();
        if (autoCommit) {
            connection.setAutoCommit(false);
        } else {
            connection.rollback();
        }
        return back -> {
            back.rollback();
            back.setAutoCommit(autoCommit);
            back.setNetworkTimeout(Runnable::run, networkTimeout);
        };
    }

    /** A COMMIT that waits for a standby is under none of the server's time-outs, and a server that is gone has none. */
    @Override
    public void limit(Connection connection, Deadline deadline) throws SQLException {
        long millis = TimeUnit.NANOSECONDS.toMillis(deadline.remainingNanos()) + GRACE_MILLIS;
        int present = connection.getNetworkTimeout();
        if (present == 0 || present > millis) {
            connection.setNetworkTimeout(Runnable::run, Math.toIntExact(millis));
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
    public String hint(SQLException failure) {
        return READ_ONLY.equals(failure.getSQLState()) ? "it is read-only to this process" : "";
    }

    /** Nothing is sent yet: the driver puts BEGIN before the first statement, in the same round trip. */
    @Override
    public void begin(Connection connection, Deadline deadline) throws SQLException {
        connection.clearWarnings();
    }

    @Override
    public void beginSchemaChange(Connection connection, Deadline deadline) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_advisory_xact_lock(hashtext('counterfoil schema'))");
        }
    }

    @Override
    public void beginRead(Connection connection, Deadline deadline) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // A reader that vanishes keeps an old view open, which slows all who write.
            statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;"
                    + " SET LOCAL idle_in_transaction_session_timeout = 5000");
        }
    }

    @Override
    public void commit(Connection connection) throws SQLException {
        connection.commit();
        SQLWarning warning = connection.getWarnings();
        if (warning != null) {
            // Such as a cancelled wait for the standby: the commit is there, but not as safe as was asked for.
            throw new SQLException("the commit ended with a warning", STATEMENT_COMPLETION_UNKNOWN, warning);
        }
    }

    @Override
    public void rollback(Connection connection) throws SQLException {
        connection.rollback();
    }

    @Override
    public boolean setBased() {
        return true;
    }

    @Override
    public @Nullable Instant time(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    @Override
    public boolean isLockTimeout(SQLException failure) {
        return LOCK_NOT_AVAILABLE.equals(failure.getSQLState());
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
        String state = String.valueOf(failure.getSQLState());
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
        if (UNIQUE_VIOLATION.equals(state) && ofOwnIndex(failure, prefix)) {
            return Trouble.TRANSIENT;
        }
        return state.startsWith("22") || state.startsWith("23") ? Trouble.ONE_REQUEST : Trouble.PERMANENT;
    }

    @Override
    public boolean canCommitAgain(SQLException failure) {
        return false;
    }

    private static boolean ofOwnIndex(SQLException failure, String prefix) {
        return String.valueOf(failure.getMessage()).contains('"' + prefix);
    }
}
