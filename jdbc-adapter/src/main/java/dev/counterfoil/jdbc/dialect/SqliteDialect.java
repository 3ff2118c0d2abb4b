package dev.counterfoil.jdbc.dialect;

import dev.counterfoil.spi.Deadline;
import dev.counterfoil.spi.StoreException.Phase;
import dev.counterfoil.spi.StoreException.Trouble;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;

/**
 * SQLite. Transactions are begun and ended by statements on a connection in autocommit mode, because the driver's own begin is
 * deferred, and a deferred transaction cannot wait for its turn to write.
 */
public final class SqliteDialect implements Dialect {
    // Result codes, https://www.sqlite.org/rescode.html; the driver's getErrorCode() gives the primary ones.
    private static final int BUSY = 5;
    private static final int LOCKED = 6;
    private static final int IOERR = 10;
    private static final int TOOBIG = 18;
    private static final int CONSTRAINT = 19;

    @Override
    public String product() {
        return "SQLite";
    }

    @Override
    public String schemaFolder() {
        return "sqlite";
    }

    @Override
    public String countTables() {
        return "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?";
    }

    @Override
    public void prepare(Connection connection) throws SQLException {
        if (!connection.getAutoCommit()) {
            connection.rollback();
            connection.setAutoCommit(true);
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA synchronous = FULL");
        }
    }

    @Override
    public void begin(Connection connection, Deadline deadline) throws SQLException {
        begin(connection, deadline, "BEGIN IMMEDIATE");
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

    /** The machine's clock: SQLite has no other. */
    @Override
    public Instant clock(Connection connection) {
        return Instant.now().truncatedTo(ChronoUnit.MICROS);
    }

    @Override
    public Trouble trouble(SQLException failure, Phase phase, String prefix) {
        return switch (failure.getErrorCode()) {
            case BUSY, LOCKED -> Trouble.TRANSIENT;
            case IOERR -> phase == Phase.COMMIT ? Trouble.UNKNOWN : Trouble.PERMANENT;
            case CONSTRAINT -> ofOwnIndex(failure, prefix) ? Trouble.TRANSIENT : Trouble.ONE_REQUEST;
            case TOOBIG -> Trouble.ONE_REQUEST;
            default -> Trouble.PERMANENT;
        };
    }

    @Override
    public boolean canCommitAgain(SQLException failure) {
        return failure.getErrorCode() == BUSY || failure.getErrorCode() == LOCKED;
    }

    private static boolean ofOwnIndex(SQLException failure, String prefix) {
        String message = String.valueOf(failure.getMessage());
        return message.contains("UNIQUE constraint failed: " + prefix);
    }
}
