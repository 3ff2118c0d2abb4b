package dev.counterfoil.jdbc.internal;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Where else tables of this library lie, for a person who has the wrong schema or prefix. */
final class Elsewhere {
    private static final String META = "meta";

    private Elsewhere() {}

    /** What to say of them; empty where there are none to be seen. */
    static String hint(Connection connection) {
        try {
            List<String> seen = seen(connection);
            return seen.isEmpty() ? "" : "; such tables were seen as " + String.join(", ", seen);
        } catch (SQLException e) {
            // A hint is not worth a fault.
            return "";
        }
    }

    private static List<String> seen(Connection connection) throws SQLException {
        Set<String> all = new TreeSet<>();
        try (ResultSet rows = connection.getMetaData().getTables(null, null, "%", null)) {
            while (rows.next()) {
                String schema = rows.getString("TABLE_SCHEM");
                String place = schema == null ? rows.getString("TABLE_CAT") : schema;
                String table = rows.getString("TABLE_NAME");
                all.add(((place == null ? "" : place + ".") + table).toLowerCase(Locale.ROOT));
            }
        }
        List<String> seen = new ArrayList<>();
        for (String name : all) {
            if (name.endsWith(META)) {
                String prefix = name.substring(0, name.length() - META.length());
                if (Schema.TABLES.stream().allMatch(table -> all.contains(prefix + table))) {
                    seen.add(prefix + "…");
                }
            }
        }
        return seen;
    }
}
