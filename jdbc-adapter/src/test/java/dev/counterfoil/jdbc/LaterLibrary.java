package dev.counterfoil.jdbc;

import dev.counterfoil.jdbc.dialect.Dialect;
import dev.counterfoil.jdbc.dialect.H2Dialect;
import dev.counterfoil.jdbc.dialect.MariaDbDialect;
import dev.counterfoil.jdbc.dialect.PostgresDialect;
import dev.counterfoil.jdbc.dialect.SqliteDialect;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * What a library of schema version 2 or 3 brings: its steps lie in the tests' resources, and its script that makes all tables
 * is that of version 1 with what the steps do.
 */
final class LaterLibrary {
    private static final String ADDED =
            "\n\nCREATE INDEX counterfoil_decision_recorded" + " ON counterfoil_decision (namespace, recorded_at);";

    private static final String ADDED_IN_2_ONLY = "\n\nCREATE TABLE counterfoil_label"
            + " (name varchar(64) NOT NULL PRIMARY KEY, text varchar(64) NOT NULL);";

    private LaterLibrary() {}

    static Dialect dialect(JoinedBooks books, int version) {
        return switch (books) {
            case SQLITE ->
                new SqliteDialect() {
                    @Override
                    public int schemaVersion() {
                        return version;
                    }

                    @Override
                    public String script(String name) {
                        return LaterLibrary.script(this, name, super.script("counterfoil-1.sql"));
                    }
                };
            case POSTGRESQL ->
                new PostgresDialect() {
                    @Override
                    public int schemaVersion() {
                        return version;
                    }

                    @Override
                    public String script(String name) {
                        return LaterLibrary.script(this, name, super.script("counterfoil-1.sql"));
                    }
                };
            case MARIADB ->
                new MariaDbDialect() {
                    @Override
                    public int schemaVersion() {
                        return version;
                    }

                    @Override
                    public String script(String name) {
                        return LaterLibrary.script(this, name, super.script("counterfoil-1.sql"));
                    }
                };
            case H2 ->
                new H2Dialect() {
                    @Override
                    public int schemaVersion() {
                        return version;
                    }

                    @Override
                    public String script(String name) {
                        return LaterLibrary.script(this, name, super.script("counterfoil-1.sql"));
                    }
                };
        };
    }

    /** The text of a step. */
    static String step(Dialect dialect, String name) {
        String path = "/later/" + dialect.schemaFolder() + "/" + name;
        try (InputStream in = LaterLibrary.class.getResourceAsStream(path)) {
            return in == null ? null : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String script(Dialect dialect, String name, String first) {
        return switch (name) {
            case "counterfoil-1.sql" -> first;
            case "counterfoil-2.sql" -> making(first, ADDED + ADDED_IN_2_ONLY, "2", "1");
            case "counterfoil-3.sql" -> making(first, ADDED, "3", "3");
            default -> step(dialect, name);
        };
    }

    /** The last statement of version 1 says which version it is. */
    private static String making(String first, String added, String version, String compatibleWith) {
        String tables = first.strip();
        int last = tables.lastIndexOf("\n\n");
        String row = "'schema_compatible_with', '" + compatibleWith + "'";
        String meta = tables.substring(last).replaceFirst("'1'", "'" + version + "'");
        meta = meta.substring(0, meta.length() - 1)
                + (meta.contains("VALUES (") ? ", (" + row + ");" : " UNION ALL SELECT " + row + ";");
        return tables.substring(0, last)
                        .replaceFirst(
                                "(\n  detail +\\w+)([^\n]*)\n\\)",
                                "$1,$2\n  origin varchar(64) DEFAULT 'before' NOT NULL\n)")
                + added
                + meta;
    }
}
