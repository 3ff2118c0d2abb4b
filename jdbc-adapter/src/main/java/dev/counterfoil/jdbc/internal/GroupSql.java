package dev.counterfoil.jdbc.internal;

import dev.counterfoil.Cell;
import dev.counterfoil.spi.CellAddress;
import dev.counterfoil.spi.Deadline;
import dev.counterfoil.spi.GroupEvaluation.Changes;
import dev.counterfoil.spi.GroupEvaluation.Known;
import dev.counterfoil.spi.GroupEvaluation.Needs;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;

/** The statements of a group, in the way that suits a database: row by row beside the data, or all at once over a network. */
interface GroupSql {
    /** How to lock. */
    enum Locking {
        /** Not at all: for a view to read. */
        NONE,
        /** Wait for each lock, for a short time. */
        WAIT,
        /** Leave out what somebody else holds. */
        SKIP,
        /** Wait in a transaction of the caller's, whose settings are his. */
        JOIN,
        /** Fail in a transaction of the caller's where somebody else holds one. */
        JOIN_NOWAIT
    }

    /**
     * What was loaded behind the locks.
     *
     * @param cells the cells that are there and locked
     * @param ids their surrogate ids
     * @param elusive cells that are there, but were not there yet or not free when the locks were taken
     * @param known what was found of the needs
     * @param clock the database's clock, behind the locks
     */
    record Loaded(
            Map<CellAddress, Cell> cells,
            Map<CellAddress, Long> ids,
            Set<CellAddress> elusive,
            Known known,
            Instant clock) {}

    /** Locks and loads cells; then, behind the locks, looks up what is needed and reads the clock. */
    Loaded load(Connection connection, SortedSet<CellAddress> cells, Needs needs, Locking locking, Deadline deadline)
            throws SQLException;

    /** Looks up what is needed, behind locks that are held. */
    Known lookUp(Connection connection, Needs needs) throws SQLException;

    /**
     * Writes in the one order that all writers keep: new cells, decisions, entries, changed cells.
     *
     * @param changes what to write, which may be nothing
     * @param loaded what was loaded of this group
     */
    void write(Connection connection, Changes changes, Loaded loaded) throws SQLException;

    /** Lets others know of what was locked, where they are told only of what is written. */
    default void certify(Connection connection, Loaded loaded) throws SQLException {}

    /**
     * Takes other surrogate ids from now on. Called after a collision, which may be one of ids: a server that crashed, was
     * restored or took over can give a block of them twice.
     */
    void forgetIds();
}
