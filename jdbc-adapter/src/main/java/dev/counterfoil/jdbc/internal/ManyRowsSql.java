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
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * MariaDB: statements with many rows each. Rows are locked by a range of the one index on their addresses, in its order; a
 * join, another index or a longer list would lock in an order of its own.
 */
final class ManyRowsSql implements GroupSql {
    private static final String ADDRESS = "namespace, account_kind, account_id, name";

    /** A replay of a decision that is younger may be answered before the decision is on the disk. */
    private static final Duration SETTLED = Duration.ofSeconds(5);

    private final Dialect dialect;
    private final Rows rows;
    private final Tables tables;
    private final ManyRows statements;
    private final String selectCells;
    private final String selectAddresses;
    private final String selectDecisions;
    private final String selectReferences;
    private final String selectReversals;
    private final String updateCell;
    private final String touchCells;
    private final String touchMeta;
    private final IdBlocks cellIds;
    private final IdBlocks decisionIds;

    ManyRowsSql(Dialect dialect, Rows rows, Tables tables) {
        this.dialect = dialect;
        this.rows = rows;
        this.tables = tables;
        this.statements = new ManyRows(tables.cell);
        String byAddress =
                " FROM " + tables.cell + " c FORCE INDEX (" + tables.cellAddress + ") WHERE (" + ADDRESS + ") IN (";
        selectCells = "SELECT " + tables.cellColumns + byAddress;
        selectAddresses = "SELECT " + ADDRESS + byAddress;
        // The clock comes with the decisions: a row of its own, with a time and nothing else.
        String clock = "SELECT "
                + columns(dialect, Rows.DECISION_COLUMNS, "NULL AS ")
                        .replace("NULL AS recorded_at", "UTC_TIMESTAMP(6) AS recorded_at")
                + " UNION ALL ";
        selectDecisions = clock + "SELECT " + tables.decisionColumns + " FROM " + tables.decision + " WHERE ("
                + Tables.columns(dialect, "namespace, scope, key") + ") IN (";
        selectReferences = "SELECT " + Tables.columns(dialect, "namespace, reference, scope, key") + " FROM "
                + tables.decision + " WHERE (namespace, reference) IN (";
        selectReversals = "SELECT " + Tables.columns(dialect, "namespace, reverses_scope, reverses_key, scope, key")
                + " FROM " + tables.decision + " WHERE (namespace, reverses_scope, reverses_key) IN (";
        updateCell = tables.updateCell;
        touchCells = "UPDATE " + tables.cell + " SET touch = touch + 1 WHERE id IN (";
        touchMeta = "UPDATE " + tables.meta + " SET value = value + 1 WHERE name = 'touch'";
        cellIds = new IdBlocks(Objects.requireNonNull(dialect.nextValue(tables.cellBlock)));
        decisionIds = new IdBlocks(Objects.requireNonNull(dialect.nextValue(tables.decisionBlock)));
    }

    private static String columns(Dialect dialect, String names, String before) {
        return before + Tables.columns(dialect, names).replace(", ", ", " + before);
    }

    @Override
    public Loaded load(
            Connection connection, SortedSet<CellAddress> cells, Needs needs, Locking locking, Deadline deadline)
            throws SQLException {
        Map<CellAddress, Cell> found = new HashMap<>();
        Map<CellAddress, Long> ids = new HashMap<>();
        String end =
                switch (locking) {
                    case NONE -> ")";
                    case WAIT, JOIN -> ")" + dialect.forUpdate(Waiting.WAIT);
                    case SKIP -> ")" + dialect.forUpdate(Waiting.SKIP_LOCKED);
                    case JOIN_NOWAIT -> ")" + dialect.forUpdate(Waiting.NOWAIT);
                };
        statements.select(connection, selectCells, addresses(cells), end, row -> {
            Rows.Row cell = rows.cell(row);
            found.put(cell.address(), cell.cell());
            ids.put(cell.address(), cell.id());
        });
        Set<CellAddress> elusive = new HashSet<>();
        if (locking != Locking.NONE && found.size() < cells.size()) {
            // Seen behind the locks of the others: it came into being meanwhile, or somebody else holds it.
            List<CellAddress> missing =
                    cells.stream().filter(cell -> !found.containsKey(cell)).toList();
            statements.select(
                    connection, selectAddresses, addresses(missing), ")", row -> elusive.add(Rows.address(row)));
        }
        Instant[] clock = {Instant.EPOCH};
        Known known = lookUp(connection, needs, clock);
        if (needs.decisions().isEmpty()) {
            clock[0] = dialect.clock(connection);
        }
        return new Loaded(found, ids, elusive, known, clock[0]);
    }

    @Override
    public Known lookUp(Connection connection, Needs needs) throws SQLException {
        return lookUp(connection, needs, new Instant[1]);
    }

    private Known lookUp(Connection connection, Needs needs, Instant[] clock) throws SQLException {
        Map<DecisionId, StoredDecision> decisions = new HashMap<>();
        statements.select(connection, selectDecisions, keys(needs.decisions()), ")", row -> {
            if (row.getString("namespace") == null) {
                clock[0] = rows.time(row, "recorded_at");
            } else {
                StoredDecision decision = rows.decision(row);
                decisions.put(decision.id(), decision);
            }
        });
        Map<ReferenceId, Key> references = new HashMap<>();
        List<@Nullable Object[]> claimed = new ArrayList<>();
        needs.references().forEach(id -> claimed.add(new @Nullable Object[] {id.namespace(), id.reference()}));
        statements.select(
                connection,
                selectReferences,
                claimed,
                ")",
                row -> references.put(
                        new ReferenceId(row.getString("namespace"), row.getString("reference")), holder(row)));
        Map<DecisionId, Key> reversals = new HashMap<>();
        statements.select(connection, selectReversals, keys(needs.reversals()), ")", row -> {
            Key reversed = Key.of(row.getString("reverses_scope"), row.getString("reverses_key"));
            reversals.put(new DecisionId(row.getString("namespace"), reversed), holder(row));
        });
        return new Known(decisions, references, reversals);
    }

    private static Key holder(ResultSet row) throws SQLException {
        return Key.of(row.getString("scope"), row.getString("key"));
    }

    private static List<@Nullable Object[]> addresses(Collection<CellAddress> cells) {
        return cells.stream()
                .map(cell -> new @Nullable Object[] {
                    cell.namespace(), cell.account().kind(), cell.account().id(), cell.name()
                })
                .collect(Collectors.toList());
    }

    private static List<@Nullable Object[]> keys(Collection<DecisionId> ids) {
        return ids.stream()
                .map(id -> new @Nullable Object[] {
                    id.namespace(), id.key().scope(), id.key().value()
                })
                .collect(Collectors.toList());
    }

    @Override
    public void write(Connection connection, Changes changes, Loaded loaded) throws SQLException {
        if (changes.isEmpty()) {
            if (answersWhatMayNotBeDurable(loaded)) {
                touch(connection, loaded);
            }
            return;
        }
        GroupRows group = GroupRows.of(
                rows, changes, loaded.ids(), () -> cellIds.next(connection), () -> decisionIds.next(connection));
        try {
            statements.insert(connection, tables.cell, tables.cellColumns, group.newCells());
            statements.insert(connection, tables.decision, tables.decisionColumns, group.decisions());
        } catch (SQLException e) {
            throw dialect.ofPrimaryKey(e) ? new IdTakenException(e) : e;
        }
        statements.insert(connection, tables.entry, tables.entryColumns, group.entries());
        statements.updateCells(connection, updateCell, group.changedCells());
        if (dialect.certifiesWritesOnly()) {
            Set<Object> unchanged = new TreeSet<>(loaded.ids().values());
            group.changedCells().forEach(row -> unchanged.remove(Objects.requireNonNull(row[row.length - 2])));
            touchCells(connection, unchanged);
        }
    }

    @Override
    public void certify(Connection connection, Loaded loaded) throws SQLException {
        if (dialect.certifiesWritesOnly()) {
            touchCells(connection, loaded.ids().values());
        }
    }

    private void touchCells(Connection connection, Collection<?> ids) throws SQLException {
        if (!ids.isEmpty()) {
            String list = ids.stream().map(String::valueOf).collect(Collectors.joining(", "));
            try (Statement statement = connection.createStatement()) {
                statement.execute(touchCells + list + ")");
            }
        }
    }

    /** InnoDB shows a commit to others before it is on the disk. */
    private static boolean answersWhatMayNotBeDurable(Loaded loaded) {
        Instant settled = loaded.clock().minus(SETTLED);
        return loaded.known().decisions().values().stream()
                .anyMatch(stored -> stored.decision().recordedAt().isAfter(settled));
    }

    /** Gives the commit something to wait for, and with it what was committed before. */
    private void touch(Connection connection, Loaded loaded) throws SQLException {
        if (loaded.ids().isEmpty()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(touchMeta);
            }
        } else {
            touchCells(connection, List.of(loaded.ids().values().iterator().next()));
        }
    }

    @Override
    public void forgetIds() {
        cellIds.forget();
        decisionIds.forget();
    }
}
