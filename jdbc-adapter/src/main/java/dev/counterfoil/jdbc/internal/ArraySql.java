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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL: all rows of a group in arrays, all statements of a step in one round trip, where they are not long. The driver
 * sends the statements of one text one behind the other; the server ends each before it begins the next, so each has a view of
 * its own.
 */
final class ArraySql implements GroupSql {
    private static final String ADDRESS = "namespace, account_kind, account_id, name";

    private static final String ADDRESS_TYPES = "text, text, text, text";
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

    private final Texts texts = Questions.texts();
    private final Rows rows;
    private final RowsText select;
    private final RowsText lock;
    private final RowsText lockFree;
    private final RowsText lockJoined;
    private final RowsText lockJoinedNow;
    private final RowsText present;
    private final ArrayLookUp lookUp;
    private final RowsText insertCells;
    private final RowsText insertDecisions;
    private final RowsText insertEntries;
    private final RowsText updateCells;
    private final IdBlocks cellIds;
    private final IdBlocks decisionIds;

    ArraySql(Dialect dialect, Rows rows, Tables tables) {
        this.rows = rows;
        String select = "SELECT " + Tables.of("c", tables.cellColumns) + " FROM ";
        String cells = " AS w (" + ADDRESS + ") JOIN " + tables.cell + " c ON " + Tables.matchEach(ADDRESS);
        // The sort lies below the locking in every plan, so the locks are taken in the order of the rows.
        String ordered = cells + " ORDER BY " + Tables.inOrder(ADDRESS);
        this.select = RowsText.from(Begin.READING + select, ADDRESS_TYPES, cells);
        lock = RowsText.from(Begin.WRITING + select, ADDRESS_TYPES, ordered + dialect.forUpdate(Waiting.WAIT));
        lockFree =
                RowsText.from(Begin.WRITING + select, ADDRESS_TYPES, ordered + dialect.forUpdate(Waiting.SKIP_LOCKED));
        lockJoined = RowsText.from(select, ADDRESS_TYPES, ordered + dialect.forUpdate(Waiting.WAIT));
        lockJoinedNow = RowsText.from(select, ADDRESS_TYPES, ordered + dialect.forUpdate(Waiting.NOWAIT));
        present = RowsText.from("SELECT " + Tables.of("w", ADDRESS) + " FROM ", ADDRESS_TYPES, cells);
        lookUp = new ArrayLookUp(dialect, rows, tables);
        insertCells = RowsText.insert(tables.cell, tables.cellColumns, CELL_TYPES);
        insertDecisions = RowsText.insert(tables.decision, tables.decisionColumns, DECISION_TYPES);
        insertEntries = RowsText.insert(tables.entry, tables.entryColumns, ENTRY_TYPES);
        String changing = Tables.columns(dialect, Rows.CHANGING_COLUMNS);
        updateCells = RowsText.from(
                "UPDATE " + tables.cell + " c SET (" + changing + ") = ROW (" + Tables.of("w", changing) + ") FROM ",
                CHANGE_TYPES,
                " AS w (" + changing + ", id, version_before) WHERE " + Tables.matchEach("id")
                        + " AND c.version = w.version_before");
        cellIds = new IdBlocks(Objects.requireNonNull(dialect.nextValue(tables.cellBlock)));
        decisionIds = new IdBlocks(Objects.requireNonNull(dialect.nextValue(tables.decisionBlock)));
    }

    @Override
    public Loaded load(
            Connection connection, SortedSet<CellAddress> cells, Needs needs, Locking locking, Deadline deadline)
            throws SQLException {
        int count = cells.size();
        RowsText first =
                switch (locking) {
                    case NONE -> select;
                    case WAIT -> lock;
                    case SKIP -> lockFree;
                    case JOIN -> lockJoined;
                    case JOIN_NOWAIT -> lockJoinedNow;
                };
        boolean joined = locking == Locking.JOIN || locking == Locking.JOIN_NOWAIT;
        Map<CellAddress, Cell> found = new HashMap<>();
        Map<CellAddress, Long> ids = new HashMap<>();
        Questions.Bind bindLock = (statement, bound) ->
                ArrayParameters.bind(connection, statement, joined ? 0 : Begin.bind(statement, deadline), cells);
        Questions questions = new Questions(texts);
        questions.add(first.of(count), bindLock, joined ? 0 : Begin.RESULTS, row -> {
            Rows.Row cell = rows.cell(row);
            found.put(cell.address(), cell.cell());
            ids.put(cell.address(), cell.id());
        });
        Set<CellAddress> elusive = new HashSet<>();
        boolean locks = locking != Locking.NONE;
        boolean apart = ArrayParameters.characters(cells, needs) > MOST_AHEAD;
        if (apart) {
            questions.ask(connection, "");
            questions = new Questions(texts);
            if (locks) {
                lookAgain(questions, connection, cells, found, elusive);
            }
        }
        Instant[] clock = {Instant.EPOCH};
        Known known = lookUp.addTo(questions, connection, needs, now -> clock[0] = now);
        if (locks) {
            cellIds.addTo(questions, count);
            decisionIds.addTo(questions, needs.decisions().size());
        }
        questions.ask(connection, locks ? "" : Begin.END_READING);
        if (locks && !apart) {
            Questions missing = new Questions(texts);
            lookAgain(missing, connection, cells, found, elusive);
            missing.ask(connection, "");
        }
        return new Loaded(found, ids, elusive, known, clock[0]);
    }

    /** Behind the locks: a cell that was not found may have come into being, or be there and held by somebody else. */
    private void lookAgain(
            Questions questions,
            Connection connection,
            Collection<CellAddress> cells,
            Map<CellAddress, Cell> found,
            Set<CellAddress> elusive) {
        if (found.size() == cells.size()) {
            return;
        }
        List<CellAddress> missing =
                cells.stream().filter(cell -> !found.containsKey(cell)).toList();
        questions.add(
                present.of(missing.size()),
                (statement, bound) -> ArrayParameters.bind(connection, statement, bound, missing),
                0,
                row -> elusive.add(Rows.address(row)));
    }

    @Override
    public Known lookUp(Connection connection, Needs needs) throws SQLException {
        Questions questions = new Questions(texts);
        Known known = lookUp.addTo(questions, connection, needs, now -> {});
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
    private record Step(RowsText writing, List<@Nullable Object[]> rows) {}

    private void execute(Connection connection, Step... steps) throws SQLException {
        List<Step> needed =
                Stream.of(steps).filter(step -> !step.rows().isEmpty()).toList();
        if (needed.isEmpty()) {
            return;
        }
        boolean few =
                needed.stream().allMatch(step -> RowsText.areFew(step.rows().size()));
        List<String> parts = needed.stream()
                .map(step -> few
                        ? step.writing().of(step.rows().size())
                        : step.writing().many())
                .toList();
        try (PreparedStatement statement = connection.prepareStatement(texts.of(parts))) {
            int bound = 0;
            for (Step step : needed) {
                int columns = step.rows().get(0).length;
                bound = few
                        ? ArrayParameters.bindEach(statement, bound, step.rows())
                        : ArrayParameters.bindArrays(connection, statement, bound, columns, step.rows());
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
}
