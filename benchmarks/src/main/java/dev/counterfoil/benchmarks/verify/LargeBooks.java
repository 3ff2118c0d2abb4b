package dev.counterfoil.benchmarks.verify;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

/**
 * Sound books of any size, written by the database itself: many wallets with {@value #ROUNDS} credits each, and one house that
 * every one of them was taken from. Keys are in no order, as those of users are.
 */
final class LargeBooks {
    private static final int ROUNDS = 5;

    private static final String HOUSE =
            "{\"account\":\"house\",\"id\":\"1\",\"name\":\"cash\",\"kind\":\"BALANCE\",\"unit\":\"SAR\",\"scale\":2,\"index\":";
    private static final String WALLET = "{\"account\":\"wallet\",\"id\":\"w' || %s || '\",\"name\":\"cash\","
            + "\"kind\":\"BALANCE\",\"unit\":\"SAR\",\"scale\":2,\"index\":";
    private static final String OPENED =
            "0,\"type\":\"OPEN\",\"sequence\":1,\"delta\":\"0.00\",\"after\":\"0.00\"}]}";

    private static final String DECISION = "INSERT INTO counterfoil_decision (id, namespace, scope, key, fingerprint_version,"
            + " fingerprint, outcome, balanced, recorded_at, detail) SELECT ";
    private static final String APPLIED = ", 1, '" + "0".repeat(64) + "', 'APPLIED', ";
    private static final String ENTRY = "INSERT INTO counterfoil_entry (cell_id, sequence, decision_id, position, type,"
            + " delta, amount, recorded_at) SELECT ";
    private static final String CELL = "INSERT INTO counterfoil_cell (id, namespace, account_kind, account_id, name, kind,"
            + " unit, scale, amount, closed, version, last_scope, last_key, last_at) SELECT ";
    private static final String AT = "'2026-01-01T00:00:00.000000Z'";

    private final long wallets;
    private final boolean postgres;

    /** Books with about so many entries. */
    LargeBooks(long entries, boolean postgres) {
        this.wallets = Math.max(1, (entries - 1) / (2 * ROUNDS + 1));
        this.postgres = postgres;
    }

    /** How many entries there are. */
    long entries() {
        return (2 * ROUNDS + 1) * wallets + 1;
    }

    /** How many cells there are. */
    long cells() {
        return wallets + 1;
    }

    /** How many decisions there are. */
    long decisions() {
        return (ROUNDS + 1) * wallets + 1;
    }

    /** Fills tables that are there, and empty. */
    void fill(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements()) {
                statement.execute(sql);
            }
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
        }
    }

    private List<String> statements() {
        long transfers = ROUNDS * wallets;
        Map<String, String> words = Map.of(
                "{wallets}", Long.toString(wallets),
                "{house}", Long.toString(wallets + 1),
                "{first}", Long.toString(wallets + 2),
                "{last}", Long.toString(transfers - wallets),
                "{transfers}", Long.toString(transfers));
        String wallet = WALLET.formatted("(k % {wallets})");
        return List.of(
                        // A surrogate id is one more than the number of its wallet; the house comes behind them.
                        DECISION + "k + 1, '', '', 'open-' || k" + APPLIED + "0, " + AT + ", '{\"entries\":["
                                + WALLET.formatted("k") + OPENED + "'" + series(wallets),
                        DECISION + "{house}, '', '', 'open-house'" + APPLIED + "0, " + AT + ", '{\"entries\":[" + HOUSE
                                + OPENED + "'",
                        DECISION + "k + {first}, '', '', " + key("k") + APPLIED + "1, " + AT + ", '{\"entries\":[" + HOUSE
                                + "0,\"type\":\"INCREMENT\",\"sequence\":' || (k + 2) || ',\"delta\":\"-1.00\",\"after\":\"-'"
                                + " || (k + 1) || '.00\"}," + wallet
                                + "1,\"type\":\"INCREMENT\",\"sequence\":' || (k / {wallets} + 2) || ',\"delta\":\"1.00\","
                                + "\"after\":\"' || (k / {wallets} + 1) || '.00\"}]}'" + series(transfers),
                        ENTRY + "k + 1, 1, k + 1, 0, 'OPEN', " + amount("'0.00'") + ", " + amount("'0.00'") + ", " + AT
                                + series(wallets + 1),
                        ENTRY + "{house}, k + 2, k + {first}, 0, 'INCREMENT', " + amount("'-1.00'") + ", "
                                + amount("'-' || (k + 1) || '.00'") + ", " + AT + series(transfers),
                        ENTRY + "k % {wallets} + 1, k / {wallets} + 2, k + {first}, 1, 'INCREMENT', " + amount("'1.00'")
                                + ", " + amount("(k / {wallets} + 1) || '.00'") + ", " + AT + series(transfers),
                        CELL + "k + 1, '', 'wallet', 'w' || k, 'cash', 'BALANCE', 'SAR', 2, "
                                + amount("'" + ROUNDS + ".00'") + ", 0, " + (ROUNDS + 1) + ", '', " + key("k + {last}")
                                + ", " + AT + series(wallets),
                        CELL + "{house}, '', 'house', '1', 'cash', 'BALANCE', 'SAR', 2, "
                                + amount("'-{transfers}.00'") + ", 0, {transfers} + 1, '', " + key("{transfers} - 1")
                                + ", " + AT,
                        postgres ? "ANALYZE counterfoil_cell, counterfoil_decision, counterfoil_entry" : "ANALYZE")
                .stream()
                .map(sql -> replace(sql, words))
                .toList();
    }

    private static String replace(String sql, Map<String, String> words) {
        String text = sql;
        for (Map.Entry<String, String> word : words.entrySet()) {
            text = text.replace(word.getKey(), word.getValue());
        }
        return text;
    }

    /** The key of a transfer: scattered, and no other's. */
    private String key(String number) {
        String scattered = "((" + number + ") * " + bigint("2654435761") + ") % 4294967296";
        return (postgres ? "lpad(to_hex(" + scattered + "), 8, '0')" : "printf('%08x', " + scattered + ")") + " || '-' || ("
                + number + ")";
    }

    private String bigint(String number) {
        return postgres ? number + "::bigint" : number;
    }

    private String amount(String text) {
        return postgres ? "(" + text + ")::numeric" : text;
    }

    private String series(long count) {
        return postgres
                ? " FROM generate_series(0, " + (count - 1) + "::bigint) AS g (k)"
                : " FROM (WITH RECURSIVE g (k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM g WHERE k < " + (count - 1)
                        + ") SELECT k FROM g)";
    }
}
