package dev.counterfoil.jdbc.internal;

import dev.counterfoil.jdbc.dialect.Dialect;
import dev.counterfoil.jdbc.dialect.Dialect.Waiting;
import dev.counterfoil.spi.AuditStore.EntryPlace;
import dev.counterfoil.spi.AuditStore.EntryRange;
import dev.counterfoil.spi.CellAddress;
import dev.counterfoil.spi.CellRow;
import dev.counterfoil.spi.CellRow.Checkpoint;
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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** PostgreSQL: each call is a transaction in one text, and so one round trip, with what it asks for in arrays. */
final class ArrayAudit implements AuditSql {
    private static final String BY_KEY = " ORDER BY d.namespace, d.scope, d.key, d.id LIMIT ?";
    private static final String BY_ADDRESS = " ORDER BY c.namespace, c.account_kind, c.account_id, c.name LIMIT ?";
    private static final String CHECKPOINT_TYPES = "bigint, bigint, numeric, numeric, numeric, text, bigint, integer";

    private final Texts texts = Questions.texts();
    private final Dialect dialect;
    private final AuditRows rows;
    private final Tables tables;
    private final String cells;
    private final String selectEntries;
    private final String selectEntriesAt;
    private final String pageOfDecisions;
    private final String selectDecisions;
    private final String twiceHeld;
    private final String twiceReversed;
    private final String putCheckpoints;

    ArrayAudit(Dialect dialect, AuditRows rows, Tables tables) {
        this.dialect = dialect;
        this.rows = rows;
        this.tables = tables;
        cells = " FROM " + tables.cell + " c";
        // What lies inside of LATERAL has a LIMIT, so that it stays a question of its own for each row and goes through
        // an index.
        String decision = " LEFT JOIN " + tables.decision + " d ON d.id = e.decision_id";
        selectEntries = "SELECT " + rows.entryColumns + " FROM " + RowsText.unnest("bigint, bigint, bigint, bigint")
                + " WITH ORDINALITY AS w (cell_id, after, up_to, most, n) LEFT JOIN LATERAL (SELECT scale FROM "
                + tables.cell + " WHERE id = w.cell_id LIMIT 1) c ON true CROSS JOIN LATERAL (SELECT * FROM "
                + tables.entry + " WHERE cell_id = w.cell_id AND sequence > w.after AND sequence <= w.up_to"
                + " ORDER BY sequence LIMIT w.most) e" + decision + " ORDER BY w.n, e.sequence LIMIT ?";
        selectEntriesAt = "SELECT w.n, " + rows.entryColumns + " FROM " + RowsText.unnest("text, text, text, bigint")
                + " WITH ORDINALITY AS w (account_kind, account_id, name, sequence, n) CROSS JOIN LATERAL (SELECT id, scale"
                + " FROM " + tables.cell + " WHERE namespace = ? AND account_kind = w.account_kind"
                + " AND account_id = w.account_id AND name = w.name LIMIT 1) c CROSS JOIN LATERAL (SELECT * FROM "
                + tables.entry + " WHERE cell_id = c.id AND sequence = w.sequence LIMIT 1) e" + decision;
        pageOfDecisions = "SELECT " + rows.decisionColumns + " FROM " + tables.decision + " d WHERE d.namespace = ?";
        selectDecisions = "SELECT " + rows.decisionColumns + " FROM " + tables.decision + " d WHERE d.id = ANY ("
                + RowsText.arrays("bigint") + ")";
        String held = " AS w (%s) WHERE (SELECT count(*) FROM (SELECT 1 FROM " + tables.decision
                + " d WHERE d.namespace = ?%s" + EachAudit.APPLIED + " LIMIT 2) t) > 1";
        twiceHeld = "SELECT w.reference FROM " + RowsText.unnest("text")
                + held.formatted("reference", " AND d.reference = w.reference");
        twiceReversed = "SELECT w.n FROM " + RowsText.unnest("text, text") + " WITH ORDINALITY"
                + held.formatted("scope, key, n", " AND d.reverses_scope = w.scope AND d.reverses_key = w.key");
        String columns = Tables.columns(dialect, AuditRows.CHECKPOINT_COLUMNS);
        putCheckpoints = Begin.WRITING + "INSERT INTO " + tables.checkpoint + " (" + columns
                + ") SELECT w.*, clock_timestamp() FROM " + RowsText.unnest(CHECKPOINT_TYPES)
                + " w ON CONFLICT (cell_id) DO UPDATE SET "
                + Arrays.stream(columns.split(", "))
                        .skip(1)
                        .map(column -> column + " = excluded." + column)
                        .collect(Collectors.joining(", "));
    }

    /** Asks one question in a transaction of its own, which it ends. */
    private <T> List<T> ask(
            Connection connection, Deadline deadline, String sql, Questions.Bind bind, Select.Reader<T> reader)
            throws SQLException {
        List<T> found = new ArrayList<>();
        Questions questions = new Questions(texts);
        questions.add(
                Begin.READING + sql,
                (statement, bound) -> bind.to(statement, Begin.bind(statement, deadline)),
                Begin.RESULTS,
                row -> found.add(reader.read(row)));
        questions.ask(connection, Begin.END_READING);
        return found;
    }

    private <T> List<T> ask(Connection connection, Deadline deadline, Select select, Select.Reader<T> reader)
            throws SQLException {
        return ask(connection, deadline, select.sql(), select::bind, reader);
    }

    private static Questions.Bind arrays(Connection connection, List<@Nullable Object[]> values, int columns) {
        return (statement, bound) -> ArrayParameters.bindArrays(connection, statement, bound, columns, values);
    }

    /** The namespace behind them. */
    private static Questions.Bind arrays(
            Connection connection, List<@Nullable Object[]> values, int columns, String namespace) {
        return (statement, bound) -> {
            int last = ArrayParameters.bindArrays(connection, statement, bound, columns, values);
            statement.setString(last + 1, namespace);
            return last + 1;
        };
    }

    @Override
    public long countCells(
            Connection connection, String namespace, @Nullable String kind, String idPrefix, Deadline deadline)
            throws SQLException {
        Select all = new Select("SELECT count(*)" + cells + " WHERE c.namespace = ?", namespace);
        return ask(connection, deadline, Behind.restricted(dialect, all, kind, idPrefix), row -> row.getLong(1))
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
                        + (withCheckpoints ? " LEFT JOIN " + tables.checkpoint + " k ON k.cell_id = c.id" : "")
                        + " WHERE c.namespace = ?",
                namespace);
        return Behind.first(
                Behind.cells(dialect, all, kind, idPrefix, after),
                BY_ADDRESS,
                limit,
                step -> ask(connection, deadline, step, row -> rows.cell(row, withCheckpoints)));
    }

    private Select cell(CellAddress cell) {
        return new Select(
                "SELECT " + rows.cellColumns + cells
                        + " WHERE c.namespace = ? AND c.account_kind = ? AND c.account_id = ? AND c.name = ?",
                cell.namespace(),
                cell.account().kind(),
                cell.account().id(),
                cell.name());
    }

    @Override
    public @Nullable CellRow cellRow(Connection connection, CellAddress cell, Deadline deadline) throws SQLException {
        List<CellRow> found = ask(connection, deadline, cell(cell), row -> rows.cell(row, false));
        return found.isEmpty() ? null : found.get(0);
    }

    @Override
    public @Nullable CellRow lock(Connection connection, CellAddress cell, Deadline deadline) throws SQLException {
        Select select = cell(cell).add(dialect.forUpdate(Waiting.WAIT));
        List<CellRow> found = new ArrayList<>();
        Questions questions = new Questions(texts);
        questions.add(
                Begin.WRITING + select.sql(),
                (statement, bound) -> select.bind(statement, Begin.bind(statement, deadline)),
                Begin.RESULTS,
                row -> found.add(rows.cell(row, false)));
        questions.ask(connection, "");
        return found.isEmpty() ? null : found.get(0);
    }

    /** More than one round trip, and so more than one view, only where entries are missing; those that are there stay. */
    @Override
    public List<EntryRow> entryRows(Connection connection, List<EntryRange> ranges, int limit, Deadline deadline)
            throws SQLException {
        return new RangePages(ranges, limit, Integer.MAX_VALUE).read((parts, room) -> {
            List<@Nullable Object[]> values = new ArrayList<>();
            for (RangePages.Part part : parts) {
                EntryRange range = part.range();
                values.add(new @Nullable Object[] {range.cellId(), range.after(), range.upTo(), part.most()});
            }
            Questions.Bind bind = (statement, bound) -> {
                int last = arrays(connection, values, 4).to(statement, bound);
                statement.setInt(last + 1, room);
                return last + 1;
            };
            return ask(connection, deadline, selectEntries, bind, rows::entry);
        });
    }

    private record Found(int at, EntryRow entry) {}

    @Override
    public List<@Nullable EntryRow> entryRowsAt(
            Connection connection, String namespace, List<EntryPlace> places, Deadline deadline) throws SQLException {
        List<@Nullable Object[]> values = new ArrayList<>();
        for (EntryPlace place : places) {
            values.add(new @Nullable Object[] {
                place.cell().account().kind(),
                place.cell().account().id(),
                place.cell().name(),
                place.sequence()
            });
        }
        @Nullable EntryRow[] entries = new @Nullable EntryRow[places.size()];
        if (!values.isEmpty()) {
            ask(
                            connection,
                            deadline,
                            selectEntriesAt,
                            arrays(connection, values, 4, namespace),
                            row -> new Found(row.getInt("n"), rows.entry(row)))
                    .forEach(found -> entries[found.at() - 1] = found.entry());
        }
        return Arrays.asList(entries);
    }

    @Override
    public List<DecisionRow> decisionRows(
            Connection connection, String namespace, @Nullable DecisionRow after, int limit, Deadline deadline)
            throws SQLException {
        return Behind.first(
                Behind.decisions("d.key", new Select(pageOfDecisions, namespace), after),
                BY_KEY,
                limit,
                step -> ask(connection, deadline, step, rows::decision));
    }

    @Override
    public List<DecisionRow> decisionRows(Connection connection, Collection<Long> ids, Deadline deadline)
            throws SQLException {
        if (ids.isEmpty()) {
            return List.of();
        }
        List<@Nullable Object[]> values = column(ids);
        return ask(connection, deadline, selectDecisions, arrays(connection, values, 1), rows::decision);
    }

    private static List<@Nullable Object[]> column(Collection<?> values) {
        List<@Nullable Object[]> column = new ArrayList<>();
        new LinkedHashSet<>(values).forEach(value -> column.add(new @Nullable Object[] {value}));
        return column;
    }

    @Override
    public List<String> heldTwice(
            Connection connection, String namespace, Collection<String> references, Deadline deadline)
            throws SQLException {
        if (references.isEmpty()) {
            return List.of();
        }
        List<@Nullable Object[]> values = column(references);
        return ask(connection, deadline, twiceHeld, arrays(connection, values, 1, namespace), row -> row.getString(1));
    }

    @Override
    public List<DecisionRow> reversedTwice(
            Connection connection, String namespace, Collection<DecisionRow> reversals, Deadline deadline)
            throws SQLException {
        if (reversals.isEmpty()) {
            return List.of();
        }
        List<DecisionRow> asked = List.copyOf(reversals);
        List<@Nullable Object[]> values = new ArrayList<>();
        asked.forEach(r -> values.add(new @Nullable Object[] {r.reversesScope(), r.reversesKey()}));
        return ask(
                connection,
                deadline,
                twiceReversed,
                arrays(connection, values, 2, namespace),
                row -> asked.get(row.getInt(1) - 1));
    }

    @Override
    public void keepCheckpoints(Connection connection, List<Checkpoint> checkpoints, Deadline deadline)
            throws SQLException {
        // In one order, so that two that verify do not wait for each other in a circle.
        Map<Long, @Nullable Object[]> values = new TreeMap<>();
        checkpoints.forEach(checkpoint -> values.put(checkpoint.cellId(), AuditRows.values(checkpoint)));
        if (values.isEmpty()) {
            return;
        }
        try (PreparedStatement put = connection.prepareStatement(putCheckpoints)) {
            List<@Nullable Object[]> all = List.copyOf(values.values());
            ArrayParameters.bindArrays(connection, put, Begin.bind(put, deadline), all.get(0).length, all);
            put.execute();
        }
    }
}
