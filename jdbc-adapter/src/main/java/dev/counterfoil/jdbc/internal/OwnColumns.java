package dev.counterfoil.jdbc.internal;

import dev.counterfoil.jdbc.SchemaException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The columns by which a table is told from one of somebody else that has the same name. */
final class OwnColumns {
    private static final Map<String, List<String>> OF = Map.of(
            "meta", List.of("name", "value"),
            "cell", List.of("account_kind", "account_id"),
            "decision", List.of("scope", "fingerprint"),
            "entry", List.of("cell_id", "decision_id"),
            "checkpoint", List.of("cell_id", "checked_at"));

    private OwnColumns() {}

    /** Refuses a table, which must be there, that lacks them. */
    static void check(Connection connection, Names names, String table) throws SQLException {
        List<String> own = OF.getOrDefault(table, List.of());
        try (Statement statement = connection.createStatement();
                ResultSet none = statement.executeQuery("SELECT * FROM " + names.quoted(table) + " WHERE 1 = 0")) {
            if (!columns(none.getMetaData()).containsAll(own)) {
                throw new SchemaException(
                        "the table " + names.prefix() + table + " is not of this library, it has no columns "
                                + String.join(" and ", own) + ": choose another prefix or schema",
                        null);
            }
        }
    }

    private static Set<String> columns(ResultSetMetaData data) throws SQLException {
        Set<String> columns = new HashSet<>();
        for (int i = 1; i <= data.getColumnCount(); i++) {
            columns.add(data.getColumnName(i).toLowerCase(Locale.ROOT));
        }
        return columns;
    }
}
