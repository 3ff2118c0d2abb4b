package dev.counterfoil.jdbc.internal;

import dev.counterfoil.Cell;
import dev.counterfoil.jdbc.dialect.Dialect;
import dev.counterfoil.jdbc.dialect.Dialect.Waiting;
import dev.counterfoil.spi.CellAddress;
import dev.counterfoil.spi.Deadline;
import dev.counterfoil.spi.GroupEvaluation.Changes;
import dev.counterfoil.spi.GroupEvaluation.Known;
import dev.counterfoil.spi.GroupEvaluation.Needs;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL: all rows of a group in arrays, all statements of a step in one round trip, where they are not long. The driver
 * sends the statements of one text one behind the other; the server ends each before it begins the next, so each has a view of
 * its own.
 */
final class ArraySql implements GroupSql {
    private static final String BY_ADDRESS = " USING (namespace, account_kind, account_id, name)";

    private static final String CELL_TYPES =
            "bigint, text, text, text, text, text, text, integer, numeric, numeric, numeric,"
                    + " text, bigint, integer, bigint, text, text, timestamptz";
    private static final String CHANGE_TYPES =
            "numeric, numeric, numeric, text, bigint, integer, bigint, text, text," + " timestamptz, bigint, bigint";
    private static final String DECISION_TYPES =
            "bigint, text, text, text, integer, text, text, text, text, text, integer,"
                    + " timestamptz, timestamptz, text, text";
    private static final String ENTRY_TYPES =
            "bigint, bigint, bigint, integer, text, numeric, numeric, numeric, numeric,"
                    + " text, text, text, bigint, timestamptz";

    /**
     * With more text than this a load takes two round trips. In one the server begins to answer the lock statement while the
     * driver still sends the look-ups; where neither finds room for what it sends, each waits for the other, for ever and with
     * the locks held: no time-out of either side ends a wait to send. This much finds room in the buffers of a network.
     */
    private static final int MOST_AHEAD = 16 * 1024;

    /** Up to this many rows of each table go as they are: for one update that is less work on both sides than arrays. */
    private static final int FEW = 4;

    private final Rows rows;
    private final String select;
    private final String lock;
    private final String lockFree;
    private final String lockNow;
    private final String present;
    private final ArrayLookUp lookUp;
    private final Writing insertCells;
    private final Writing insertDecisions;
    private final Writing insertEntries;
    private final Writing updateCells;
    private final IdBlocks cellIds;
    private final IdBlocks decisionIds;

    ArraySql(Dialect dialect, Rows rows, Tables tables) {
        this.rows = rows;
        String addresses =
                ArrayParameters.unnest("text, text, text, text") + " AS w (namespace, account_kind, account_id, name)";
        select = "SELECT " + Tables.of("c", tables.cellColumns) + " FROM " + addresses + " JOIN " + tables.cell + " c"
                + BY_ADDRESS;
        // The sort lies below the locking in every plan, so the locks are taken in the order of the rows.
        String order = " ORDER BY c.namespace, c.account_kind, c.account_id, c.name";
        lock = select + order + dialect.forUpdate(Waiting.WAIT);
        lockFree = select + order + dialect.forUpdate(Waiting.SKIP_LOCKED);
        lockNow = select + order + dialect.forUpdate(Waiting.NOWAIT);
        present = "SELECT " + Tables.of("w", "namespace, account_kind, account_id, name")
                + ", clock_timestamp() AS clock FROM "
                + addresses + " JOIN " + tables.cell + " c" + BY_ADDRESS
                + " UNION ALL SELECT NULL, NULL, NULL, NULL, clock_timestamp()";
        lookUp = new ArrayLookUp(dialect, rows, tables);
        insertCells = insert(tables.cell, tables.cellColumns, CELL_TYPES);
        insertDecisions = insert(tables.decision, tables.decisionColumns, DECISION_TYPES);
        insertEntries = insert(tables.entry, tables.entryColumns, ENTRY_TYPES);
        String changing = Tables.columns(dialect, Rows.CHANGING_COLUMNS);
        String update =
                "UPDATE " + tables.cell + " c SET (" + changing + ") = ROW (" + Tables.of("w", changing) + ") FROM ";
        String changes =
                " AS w (" + changing + ", id, version_before)" + " WHERE c.id = w.id AND c.version = w.version_before";
        updateCells = new Writing(
                update + ArrayParameters.unnest(CHANGE_TYPES) + changes,
                few(update + "(VALUES ", CHANGE_TYPES, ")" + changes));
        cellIds = new IdBlocks(Objects.requireNonNull(dialect.nextValue(tables.cellBlock)));
        decisionIds = new IdBlocks(Objects.requireNonNull(dialect.nextValue(tables.decisionBlock)));
    }

    /**
     * A statement that writes rows.
     *
     * @param many for any number of them, in arrays
     * @param few for one row, for two, and so on
     */
    private record Writing(String many, List<String> few) {}

    private static Writing insert(String table, String columns, String types) {
        String insert = "INSERT INTO " + table + " (" + columns + ") ";
        return new Writing(
                insert + "SELECT * FROM " + ArrayParameters.unnest(types), few(insert + "VALUES ", types, ""));
    }

    private static List<String> few(String before, String types, String after) {
        String row = "(" + types.replaceAll("[a-z]+", "?::$0") + ")";
        return IntStream.rangeClosed(1, FEW)
                .mapToObj(n -> before + String.join(", ", Collections.nCopies(n, row)) + after)
                .toList();
    }

    @Override
    public Loaded load(
            Connection connection, SortedSet<CellAddress> cells, Needs needs, Locking locking, Deadline deadline)
            throws SQLException {
        String first =
                switch (locking) {
                    case NONE -> Begin.READING + select;
                    case WAIT -> Begin.WRITING + lock;
                    case SKIP -> Begin.WRITING + lockFree;
                    case JOIN -> lock;
                    case JOIN_NOWAIT -> lockNow;
                };
        boolean joined = locking == Locking.JOIN || locking == Locking.JOIN_NOWAIT;
        Map<CellAddress, Cell> found = new HashMap<>();
        Map<CellAddress, Long> ids = new HashMap<>();
        Questions.Bind bindLock = (statement, bound) ->
                ArrayParameters.bind(connection, statement, joined ? 0 : Begin.bind(statement, deadline), cells);
        Questions questions = new Questions();
        questions.add(first, bindLock, joined ? 0 : Begin.RESULTS, row -> {
            Rows.Row cell = rows.cell(row);
            found.put(cell.address(), cell.cell());
            ids.put(cell.address(), cell.id());
        });
        Collection<CellAddress> unseen = cells;
        if (ArrayParameters.characters(cells, needs) > MOST_AHEAD) {
            questions.ask(connection, "");
            questions = new Questions();
            unseen = cells.stream().filter(cell -> !found.containsKey(cell)).toList();
        }
        return lookAgain(questions, connection, unseen, needs, locking, found, ids);
    }

    private Loaded lookAgain(
            Questions questions,
            Connection connection,
            Collection<CellAddress> cells,
            Needs needs,
            Locking locking,
            Map<CellAddress, Cell> found,
            Map<CellAddress, Long> ids)
            throws SQLException {
        Set<CellAddress> elusive = new HashSet<>();
        Instant[] clock = {Instant.EPOCH};
        questions.add(
                present, (statement, bound) -> ArrayParameters.bind(connection, statement, bound, cells), 0, row -> {
                    clock[0] = rows.time(row, "clock");
                    if (row.getString("namespace") != null) {
                        elusive.add(Rows.address(row));
                    }
                });
        Known known = lookUp.addTo(questions, connection, needs);
        if (locking != Locking.NONE) {
            cellIds.addTo(questions, cells.size());
            decisionIds.addTo(questions, needs.decisions().size());
        }
        questions.ask(connection, locking == Locking.NONE ? Begin.END_READING : "");
        elusive.removeAll(found.keySet());
        return new Loaded(found, ids, elusive, known, clock[0]);
    }

    @Override
    public Known lookUp(Connection connection, Needs needs) throws SQLException {
        Questions questions = new Questions();
        Known known = lookUp.addTo(questions, connection, needs);
        questions.ask(connection, "");
        return known;
    }

    /** A commit waits for a standby only if something was written: this goes to the log and nowhere else. */
    private static void writeToLog(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_logical_emit_message(true, 'counterfoil', '')");
        }
    }

    @Override
    public void write(Connection connection, Changes changes, Loaded loaded) throws SQLException {
        if (changes.isEmpty()) {
            // A lock makes a replay wait for what the original waited for; so must something else where there is none.
            if (loaded.ids().isEmpty() && !loaded.known().decisions().isEmpty()) {
                writeToLog(connection);
            }
            return;
        }
        GroupRows group = GroupRows.of(
                rows, changes, loaded.ids(), () -> cellIds.next(connection), () -> decisionIds.next(connection));
        execute(
                connection,
                new Step(insertCells, group.newCells()),
                new Step(insertDecisions, group.decisions()),
                new Step(insertEntries, group.entries()),
                new Step(updateCells, group.changedCells()));
    }

    @Override
    public void forgetIds() {
        cellIds.forget();
        decisionIds.forget();
    }

    /** A statement, and the values of its rows. */
    private record Step(Writing writing, List<@Nullable Object[]> rows) {}

    private static void execute(Connection connection, Step... steps) throws SQLException {
        List<Step> needed =
                Stream.of(steps).filter(step -> !step.rows().isEmpty()).toList();
        if (needed.isEmpty()) {
            return;
        }
        boolean few = needed.stream().allMatch(step -> step.rows().size() <= FEW);
        String text = needed.stream()
                .map(step -> few
                        ? step.writing().few().get(step.rows().size() - 1)
                        : step.writing().many())
                .collect(Collectors.joining("; "));
        try (PreparedStatement statement = connection.prepareStatement(text)) {
            int bound = 0;
            for (Step step : needed) {
                int columns = step.rows().get(0).length;
                bound = few
                        ? bindFew(statement, bound, step.rows())
                        : ArrayParameters.bindRows(connection, statement, bound, columns, step.rows());
            }
            statement.execute();
            for (Step step : needed) {
                if (statement.getUpdateCount() != step.rows().size()) {
                    // The rows were locked, so nobody who keeps the rules can have changed them.
                    throw new IllegalStateException("a locked row was changed by somebody else");
                }
                statement.getMoreResults();
            }
        }
    }

    private static int bindFew(PreparedStatement statement, int bound, List<@Nullable Object[]> rows)
            throws SQLException {
        int next = bound;
        for (@Nullable Object[] row : rows) {
            for (Object value : row) {
                next++;
                statement.setString(next, value == null ? null : value.toString());
            }
        }
        return next;
    }
}
