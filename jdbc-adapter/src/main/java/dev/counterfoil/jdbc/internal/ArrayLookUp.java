package dev.counterfoil.jdbc.internal;

import dev.counterfoil.Key;
import dev.counterfoil.jdbc.dialect.Dialect;
import dev.counterfoil.spi.DecisionId;
import dev.counterfoil.spi.GroupEvaluation.Known;
import dev.counterfoil.spi.GroupEvaluation.Needs;
import dev.counterfoil.spi.ReferenceId;
import dev.counterfoil.spi.StoredDecision;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL: keys, references and reversals are looked up in one statement, and the clock is read, so that nothing of the
 * request is still to come when the server begins to send rows.
 */
final class ArrayLookUp {
    private static final int BY_KEY = 0;
    private static final int BY_REFERENCE = 1;
    private static final int BY_REVERSED = 2;
    private static final int CLOCK = 3;

    private final Texts texts = new Texts(" UNION ALL ");
    private final Rows rows;
    private final Part keys;
    private final Part references;
    private final Part reversals;
    private final String clock;

    ArrayLookUp(Dialect dialect, Rows rows, Tables tables) {
        this.rows = rows;
        String found = Tables.of("d", tables.decisionColumns);
        String holder = found.replace("d.metadata, d.detail", "NULL, NULL");
        keys = part(dialect, tables, found, BY_KEY, "namespace, scope, key");
        references = part(dialect, tables, holder, BY_REFERENCE, "namespace, reference");
        reversals = part(dialect, tables, holder, BY_REVERSED, "namespace, reverses_scope, reverses_key");
        clock = "SELECT " + tables.decisionColumns.replaceAll("[^,]+", " NULL").strip() + ", " + CLOCK
                + " AS by, clock_timestamp() AS clock";
    }

    /**
     * What finds a decision by some of its columns.
     *
     * @param one for one decision
     * @param many for any number of them, in arrays
     */
    private record Part(int columns, String one, String many) {}

    private static Part part(Dialect dialect, Tables tables, String found, int by, String names) {
        String[] columns = Tables.columns(dialect, names).split(", ", -1);
        String select = "SELECT " + found + ", " + by + " AS by, NULL::timestamptz AS clock FROM ";
        String where = tables.decision + " d WHERE ";
        // Each is looked up for itself: of two tables that it joins, the server may read the larger one from end to
        // end.
        String each = " CROSS JOIN LATERAL (SELECT " + tables.decisionColumns + " FROM " + where
                + match(columns, "w.%s") + " LIMIT 1) d";
        return new Part(
                columns.length,
                select + where + match(columns, "?"),
                select + "(" + RowsText.each(names.replaceAll("[a-z_]+", "text")) + ") AS w ("
                        + String.join(", ", columns) + ")" + each);
    }

    private static String match(String[] columns, String value) {
        return Arrays.stream(columns)
                .map(column -> "d." + column + " = " + value.formatted(column))
                .collect(Collectors.joining(" AND "));
    }

    /** Some of what is needed, as the values of a part's columns. */
    private record Asked(Part part, List<@Nullable Object[]> values) {}

    private List<Asked> asked(Needs needs) {
        return Stream.of(
                        new Asked(keys, ArrayParameters.keys(needs.decisions())),
                        new Asked(references, ArrayParameters.references(needs)),
                        new Asked(reversals, ArrayParameters.keys(needs.reversals())))
                .filter(asked -> !asked.values().isEmpty())
                .toList();
    }

    /**
     * Adds what is needed, and behind it the clock; what is returned is filled when the answers come.
     *
     * @param now gets what the clock says
     */
    Known addTo(Questions questions, Connection connection, Needs needs, Consumer<Instant> now) {
        Map<DecisionId, StoredDecision> decisions = new HashMap<>();
        Map<ReferenceId, Key> references = new HashMap<>();
        Map<DecisionId, Key> reversals = new HashMap<>();
        List<Asked> asked = asked(needs);
        // One way for all, so that there are few texts, each of which the server learns.
        boolean one = asked.stream().allMatch(part -> part.values().size() == 1);
        List<String> parts = new ArrayList<>();
        asked.forEach(part -> parts.add(one ? part.part().one() : part.part().many()));
        parts.add(clock);
        String sql = texts.of(parts);
        questions.add(sql, (statement, bound) -> bind(connection, statement, bound, one, asked), 0, row -> {
            int by = row.getInt("by");
            if (by == CLOCK) {
                now.accept(rows.time(row, "clock"));
                return;
            }
            String namespace = row.getString("namespace");
            Key key = Key.of(row.getString("scope"), row.getString("key"));
            switch (by) {
                case BY_REFERENCE -> references.put(new ReferenceId(namespace, row.getString("reference")), key);
                case BY_REVERSED -> {
                    Key reversed = Key.of(row.getString("reverses_scope"), row.getString("reverses_key"));
                    reversals.put(new DecisionId(namespace, reversed), key);
                }
                default -> decisions.put(new DecisionId(namespace, key), rows.decision(row));
            }
        });
        return new Known(decisions, references, reversals);
    }

    private static int bind(
            Connection connection, PreparedStatement statement, int bound, boolean one, List<Asked> asked)
            throws SQLException {
        int next = bound;
        for (Asked part : asked) {
            next = one
                    ? ArrayParameters.bindEach(statement, next, part.values())
                    : ArrayParameters.bindArrays(
                            connection, statement, next, part.part().columns(), part.values());
        }
        return next;
    }
}
