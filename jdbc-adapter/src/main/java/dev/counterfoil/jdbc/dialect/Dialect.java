package dev.counterfoil.jdbc.dialect;

import dev.counterfoil.spi.Deadline;
import dev.counterfoil.spi.StoreException.Phase;
import dev.counterfoil.spi.StoreException.Trouble;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What differs between databases. It holds SQL text and facts, and takes no decisions. Safe for use by many threads. */
public interface Dialect {
    /** The name that the driver gives the database ({@code DatabaseMetaData.getDatabaseProductName}). */
    String product();

    /** The folder of the shipped schema scripts. */
    String schemaFolder();

    /** True where tables lie in schemas, one of which can be asked for. */
    boolean hasSchemas();

    /**
     * A query for the schema (null where there are none) of a table. Bound are the schema, or null for where the connection
     * itself looks, and the table's name. No row where it is not there.
     */
    String findTable();

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

    /** Begins a transaction that writes. */
    void begin(Connection connection, Deadline deadline) throws SQLException;

    /**
     * Begins a transaction that makes tables, and keeps others that do the same waiting.
     *
     * @param schema where names without a schema are made and looked for in this transaction, made itself where it is not
     *     there; null for where the connection looks
     */
    void beginSchemaChange(Connection connection, @Nullable String schema, Deadline deadline) throws SQLException;

    /** Begins a transaction that reads one consistent view. */
    void beginRead(Connection connection, Deadline deadline) throws SQLException;

    /** The isolation levels, as {@link Connection} numbers them, of transactions of a caller's that a ledger can join. */
    Set<Integer> joinable();

    /**
     * Readies a transaction of a caller's for a step of the ledger: waits for locks till the deadline, and can write.
     *
     * @param table the quoted name of a table that is there
     * @return puts the settings back
     */
    Undo beginStep(Connection connection, String table, Deadline deadline) throws SQLException;

    /** Commits. */
    void commit(Connection connection) throws SQLException;

    /** Rolls back. */
    void rollback(Connection connection) throws SQLException;

    /** True where all rows of a group go in one statement, as arrays. */
    boolean setBased();

    /** The time in a column, or null. */
    @Nullable
    Instant time(ResultSet row, String column) throws SQLException;

    /** True where a row was refused by a unique index of this library's own tables: somebody else was first. */
    boolean ofOwnIndex(SQLException failure, String prefix);

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
