package dev.counterfoil.jdbc;

import java.sql.SQLException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What keeps an operator from damaging rows, taken away: in a test's own database, which then takes any damage. */
final class Guards {
    private static final List<String> TRIGGERS =
            List.of("entry_no_update", "entry_no_delete", "decision_no_update", "decision_no_delete", "cell_no_delete");

    private Guards() {}

    /** Takes away what keeps rows from being changed, and where nothing is to be guarded also what keeps them single. */
    static void drop(JoinedBooks books, PlainSql sql, boolean guarded) throws SQLException {
        if (books == JoinedBooks.SQLITE) {
            for (String trigger : TRIGGERS) {
                sql.run("DROP TRIGGER counterfoil_" + trigger);
            }
        }
        if (!guarded) {
            plainIndex(books, sql, "reference", "namespace, reference");
            plainIndex(books, sql, "reverses", "namespace, reverses_scope, reverses_key");
            plainIndex(books, sql, "key", "namespace, scope, {key}");
            plainEntries(books, sql);
        }
    }

    private static void plainIndex(JoinedBooks books, PlainSql sql, String name, String columns) throws SQLException {
        String index = "counterfoil_decision_" + name;
        sql.run(
                "DROP INDEX " + index + (books == JoinedBooks.MARIADB ? " ON counterfoil_decision" : ""),
                words(books, "CREATE INDEX " + index + " ON {decision} (" + columns + ")"));
    }

    private static void plainEntries(JoinedBooks books, PlainSql sql) throws SQLException {
        String index = "CREATE INDEX counterfoil_entry_place ON counterfoil_entry (cell_id, sequence)";
        switch (books) {
            case SQLITE -> {
                // Its rows lie in the primary key.
                String table = sql.one("SELECT sql FROM sqlite_master WHERE name = 'counterfoil_entry'");
                sql.run(
                        "DROP TABLE counterfoil_entry",
                        table.replaceAll(",\\s*PRIMARY KEY \\(cell_id, sequence\\)", "")
                                .replace("WITHOUT ROWID", ""),
                        index);
            }
            case POSTGRESQL -> sql.run("ALTER TABLE counterfoil_entry DROP CONSTRAINT counterfoil_entry_pkey", index);
            case MARIADB, H2 -> sql.run("ALTER TABLE counterfoil_entry DROP PRIMARY KEY", index);
        }
    }

    /** Names in braces as a database has them. */
    static String words(JoinedBooks books, String text) {
        Matcher word = Pattern.compile("\\{([a-z]+)}").matcher(text);
        return word.replaceAll(found -> switch (found.group(1)) {
            case "key" ->
                switch (books) {
                    case H2 -> "\"KEY\"";
                    case MARIADB -> "`key`";
                    default -> "key";
                };
            case "value" -> books == JoinedBooks.H2 ? "\"VALUE\"" : "value";
            default -> "counterfoil_" + found.group(1);
        });
    }
}
