package dev.counterfoil.jdbc.internal;

import dev.counterfoil.Cell;
import dev.counterfoil.Key;
import dev.counterfoil.jdbc.dialect.Dialect;
import dev.counterfoil.jdbc.dialect.Dialect.Waiting;
import dev.counterfoil.spi.CellAddress;
import dev.counterfoil.spi.Deadline;
import dev.counterfoil.spi.DecisionId;
import dev.counterfoil.spi.GroupEvaluation.Changes;
import dev.counterfoil.spi.GroupEvaluation.Known;
import dev.counterfoil.spi.GroupEvaluation.Needs;
import dev.counterfoil.spi.ReferenceId;
import dev.counterfoil.spi.StoredDecision;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A statement per row, prepared once per group: for databases in the same process, where a statement costs no round trip. On
 * SQLite the write transaction keeps every other writer out, so there is nothing to lock.
 */
final class RowByRow implements GroupSql {
    private final Dialect dialect;
    private final Rows rows;
    private final String selectCell;
    private final String lockCell;
    private final String lockFreeCell;
    private final String lockCellNow;
    private final String selectDecision;
    private final String selectReference;
    private final String selectReversal;
    private final List<IdBlocks> blocks = new ArrayList<>();
    private final Ids cellIds;
    private final Ids decisionIds;
    private final String insertCell;
    private final String insertDecision;
    private final String insertEntry;
    private final String updateCell;

    RowByRow(Dialect dialect, Rows rows, Tables tables) {
        this.dialect = dialect;
        this.rows = rows;
        selectCell = tables.selectCell;
        lockCell = selectCell + dialect.forUpdate(Waiting.WAIT);
        lockFreeCell = selectCell + dialect.forUpdate(Waiting.SKIP_LOCKED);
        lockCellNow = selectCell + dialect.forUpdate(Waiting.NOWAIT);
        String holder = "SELECT " + Tables.columns(dialect, "scope, key") + " FROM " + tables.decision;
        selectDecision = "SELECT " + tables.decisionColumns + " FROM " + tables.decision
                + " WHERE namespace = ? AND scope = ? AND " + dialect.column("key") + " = ?";
        selectReference = holder + " WHERE namespace = ? AND reference = ?";
        selectReversal = holder + " WHERE namespace = ? AND reverses_scope = ? AND reverses_key = ?";
        cellIds = ids(dialect.nextValue(tables.cellBlock), tables.cell);
        decisionIds = ids(dialect.nextValue(tables.decisionBlock), tables.decision);
        insertCell = insert(tables.cell, tables.cellColumns);
        insertDecision = insert(tables.decision, tables.decisionColumns);
        insertEntry = insert(tables.entry, tables.entryColumns);
        updateCell = tables.updateCell;
    }

    /** Where surrogate ids come from: each transaction asks anew. */
    private interface Ids {
        GroupRows.Ids begin(Connection connection) throws SQLException;
    }

    private Ids ids(@Nullable String nextBlock, String table) {
        if (nextBlock != null) {
            IdBlocks own = new IdBlocks(nextBlock);
            blocks.add(own);
            return connection -> () -> own.next(connection);
        }
        String last = "SELECT coalesce(max(id), 0) FROM " + table;
        return connection -> {
            AtomicLong id = new AtomicLong(last(connection, last));
            return id::incrementAndGet;
        };
    }

    private static String insert(String table, String columns) {
        return "INSERT INTO " + table + " (" + columns + ") VALUES (" + columns.replaceAll("[^, ]+", "?") + ")";
    }

    @Override
    public Loaded load(
            Connection connection, SortedSet<CellAddress> cells, Needs needs, Locking locking, Deadline deadline)
            throws SQLException {
        Map<CellAddress, Cell> found = new HashMap<>();
        Map<CellAddress, Long> ids = new HashMap<>();
        String select =
                switch (locking) {
                    case NONE -> selectCell;
                    case WAIT, JOIN -> lockCell;
                    case SKIP -> lockFreeCell;
                    case JOIN_NOWAIT -> lockCellNow;
                };
        for (Rows.Row row : select(connection, select, cells)) {
            found.put(row.address(), row.cell());
            ids.put(row.address(), row.id());
        }
        Set<CellAddress> elusive = new HashSet<>();
        if (!select.equals(selectCell) && found.size() < cells.size()) {
            // Seen behind the locks of the others: it came into being meanwhile, or somebody else holds it.
            Set<CellAddress> missing = new HashSet<>(cells);
            missing.removeAll(found.keySet());
            select(connection, selectCell, missing).forEach(row -> elusive.add(row.address()));
        }
        return new Loaded(found, ids, elusive, lookUp(connection, needs), dialect.clock(connection));
    }

    private List<Rows.Row> select(Connection connection, String sql, Collection<CellAddress> cells)
            throws SQLException {
        List<Rows.Row> found = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            for (CellAddress address : cells) {
                bind(
                        select,
                        address.namespace(),
                        address.account().kind(),
                        address.account().id(),
                        address.name());
                try (ResultSet row = waiting(select::executeQuery)) {
                    if (row.next()) {
                        found.add(rows.cell(row));
                    }
                }
            }
        }
        return found;
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

    @Override
    public void write(Connection connection, Changes changes, Loaded loaded) throws SQLException {
        GroupRows group =
                GroupRows.of(rows, changes, loaded.ids(), cellIds.begin(connection), decisionIds.begin(connection));
        execute(connection, insertCell, group.newCells());
        execute(connection, insertDecision, group.decisions());
        execute(connection, insertEntry, group.entries());
        execute(connection, updateCell, group.changedCells());
    }

    private interface Call<T> {
        T run() throws SQLException;
    }

    /** Runs what may wait for a lock. */
    private <T> T waiting(Call<T> call) throws SQLException {
        long start = System.nanoTime();
        try {
            return call.run();
        } catch (SQLException e) {
            throw dialect.interruptedWait(e, Duration.ofNanos(System.nanoTime() - start))
                    ? new InterruptedWaitException(e)
                    : e;
        }
    }

    private void execute(Connection connection, String sql, Collection<@Nullable Object[]> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (@Nullable Object[] row : rows) {
                bind(statement, row);
                statement.addBatch();
            }
            for (int count : waiting(statement::executeBatch)) {
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

    @Override
    public void forgetIds() {
        blocks.forEach(IdBlocks::forget);
    }
}
