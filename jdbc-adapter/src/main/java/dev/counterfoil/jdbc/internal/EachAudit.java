package dev.counterfoil.jdbc.internal;

import dev.counterfoil.jdbc.dialect.Dialect;
import dev.counterfoil.jdbc.dialect.Dialect.Waiting;
import dev.counterfoil.spi.AuditStore.EntryPlace;
import dev.counterfoil.spi.AuditStore.EntryRange;
import dev.counterfoil.spi.CellAddress;
import dev.counterfoil.spi.CellRow;
import dev.counterfoil.spi.Deadline;
import dev.counterfoil.spi.DecisionRow;
import dev.counterfoil.spi.EntryRow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A statement after the other: for databases in the same process.
 */
class EachAudit implements AuditSql {
    private static final String ADDRESS = " ORDER BY c.namespace, c.account_kind, c.account_id, c.name LIMIT ?";
    static final String APPLIED = " AND d.outcome = '" + DecisionCodec.APPLIED + "'";

    private final Dialect dialect;
    final AuditRows rows;
    private final String cells;
    private final String checkpoints;
    private final String byKey;
    private final String key;
    final String selectEntries;
    private final String selectEntryAt;
    final String selectDecisions;
    private final String selectReference;
    private final String selectReversal;
    private final String putCheckpoint;

    EachAudit(Dialect dialect, AuditRows rows, Tables tables) {
        this(dialect, rows, tables, "");
    }

    /** With what goes behind the name of the table of cells to keep to the index of their addresses. */
    EachAudit(Dialect dialect, AuditRows rows, Tables tables, String hint) {
        this.dialect = dialect;
        this.rows = rows;
        cells = " FROM " + tables.cell + " c" + hint;
        checkpoints = " LEFT JOIN " + tables.checkpoint + " k ON k.cell_id = c.id";
        key = "d." + dialect.column("key");
        byKey = " ORDER BY d.namespace, d.scope, " + key + " LIMIT ?";
        String decision = " LEFT JOIN " + tables.decision + " d ON d.id = e.decision_id WHERE ";
        selectEntries = "SELECT " + rows.entryColumns + " FROM " + tables.entry + " e LEFT JOIN " + tables.cell
                + " c ON c.id = e.cell_id" + decision
                + "e.cell_id = ? AND e.sequence > ? AND e.sequence <= ? ORDER BY e.cell_id, e.sequence LIMIT ?";
        selectEntryAt = "SELECT " + rows.entryColumns + " FROM " + tables.cell + " c JOIN " + tables.entry
                + " e ON e.cell_id = c.id" + decision
                + "c.namespace = ? AND c.account_kind = ? AND c.account_id = ? AND c.name = ? AND e.sequence = ? LIMIT 1";
        selectDecisions = "SELECT " + rows.decisionColumns + " FROM " + tables.decision + " d WHERE ";
        String held = "SELECT d.id FROM " + tables.decision + " d WHERE d.namespace = ?";
        selectReference = held + " AND d.reference = ?" + APPLIED + " LIMIT 2";
        selectReversal = held + " AND d.reverses_scope = ? AND d.reverses_key = ?" + APPLIED + " LIMIT 2";
        putCheckpoint = dialect.put(
                tables.checkpoint,
                Arrays.asList(
                        Tables.columns(dialect, AuditRows.CHECKPOINT_COLUMNS).split(", ")));
    }

    @Override
    public long countCells(
            Connection connection, String namespace, @Nullable String kind, String idPrefix, Deadline deadline)
            throws SQLException {
        Select all = new Select("SELECT count(*)" + cells + " WHERE c.namespace = ?", namespace);
        return Behind.restricted(dialect, all, kind, idPrefix)
                .rows(connection, row -> row.getLong(1))
                .get(0);
    }

    @Override
    public List<CellRow> cellRows(
            Connection connection,
            String namespace,
            @Nullable String kind,
            String idPrefix,
            @Nullable List<String> after,
            boolean withCheckpoints,
            int limit,
            Deadline deadline)
            throws SQLException {
        Select all = new Select(
                "SELECT " + rows.cellColumns + (withCheckpoints ? rows.checkpointColumns : "") + cells
                        + (withCheckpoints ? checkpoints : "") + " WHERE c.namespace = ?",
                namespace);
        return Behind.first(
                Behind.cells(dialect, all, kind, idPrefix, after),
                ADDRESS,
                limit,
                step -> step.rows(connection, row -> rows.cell(row, withCheckpoints)));
    }

    @Override
    public @Nullable CellRow cellRow(Connection connection, CellAddress cell, Deadline deadline) throws SQLException {
        return cell(connection, cell, "");
    }

    private @Nullable CellRow cell(Connection connection, CellAddress cell, String lock) throws SQLException {
        Select select = new Select(
                "SELECT " + rows.cellColumns + cells
                        + " WHERE c.namespace = ? AND c.account_kind = ? AND c.account_id = ? AND c.name = ?" + lock,
                cell.namespace(),
                cell.account().kind(),
                cell.account().id(),
                cell.name());
        List<CellRow> found = select.rows(connection, row -> rows.cell(row, false));
        return found.isEmpty() ? null : found.get(0);
    }

    @Override
    public @Nullable CellRow lock(Connection connection, CellAddress cell, Deadline deadline) throws SQLException {
        return cell(connection, cell, dialect.forUpdate(Waiting.WAIT));
    }

    @Override
    public List<EntryRow> entryRows(Connection connection, List<EntryRange> ranges, int limit, Deadline deadline)
            throws SQLException {
        List<EntryRow> found = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(selectEntries)) {
            for (EntryRange range : ranges) {
                if (found.size() < limit && AuditRows.width(range) > 0) {
                    Select.bind(select, range.cellId(), range.after(), range.upTo(), limit - found.size());
                    found.addAll(Select.rows(select, rows::entry));
                }
            }
        }
        return found;
    }

    @Override
    public List<@Nullable EntryRow> entryRowsAt(
            Connection connection, String namespace, List<EntryPlace> places, Deadline deadline) throws SQLException {
        List<@Nullable EntryRow> found = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(selectEntryAt)) {
            for (EntryPlace place : places) {
                Select.bind(
                        select,
                        namespace,
                        place.cell().account().kind(),
                        place.cell().account().id(),
                        place.cell().name(),
                        place.sequence());
                List<EntryRow> row = Select.rows(select, rows::entry);
                found.add(row.isEmpty() ? null : row.get(0));
            }
        }
        return found;
    }

    /** Of rows with one key, if there are several, the index keeps the order of their ids. */
    @Override
    public List<DecisionRow> decisionRows(
            Connection connection, String namespace, @Nullable DecisionRow after, int limit, Deadline deadline)
            throws SQLException {
        Select all = new Select(selectDecisions + "d.namespace = ?", namespace);
        return Behind.first(
                Behind.decisions(key, all, after), byKey, limit, step -> step.rows(connection, rows::decision));
    }

    @Override
    public List<DecisionRow> decisionRows(Connection connection, Collection<Long> ids, Deadline deadline)
            throws SQLException {
        List<DecisionRow> found = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(selectDecisions + "d.id = ?")) {
            for (Long id : ids) {
                found.addAll(Select.rows(Select.bind(select, id), rows::decision));
            }
        }
        return found;
    }

    @Override
    public List<String> heldTwice(
            Connection connection, String namespace, Collection<String> references, Deadline deadline)
            throws SQLException {
        List<String> twice = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(selectReference)) {
            for (String reference : new LinkedHashSet<>(references)) {
                Select.bind(select, namespace, reference);
                if (Select.rows(select, row -> row.getLong(1)).size() > 1) {
                    twice.add(reference);
                }
            }
        }
        return twice;
    }

    @Override
    public List<DecisionRow> reversedTwice(
            Connection connection, String namespace, Collection<DecisionRow> reversals, Deadline deadline)
            throws SQLException {
        List<DecisionRow> twice = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(selectReversal)) {
            for (DecisionRow reversal : reversals) {
                Select.bind(select, namespace, reversal.reversesScope(), reversal.reversesKey());
                if (Select.rows(select, row -> row.getLong(1)).size() > 1) {
                    twice.add(reversal);
                }
            }
        }
        return twice;
    }

    @Override
    public void keepCheckpoints(Connection connection, List<CellRow.Checkpoint> checkpoints, Deadline deadline)
            throws SQLException {
        // In one order, so that two that verify do not wait for each other in a circle.
        Map<Long, @Nullable Object[]> values = new TreeMap<>();
        checkpoints.forEach(checkpoint -> values.put(checkpoint.cellId(), AuditRows.values(checkpoint)));
        if (values.isEmpty()) {
            return;
        }
        String now = dialect.text(dialect.clock(connection));
        try (PreparedStatement put = connection.prepareStatement(putCheckpoint)) {
            for (@Nullable Object[] row : values.values()) {
                @Nullable Object[] all = Arrays.copyOf(row, row.length + 1);
                all[row.length] = now;
                Select.bind(put, all).addBatch();
            }
            put.executeBatch();
        }
    }
}
