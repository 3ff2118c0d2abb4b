package dev.counterfoil.jdbc.dialect;

import dev.counterfoil.spi.Deadline;
import dev.counterfoil.spi.StoreException.Phase;
import dev.counterfoil.spi.StoreException.Trouble;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What differs between databases. It holds SQL text and facts, and takes no decisions. Safe for use by many threads. */
public interface Dialect {
    /** The name that the driver gives the database ({@code DatabaseMetaData.getDatabaseProductName}). */
    String product();

    /** The folder of the shipped schema scripts. */
    String schemaFolder();

    /** A query for a count above zero where the table whose name is bound is there. */
    String countTables();

    /**
     * Makes a connection ready for transactions, before the first one on it. What somebody else has left uncommitted on it is
     * rolled back.
     *
     * @return puts the connection back as it was found
     */
    Undo prepare(Connection connection) throws SQLException;

    /** Puts a connection back as it was found. */
    interface Undo {
        /** Runs it on a connection that is in no transaction. */
        void run(Connection connection) throws SQLException;
    }

    /**
     * Ends the wait for an answer soon after the deadline, where the database itself may be silent for longer: then the link is
     * given up. It may be called again with the same deadline; the connection's own limit is put back by its {@link Undo}.
     */
    void limit(Connection connection, Deadline deadline) throws SQLException;

    /** Begins a transaction that writes. */
    void begin(Connection connection, Deadline deadline) throws SQLException;

    /** Begins a transaction that makes tables, and keeps others that do the same waiting. */
    void beginSchemaChange(Connection connection, Deadline deadline) throws SQLException;

    /** Begins a transaction that reads one consistent view. */
    void beginRead(Connection connection, Deadline deadline) throws SQLException;

    /** Commits. */
    void commit(Connection connection) throws SQLException;

    /** Rolls back. */
    void rollback(Connection connection) throws SQLException;

    /** True where all rows of a group go in one statement, as arrays. */
    boolean setBased();

    /** The time in a column, or null. */
    @Nullable
    Instant time(ResultSet row, String column) throws SQLException;

    /** True where a lock did not come in the short time that is waited for it. */
    boolean isLockTimeout(SQLException failure);

    /**
     * Fails where the database can be read only. Waits for nobody, and leaves the connection in no transaction.
     *
     * @param table the quoted name of a table that is there
     */
    void checkWritable(Connection connection, String table) throws SQLException;

    /** The database's clock, read now, behind the locks. */
    Instant clock(Connection connection) throws SQLException;

    /** What a failure means, given where it happened. */
    Trouble trouble(SQLException failure, Phase phase, String prefix);

    /** What a person may look at first when the database cannot be opened; empty where the failure says enough. */
    String hint(SQLException failure);

    /** True where a commit failed, but the transaction is open still and can be committed again. */
    boolean canCommitAgain(SQLException failure);
}
