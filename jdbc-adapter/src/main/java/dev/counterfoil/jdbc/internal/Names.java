package dev.counterfoil.jdbc.internal;

import dev.counterfoil.jdbc.dialect.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * What the tables are called in statements, so that a connection which looks for names elsewhere does not find others.
 *
 * @param dialect how names are written
 * @param schema where the tables lie; null where the database has no schemas
 * @param prefix how their names begin
 */
public record Names(Dialect dialect, @Nullable String schema, String prefix) {
    /** The name of a table, or of another thing that has the prefix, as statements have it. */
    String quoted(String name) {
        String table = dialect.table(prefix + name);
        return schema == null ? table : dialect.quote(schema) + '.' + table;
    }
}
