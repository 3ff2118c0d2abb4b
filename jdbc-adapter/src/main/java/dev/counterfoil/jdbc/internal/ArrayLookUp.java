package dev.counterfoil.jdbc.internal;

import dev.counterfoil.Key;
import dev.counterfoil.jdbc.dialect.Dialect;
import dev.counterfoil.spi.DecisionId;
import dev.counterfoil.spi.GroupEvaluation.Known;
import dev.counterfoil.spi.GroupEvaluation.Needs;
import dev.counterfoil.spi.ReferenceId;
import dev.counterfoil.spi.StoredDecision;
import java.sql.Connection;
import java.util.HashMap;
import java.util.Map;

/**
 * PostgreSQL: keys, references and reversals are looked up in one statement, so that nothing of the request is still to come
 * when the server begins to send rows.
 */
final class ArrayLookUp {
    private static final int BY_KEY = 0;
    private static final int BY_REFERENCE = 1;
    private static final int BY_REVERSED = 2;

    private final Rows rows;
    private final String sql;

    ArrayLookUp(Dialect dialect, Rows rows, Tables tables) {
        this.rows = rows;
        String found = Tables.of("d", tables.decisionColumns);
        String holder = found.replace("d.metadata, d.detail", "NULL, NULL");
        sql = select(dialect, tables, found, BY_KEY, "namespace, scope, key")
                + " UNION ALL "
                + select(dialect, tables, holder, BY_REFERENCE, "namespace, reference")
                + " UNION ALL "
                + select(dialect, tables, holder, BY_REVERSED, "namespace, reverses_scope, reverses_key");
    }

    private static String select(Dialect dialect, Tables tables, String found, int by, String names) {
        String columns = Tables.columns(dialect, names);
        return "SELECT " + found + ", " + by + " AS by FROM "
                + ArrayParameters.unnest(names.replaceAll("[a-z_]+", "text")) + " AS w (" + columns + ") JOIN "
                + tables.decision + " d USING (" + columns + ")";
    }

    /** Adds it; what is returned is filled when the answers come. */
    Known addTo(Questions questions, Connection connection, Needs needs) {
        Map<DecisionId, StoredDecision> decisions = new HashMap<>();
        Map<ReferenceId, Key> references = new HashMap<>();
        Map<DecisionId, Key> reversals = new HashMap<>();
        questions.add(sql, (statement, bound) -> ArrayParameters.bind(connection, statement, bound, needs), 0, row -> {
            String namespace = row.getString("namespace");
            Key key = Key.of(row.getString("scope"), row.getString("key"));
            switch (row.getInt("by")) {
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
}
