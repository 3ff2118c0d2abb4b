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
import java.sql.SQLException;
import java.sql.Statement;
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
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL: all rows of a group in arrays, all statements of a step in one round trip, where they are not long. The driver sends the statements of
 * one text one behind the other; the server ends each before it begins the next, so each has a view of its own.
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

    /** How long a lock is waited for before the group goes on without those who need it. */
    private static final int LOCK_MILLIS = 500;

    /** A client that has vanished keeps its locks no longer than this. */
    private static final int IDLE_MILLIS = 5_000;

    /**
     * With more text than this the statements of a load go one by one. In one round trip the server begins to answer the first
     * while the driver still sends the last; where neither finds room for what it sends, each waits for the other, for ever and
     * with the locks held: no time-out of either side ends a wait to send. This much finds room in the buffers of a network.
     */
    private static final int MOST_AHEAD = 16 * 1024;

    /** What a value takes on its way beside its characters. */
    private static final int LENGTH_OF_VALUE = 4;

    /** Goes before the locks in the same round trip; nothing of it outlives the transaction. */
    private static final String SETTINGS = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED READ WRITE; "
            + "SELECT set_config('lock_timeout', ?, true), set_config('statement_timeout', ?, true),"
            + " set_config('idle_in_transaction_session_timeout', ?, true); ";

    private final Rows rows;
    private final String select;
    private final String lock;
    private final String lockFree;
    private final String lockNow;
    private final String present;
    private final String lookUpKeys;
    private final String lookUpReferences;
    private final String lookUpReversals;
    private final String insertCells;
    private final String insertDecisions;
    private final String insertEntries;
    private final String updateCells;
    private final IdBlocks cellIds;
    private final IdBlocks decisionIds;

    ArraySql(Dialect dialect, Rows rows, Tables tables) {
        this.rows = rows;
        String addresses = unnest("text, text, text, text") + " AS w (namespace, account_kind, account_id, name)";
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
        String keys = unnest("text, text, text") + " AS w (namespace, scope, key)";
        lookUpKeys = "SELECT " + Tables.of("d", tables.decisionColumns) + " FROM " + keys + " JOIN " + tables.decision
                + " d USING (namespace, scope, key)";
        lookUpReferences = "SELECT " + Tables.of("d", Tables.columns(dialect, "namespace, reference, scope, key"))
                + " FROM " + unnest("text, text") + " AS w (namespace, reference) JOIN " + tables.decision
                + " d USING (namespace, reference)";
        lookUpReversals = "SELECT "
                + Tables.of("d", Tables.columns(dialect, "namespace, reverses_scope, reverses_key, scope, key"))
                + " FROM " + unnest("text, text, text") + " AS w (namespace, reverses_scope, reverses_key) JOIN "
                + tables.decision + " d USING (namespace, reverses_scope, reverses_key)";
        insertCells = insert(tables.cell, tables.cellColumns, CELL_TYPES);
        insertDecisions = insert(tables.decision, tables.decisionColumns, DECISION_TYPES);
        insertEntries = insert(tables.entry, tables.entryColumns, ENTRY_TYPES);
        String changing = Tables.columns(dialect, Rows.CHANGING_COLUMNS);
        updateCells =
                "UPDATE " + tables.cell + " c SET (" + changing + ") = ROW (" + Tables.of("w", changing) + ") FROM "
                        + unnest(CHANGE_TYPES) + " AS w (" + changing + ", id, version_before)"
                        + " WHERE c.id = w.id AND c.version = w.version_before";
        cellIds = new IdBlocks(Objects.requireNonNull(dialect.nextValue(tables.cellBlock)));
        decisionIds = new IdBlocks(Objects.requireNonNull(dialect.nextValue(tables.decisionBlock)));
    }

    /** Every array is sent as text and cast by the server, which reads each value as it would in a literal. */
    private static String unnest(String types) {
        return "unnest(" + types.replaceAll("[a-z]+", "?::text[]::$0[]") + ")";
    }

    private static String insert(String table, String columns, String types) {
        return "INSERT INTO " + table + " (" + columns + ") SELECT * FROM " + unnest(types);
    }

    @Override
    public Loaded load(
            Connection connection, SortedSet<CellAddress> cells, Needs needs, Locking locking, Deadline deadline)
            throws SQLException {
        String first =
                switch (locking) {
                    case NONE -> select;
                    case WAIT -> SETTINGS + lock;
                    case SKIP -> SETTINGS + lockFree;
                    case JOIN -> lock;
                    case JOIN_NOWAIT -> lockNow;
                };
        boolean settings = first.startsWith(SETTINGS);
        List<@Nullable Object[]> addresses = values(cells);
        Map<CellAddress, Cell> found = new HashMap<>();
        Map<CellAddress, Long> ids = new HashMap<>();
        Set<CellAddress> elusive = new HashSet<>();
        Instant[] clock = {Instant.EPOCH};
        Questions.Bind bindLock = (statement, bound) -> {
            int set = settings ? bindSettings(statement, bound, deadline) : bound;
            return bind(connection, statement, set, 4, addresses);
        };
        Questions questions = new Questions();
        questions.add(first, bindLock, settings ? 2 : 0, row -> {
            Rows.Row cell = rows.cell(row);
            found.put(cell.address(), cell.cell());
            ids.put(cell.address(), cell.id());
        });
        questions.add(present, (statement, bound) -> bind(connection, statement, bound, 4, addresses), 0, row -> {
            clock[0] = rows.time(row, "clock");
            if (row.getString("namespace") != null) {
                elusive.add(Rows.address(row));
            }
        });
        Known known = addLookUps(questions, connection, needs);
        questions.ask(connection, characters(addresses) + characters(needs) <= MOST_AHEAD);
        elusive.removeAll(found.keySet());
        return new Loaded(found, ids, elusive, known, clock[0]);
    }

    private static int bindSettings(PreparedStatement statement, int bound, Deadline deadline) throws SQLException {
        long left = Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline.remainingNanos()));
        statement.setString(bound + 1, Long.toString(Math.min(LOCK_MILLIS, left)));
        statement.setString(bound + 2, Long.toString(left));
        statement.setString(bound + 3, Long.toString(IDLE_MILLIS));
        return bound + 3;
    }

    @Override
    public Known lookUp(Connection connection, Needs needs) throws SQLException {
        Questions questions = new Questions();
        Known known = addLookUps(questions, connection, needs);
        questions.ask(connection, characters(needs) <= MOST_AHEAD);
        return known;
    }

    /** What is returned is filled when the answers come. */
    private Known addLookUps(Questions questions, Connection connection, Needs needs) {
        Map<DecisionId, StoredDecision> decisions = new HashMap<>();
        Map<ReferenceId, Key> references = new HashMap<>();
        Map<DecisionId, Key> reversals = new HashMap<>();
        questions.add(lookUpKeys, (s, bound) -> bind(connection, s, bound, 3, keys(needs.decisions())), 0, row -> {
            StoredDecision decision = rows.decision(row);
            decisions.put(decision.id(), decision);
        });
        questions.add(lookUpReferences, (s, bound) -> bind(connection, s, bound, 2, references(needs)), 0, row -> {
            Key holder = Key.of(row.getString("scope"), row.getString("key"));
            references.put(new ReferenceId(row.getString("namespace"), row.getString("reference")), holder);
        });
        questions.add(lookUpReversals, (s, bound) -> bind(connection, s, bound, 3, keys(needs.reversals())), 0, row -> {
            Key reversed = Key.of(row.getString("reverses_scope"), row.getString("reverses_key"));
            Key holder = Key.of(row.getString("scope"), row.getString("key"));
            reversals.put(new DecisionId(row.getString("namespace"), reversed), holder);
        });
        return new Known(decisions, references, reversals);
    }

    private static long characters(Needs needs) {
        return characters(keys(needs.decisions()))
                + characters(references(needs))
                + characters(keys(needs.reversals()));
    }

    private static long characters(List<@Nullable Object[]> values) {
        long characters = 0;
        for (@Nullable Object[] row : values) {
            for (Object value : row) {
                characters += LENGTH_OF_VALUE + String.valueOf(value).length();
            }
        }
        return characters;
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
    private record Step(String sql, List<@Nullable Object[]> rows) {}

    private static void execute(Connection connection, Step... steps) throws SQLException {
        List<Step> needed = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (Step step : steps) {
            if (!step.rows().isEmpty()) {
                needed.add(step);
                texts.add(step.sql());
            }
        }
        if (needed.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(String.join("; ", texts))) {
            int bound = 0;
            for (Step step : needed) {
                bound = bind(connection, statement, bound, step.rows());
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

    private static List<@Nullable Object[]> values(Collection<CellAddress> cells) {
        List<@Nullable Object[]> values = new ArrayList<>();
        for (CellAddress cell : cells) {
            values.add(new @Nullable Object[] {
                cell.namespace(), cell.account().kind(), cell.account().id(), cell.name()
            });
        }
        return values;
    }

    private static List<@Nullable Object[]> references(Needs needs) {
        List<@Nullable Object[]> references = new ArrayList<>();
        for (ReferenceId id : needs.references()) {
            references.add(new @Nullable Object[] {id.namespace(), id.reference()});
        }
        return references;
    }

    private static List<@Nullable Object[]> keys(Collection<DecisionId> ids) {
        List<@Nullable Object[]> values = new ArrayList<>();
        for (DecisionId id : ids) {
            values.add(new @Nullable Object[] {
                id.namespace(), id.key().scope(), id.key().value()
            });
        }
        return values;
    }

    private static int bind(
            Connection connection, PreparedStatement statement, int bound, List<@Nullable Object[]> values)
            throws SQLException {
        return bind(connection, statement, bound, values.get(0).length, values);
    }

    /** Binds a column after the other, each as an array with a value per row; the number of parameters bound so far. */
    private static int bind(
            Connection connection, PreparedStatement statement, int bound, int columns, List<@Nullable Object[]> values)
            throws SQLException {
        for (int column = 0; column < columns; column++) {
            @Nullable String[] array = new @Nullable String[values.size()];
            for (int row = 0; row < array.length; row++) {
                Object value = values.get(row)[column];
                array[row] = value == null ? null : value.toString();
            }
            statement.setArray(bound + column + 1, connection.createArrayOf("text", array));
        }
        return bound + columns;
    }
}
