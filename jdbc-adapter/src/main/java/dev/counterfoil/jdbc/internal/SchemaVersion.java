package dev.counterfoil.jdbc.internal;

import dev.counterfoil.jdbc.SchemaException;
import dev.counterfoil.jdbc.dialect.Dialect;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/**
 * What the tables say of themselves.
 *
 * @param number the version of the schema; 0 where it is none that a library of ours writes
 * @param text the same as it is written
 * @param compatibleWith the oldest version whose libraries may go on working on them
 */
record SchemaVersion(int number, String text, int compatibleWith) {
    private static final String VERSION = "schema_version";

    private static final String COMPATIBLE_WITH = "schema_compatible_with";

    /** Reads it from the table that holds it, which must be there. */
    static SchemaVersion read(Connection connection, Dialect dialect, Names names) throws SQLException {
        Map<String, String> facts = facts(connection, dialect, names);
        String version = facts.get(VERSION);
        if (version == null) {
            throw new SchemaException(
                    "the tables " + names.prefix() + "… have no schema version: the script that makes them did not run"
                            + " to its end (then run it again, or begin with an empty schema), or they are not of this"
                            + " library (then choose another prefix or schema)",
                    null);
        }
        int number = number(version);
        return new SchemaVersion(number, version, number(facts.getOrDefault(COMPATIBLE_WITH, version)));
    }

    private static Map<String, String> facts(Connection connection, Dialect dialect, Names names) throws SQLException {
        OwnColumns.check(connection, names, "meta");
        try (Statement statement = connection.createStatement()) {
            Map<String, String> facts = new HashMap<>();
            try (ResultSet rows = statement.executeQuery(
                    "SELECT name, " + dialect.column("value") + " FROM " + names.quoted("meta"))) {
                while (rows.next()) {
                    facts.put(String.valueOf(rows.getString(1)), String.valueOf(rows.getString(2)));
                }
            }
            return facts;
        }
    }

    private static int number(String text) {
        return text.matches("[1-9][0-9]{0,8}") ? Integer.parseInt(text) : 0;
    }

    /** True where a library whose own version is another one may work on these tables: at most one step apart. */
    boolean suits(int own) {
        boolean before = number == own - 1 && number > 0;
        boolean after = number == own + 1 && compatibleWith > 0 && compatibleWith <= own;
        return number == own || before || after;
    }
}
