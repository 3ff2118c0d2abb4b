package dev.counterfoil.jdbc.internal;

import org.jspecify.annotations.Nullable;

/**
 * What the tables are called in statements, so that a connection which looks for names elsewhere does not find others.
 *
 * @param schema where they lie; null where the database has no schemas
 * @param prefix how their names begin
 */
public record Names(@Nullable String schema, String prefix) {
    /** The quoted name of a table, or of another thing that has the prefix. */
    String quoted(String name) {
        String quoted = quote(prefix + name);
        return schema == null ? quoted : quote(schema) + '.' + quoted;
    }

    private static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
