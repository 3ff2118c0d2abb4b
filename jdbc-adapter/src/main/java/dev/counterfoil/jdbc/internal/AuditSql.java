package dev.counterfoil.jdbc.internal;

import dev.counterfoil.jdbc.dialect.Dialect;
import dev.counterfoil.spi.AuditStore.EntryPlace;
import dev.counterfoil.spi.AuditStore.EntryRange;
import dev.counterfoil.spi.CellAddress;
import dev.counterfoil.spi.CellRow;
import dev.counterfoil.spi.Deadline;
import dev.counterfoil.spi.DecisionRow;
import dev.counterfoil.spi.EntryRow;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The statements of verification, in the way that suits a database; each call is one view, through indexes. */
interface AuditSql {
    static AuditSql of(Dialect dialect, Tables tables) {
        AuditRows rows = new AuditRows(dialect);
        return switch (dialect.sending()) {
            case ROW_BY_ROW -> new EachAudit(dialect, rows, tables);
            case ARRAYS -> new ArrayAudit(dialect, rows, tables);
            case MANY_ROWS -> new ListAudit(dialect, rows, tables);
        };
    }

    long countCells(Connection connection, String namespace, @Nullable String kind, String idPrefix, Deadline deadline)
            throws SQLException;

    List<CellRow> cellRows(
            Connection connection,
            String namespace,
            @Nullable String kind,
            String idPrefix,
            @Nullable List<String> after,
            boolean checkpoints,
            int limit,
            Deadline deadline)
            throws SQLException;

    @Nullable
    CellRow cellRow(Connection connection, CellAddress cell, Deadline deadline) throws SQLException;

    List<EntryRow> entryRows(Connection connection, List<EntryRange> ranges, int limit, Deadline deadline)
            throws SQLException;

    List<@Nullable EntryRow> entryRowsAt(
            Connection connection, String namespace, List<EntryPlace> places, Deadline deadline) throws SQLException;

    List<DecisionRow> decisionRows(
            Connection connection, String namespace, @Nullable DecisionRow after, int limit, Deadline deadline)
            throws SQLException;

    List<DecisionRow> decisionRows(Connection connection, Collection<Long> ids, Deadline deadline) throws SQLException;

    List<String> heldTwice(Connection connection, String namespace, Collection<String> references, Deadline deadline)
            throws SQLException;

    List<DecisionRow> reversedTwice(
            Connection connection, String namespace, Collection<DecisionRow> reversals, Deadline deadline)
            throws SQLException;

    void keepCheckpoints(Connection connection, List<CellRow.Checkpoint> checkpoints, Deadline deadline)
            throws SQLException;

    /** Waits for the lock of a cell, as the first step of a transaction that writes; null where there is no such cell. */
    @Nullable
    CellRow lock(Connection connection, CellAddress cell, Deadline deadline) throws SQLException;
}
