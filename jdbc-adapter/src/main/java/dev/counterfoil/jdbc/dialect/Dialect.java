package dev.counterfoil.jdbc.dialect;

import dev.counterfoil.spi.Deadline;
import dev.counterfoil.spi.StoreException.Phase;
import dev.counterfoil.spi.StoreException.Trouble;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;

/** What differs between databases. It holds SQL text and facts, and takes no decisions. Safe for use by many threads. */
public interface Dialect {
    /** The name that the driver gives the database ({@code DatabaseMetaData.getDatabaseProductName}). */
    String product();

    /** The folder of the shipped schema scripts. */
    String schemaFolder();

    /** A query for a count above zero where the table whose name is bound is there. */
    String countTables();

    /** Makes a connection ready for transactions, once, before the first one on it. */
    void prepare(Connection connection) throws SQLException;

    /** Begins a transaction that writes. */
    void begin(Connection connection, Deadline deadline) throws SQLException;

    /** Begins a transaction that reads one consistent view. */
    void beginRead(Connection connection, Deadline deadline) throws SQLException;

    /** Commits. */
    void commit(Connection connection) throws SQLException;

    /** Rolls back. */
    void rollback(Connection connection) throws SQLException;

    /** The database's clock, read now, behind the locks. */
    Instant clock(Connection connection) throws SQLException;

    /** What a failure means, given where it happened. */
    Trouble trouble(SQLException failure, Phase phase, String prefix);

    /** True where a commit failed, but the transaction is open still and can be committed again. */
    boolean canCommitAgain(SQLException failure);
}
