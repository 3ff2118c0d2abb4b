package dev.counterfoil.jdbc.dialect;

import dev.counterfoil.spi.Deadline;
import dev.counterfoil.spi.StoreException.Phase;
import dev.counterfoil.spi.StoreException.Trouble;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What differs between databases. It holds SQL text and facts, and takes no decisions. Safe for use by many threads.
 *
 * <p>A dialect for a database that is not known extends the nearest of those that are, and goes to the builder:
 *
 * <pre>{@code
 * final class YugabyteDialect extends PostgresDialect {
 *     public Trouble trouble(SQLException failure, Phase phase, String prefix) {
 *         return isItsOwnConflict(failure) ? Trouble.TRANSIENT : super.trouble(failure, phase, prefix);
 *     }
 * }
 *
 * JdbcLedger.builder(dataSource).dialect(new YugabyteDialect()).build();
 * }</pre>
 *
 * <p>Run the contract of the testkit against it. Methods may be added to this interface until version 1.0.
 */
public interface Dialect {
    /** How the rows of a group go to the database. */
    enum Sending {
        /** A statement each: beside the data, where a statement costs no round trip. */
        ROW_BY_ROW,
        /** As arrays, all statements of a step in one round trip. */
        ARRAYS,
        /** As lists in statements of many rows. */
        MANY_ROWS
    }

    /** What to do about a row that somebody else has locked. */
    enum Waiting {
        /** Wait for it, for a short time. */
        WAIT(""),
        /** Leave it out. */
        SKIP_LOCKED(" SKIP LOCKED"),
        /** Fail. */
        NOWAIT(" NOWAIT");

        private final String option;

        Waiting(String option) {
            this.option = option;
        }

        /** What most databases want behind FOR UPDATE, with a space before it; empty to wait. */
        public String option() {
            return option;
        }
    }

    /** How many groups of a ledger the database gains from having on their way at a time. */
    default int groupsAtOnce() {
        return 1;
    }

    /**
     * The dialect for the database behind a connection, where several databases have one name. Asked once, of the dialects that
     * the library knows by name.
     */
    default Dialect on(Connection connection) throws SQLException {
        return this;
    }

    /**
     * True where others are told only of what a transaction has written: then a locked row that decided, but did not change, is
     * changed too.
     */
    default boolean certifiesWritesOnly() {
        return false;
    }

    /** True where a connection is of no use any more, though it looks sound: it does not go back to its pool. */
    default boolean isCutOff(SQLException failure) {
        return false;
    }

    /** The name that the driver gives the database ({@code DatabaseMetaData.getDatabaseProductName}). */
    String product();

    /** The oldest version that has what the ledger needs. */
    Oldest oldest();

    /**
     * The oldest version that has what the ledger needs.
     *
     * @param major its first number
     * @param minor its second number
     * @param because what older ones lack
     */
    record Oldest(int major, int minor, String because) {}

    /** The folder of the shipped schema scripts: postgresql, mariadb, h2 or sqlite. */
    String schemaFolder();

    /** The version of the schema that the ledger's statements are for, and that {@code createSchema()} makes. */
    default int schemaVersion() {
        return 1;
    }

    /**
     * The text of a schema script: that of the shipped one in the {@link #schemaFolder() folder}, unless a dialect of one's own
     * brings others. Empty lines separate its statements, names begin with {@code counterfoil_}.
     *
     * @param name {@code counterfoil-1.sql}, which makes all of version 1, or {@code counterfoil-1-to-2.sql}, which is a step
     * @return null where there is none
     */
    default @Nullable String script(String name) {
        String path = "/dev/counterfoil/jdbc/schema/" + schemaFolder() + "/" + name;
        try (InputStream in = Dialect.class.getResourceAsStream(path)) {
            return in == null ? null : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

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
     * @return puts the connection back to where it looked, when the transaction has ended
     */
    Undo beginSchemaChange(Connection connection, @Nullable String schema, Deadline deadline) throws SQLException;

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

    /** How the rows of a group go to the database. */
    Sending sending();

    /** A name that the database gave, quoted. */
    default String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** The name of a table or sequence as statements have it. */
    default String table(String name) {
        return quote(name);
    }

    /** The name of a column as statements have it: quoted where it is a word of the database's own. */
    default String column(String name) {
        return name;
    }

    /**
     * A statement that puts a row in the place of the one with the same first column, where there is one; it has a mark for
     * each column.
     *
     * @param table the quoted name of a table, whose primary key is the first column
     * @param columns as statements have them
     */
    default String put(String table, List<String> columns) {
        return "INSERT INTO " + table + " (" + String.join(", ", columns) + ") VALUES (?"
                + ", ?".repeat(columns.size() - 1)
                + ") ON CONFLICT (" + columns.get(0) + ") DO UPDATE SET "
                + columns.stream()
                        .skip(1)
                        .map(column -> column + " = excluded." + column)
                        .collect(Collectors.joining(", "));
    }

    /** What makes texts compare by their bytes in UTF-8. */
    default String inBinaryOrder(String expression) {
        return expression;
    }

    /**
     * What goes behind a query for cells (with ARRAYS it has them as {@code c}) to lock their rows; empty where a transaction that
     * writes has the database for itself.
     *
     * @param waiting what to do about a row that somebody else has locked
     */
    String forUpdate(Waiting waiting);

    /**
     * A query for the next value of a sequence that is part of no transaction; null where ids are counted in the table,
     * because a transaction that writes has the database for itself.
     *
     * @param sequence its name as statements have it
     */
    @Nullable
    String nextValue(String sequence);

    /** A time as it is written to a column. */
    default String text(Instant time) {
        return IsoTimes.text(time);
    }

    /** The time in a column, or null. */
    @Nullable
    Instant time(ResultSet row, String column) throws SQLException;

    /** True where the database sums amounts up exactly; where it does not, they are summed up here. */
    default boolean sumsExactly() {
        return true;
    }

    /** True where a row was refused by a unique index of this library's own tables: somebody else was first. */
    boolean ofOwnIndex(SQLException failure, String prefix);

    /**
     * True where a row was refused by a primary key, in a database that does not say of which table: asked only of rows with
     * surrogate ids of this library's own.
     */
    default boolean ofPrimaryKey(SQLException failure) {
        return false;
    }

    /** True where the database may run in this process, so that a thread's interrupt reaches into it and may break it. */
    default boolean mindsInterrupts() {
        return false;
    }

    /** True where a statement failed because the thread was interrupted while it waited for a lock, and the flag is gone. */
    default boolean interruptedWait(SQLException failure, Duration waited) {
        return false;
    }

    /** True where a lock did not come in the short time that is waited for it. */
    boolean isLockTimeout(SQLException failure);

    /** Fails where the database as a whole, as it was made, cannot hold a ledger; called before tables are made. */
    default void checkDatabase(Connection connection) throws SQLException {}

    /**
     * Fails where the database can be read only. Waits for nobody, and leaves the connection in no transaction.
     *
     * @param table the quoted name of a table that is there
     */
    void checkWritable(Connection connection, String table) throws SQLException;

    /**
     * Settings under which a commit may be lost after it was acknowledged, each as a name and its value; empty where there are
     * none. Leaves the connection in no transaction.
     */
    List<String> weaknesses(Connection connection) throws SQLException;

    /** The database's clock, read now, behind the locks. */
    Instant clock(Connection connection) throws SQLException;

    /** What a failure means, given where it happened. */
    Trouble trouble(SQLException failure, Phase phase, String prefix);

    /** What a person may look at first when the database cannot be opened; empty where the failure says enough. */
    String hint(SQLException failure);

    /** True where a commit failed, but the transaction is open still and can be committed again. */
    boolean canCommitAgain(SQLException failure);
}
