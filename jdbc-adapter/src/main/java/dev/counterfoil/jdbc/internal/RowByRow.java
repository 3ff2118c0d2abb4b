package dev.counterfoil.jdbc.internal;

import dev.counterfoil.Cell;
import dev.counterfoil.Key;
import dev.counterfoil.jdbc.dialect.Dialect;
import dev.counterfoil.spi.CellAddress;
import dev.counterfoil.spi.Deadline;
import dev.counterfoil.spi.DecisionId;
import dev.counterfoil.spi.GroupEvaluation.AddressedEntry;
import dev.counterfoil.spi.GroupEvaluation.CellChange;
import dev.counterfoil.spi.GroupEvaluation.Changes;
import dev.counterfoil.spi.GroupEvaluation.Known;
import dev.counterfoil.spi.GroupEvaluation.Needs;
import dev.counterfoil.spi.ReferenceId;
import dev.counterfoil.spi.StoredDecision;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * A statement per row, prepared once per group: for SQLite, where a statement is a call into the same process. The write
 * transaction keeps every other writer out, so there is nothing to lock.
 */
final class RowByRow implements GroupSql {
    private final Dialect dialect;
    private final Rows rows;
    private final String selectCell;
    private final String selectDecision;
    private final String selectReference;
    private final String selectReversal;
    private final String lastCellId;
    private final String lastDecisionId;
    private final String insertCell;
    private final String insertDecision;
    private final String insertEntry;
    private final String updateCell;

    RowByRow(Dialect dialect, Rows rows, Tables tables) {
        this.dialect = dialect;
        this.rows = rows;
        selectCell = tables.selectCell;
        selectDecision = "SELECT " + Rows.DECISION_COLUMNS + " FROM " + tables.decision
                + " WHERE namespace = ? AND scope = ? AND key = ?";
        selectReference = "SELECT scope, key FROM " + tables.decision + " WHERE namespace = ? AND reference = ?";
        selectReversal = "SELECT scope, key FROM " + tables.decision
                + " WHERE namespace = ? AND reverses_scope = ? AND reverses_key = ?";
        lastCellId = "SELECT coalesce(max(id), 0) FROM " + tables.cell;
        lastDecisionId = "SELECT coalesce(max(id), 0) FROM " + tables.decision;
        insertCell = insert(tables.cell, Rows.CELL_COLUMNS);
        insertDecision = insert(tables.decision, Rows.DECISION_COLUMNS);
        insertEntry = insert(tables.entry, Rows.ENTRY_COLUMNS);
        updateCell = "UPDATE " + tables.cell + " SET amount = ?, minimum = ?, maximum = ?, value = ?, records = ?,"
                + " closed = ?, version = ?, last_scope = ?, last_key = ?, last_at = ? WHERE id = ? AND version = ?";
    }

    private static String insert(String table, String columns) {
        String marks = columns.replaceAll("[a-z_]+", "?");
        return "INSERT INTO " + table + " (" + columns + ") VALUES (" + marks + ")";
    }

    @Override
    public Loaded load(
            Connection connection, SortedSet<CellAddress> cells, Needs needs, Locking locking, Deadline deadline)
            throws SQLException {
        Map<CellAddress, Cell> found = new HashMap<>();
        Map<CellAddress, Long> ids = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(selectCell)) {
            for (CellAddress address : cells) {
                bind(
                        select,
                        address.namespace(),
                        address.account().kind(),
                        address.account().id(),
                        address.name());
                try (ResultSet row = select.executeQuery()) {
                    if (row.next()) {
                        Rows.Row cell = rows.cell(row);
                        found.put(address, cell.cell());
                        ids.put(address, cell.id());
                    }
                }
            }
        }
        return new Loaded(found, ids, Set.of(), lookUp(connection, needs), dialect.clock(connection));
    }

    @Override
    public Known lookUp(Connection connection, Needs needs) throws SQLException {
        Map<DecisionId, StoredDecision> decisions = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(selectDecision)) {
            for (DecisionId id : needs.decisions()) {
                bind(select, id.namespace(), id.key().scope(), id.key().value());
                try (ResultSet row = select.executeQuery()) {
                    if (row.next()) {
                        decisions.put(id, rows.decision(row));
                    }
                }
            }
        }
        Map<ReferenceId, Key> references = new HashMap<>();
        for (ReferenceId id : needs.references()) {
            Key holder = holder(connection, selectReference, id.namespace(), id.reference());
            if (holder != null) {
                references.put(id, holder);
            }
        }
        Map<DecisionId, Key> reversals = new HashMap<>();
        for (DecisionId id : needs.reversals()) {
            Key holder = holder(
                    connection,
                    selectReversal,
                    id.namespace(),
                    id.key().scope(),
                    id.key().value());
            if (holder != null) {
                reversals.put(id, holder);
            }
        }
        return new Known(decisions, references, reversals);
    }

    private static @Nullable Key holder(Connection connection, String sql, @Nullable Object... bound)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            bind(select, bound);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Key.of(row.getString("scope"), row.getString("key")) : null;
            }
        }
    }

    /** What others can see of a file is on the disk. */
    @Override
    public void secure(Connection connection) {}

    @Override
    public void write(Connection connection, Changes changes, Map<CellAddress, Long> known) throws SQLException {
        Map<CellAddress, Long> cellIds = new HashMap<>(known);
        List<@Nullable Object[]> fresh = new ArrayList<>();
        List<@Nullable Object[]> changed = new ArrayList<>();
        long lastCell = last(connection, lastCellId);
        for (CellChange change : changes.cells()) {
            if (change.versionBefore() == 0) {
                cellIds.put(change.address(), ++lastCell);
                fresh.add(Rows.values(lastCell, change.address(), change.after()));
            } else {
                changed.add(Rows.values(change.after(), id(cellIds, change.address()), change.versionBefore()));
            }
        }
        Map<DecisionId, Long> decisionIds = new HashMap<>();
        List<@Nullable Object[]> decisions = new ArrayList<>();
        long lastDecision = last(connection, lastDecisionId);
        for (StoredDecision decision : changes.decisions()) {
            decisionIds.put(decision.id(), ++lastDecision);
            decisions.add(Rows.values(lastDecision, decision));
        }
        List<@Nullable Object[]> entries = new ArrayList<>();
        for (AddressedEntry entry : changes.entries()) {
            DecisionId decision =
                    new DecisionId(entry.address().namespace(), entry.entry().key());
            entries.add(Rows.values(id(cellIds, entry.address()), id(decisionIds, decision), entry.entry()));
        }
        execute(connection, insertCell, fresh);
        execute(connection, insertDecision, decisions);
        execute(connection, insertEntry, entries);
        execute(connection, updateCell, changed);
    }

    private static void execute(Connection connection, String sql, Collection<@Nullable Object[]> rows)
            throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (@Nullable Object[] row : rows) {
                bind(statement, row);
                statement.addBatch();
            }
            for (int count : statement.executeBatch()) {
                if (count != 1) {
                    // The row was locked, so nobody who keeps the rules can have changed it.
                    throw new IllegalStateException("a locked row was changed by somebody else");
                }
            }
        }
    }

    private static void bind(PreparedStatement statement, @Nullable Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
    }

    private static long last(Connection connection, String sql) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql);
                ResultSet rows = select.executeQuery()) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }

    private static <K> long id(Map<K, Long> ids, K key) {
        return Objects.requireNonNull(ids.get(key));
    }
}
