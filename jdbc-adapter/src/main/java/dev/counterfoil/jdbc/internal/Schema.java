package dev.counterfoil.jdbc.internal;

import dev.counterfoil.jdbc.SchemaException;
import dev.counterfoil.jdbc.dialect.Dialect;
import dev.counterfoil.spi.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The tables as a whole: making them, and checking that they are those that this library knows. */
public final class Schema {
    /** The prefix of the tables where no other is asked for. */
    public static final String DEFAULT_PREFIX = "counterfoil_";

    private static final String VERSION = "1";
    private static final List<String> TABLES = List.of("meta", "cell", "decision", "entry");
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,30}");

    private final Dialect dialect;
    private final @Nullable String schema;
    private final String prefix;
    private final String script;

    /** The tables with a prefix, in a schema or, where that is null, where a connection looks for them itself. */
    public Schema(Dialect dialect, @Nullable String schema, String prefix) {
        this.dialect = dialect;
        this.schema = schema;
        this.prefix = prefix;
        this.script = "/dev/counterfoil/jdbc/schema/" + dialect.schemaFolder() + "/counterfoil-" + VERSION + ".sql";
        if (schema != null && !dialect.hasSchemas()) {
            throw new SchemaException("schema \"" + schema + "\": " + dialect.product() + " has no schemas", null);
        }
    }

    /** Refuses a name that is no plain identifier. */
    public static String checkSchema(String schema) {
        return check(schema, "schema");
    }

    /** Refuses a prefix that is no plain identifier. */
    public static String checkPrefix(String prefix) {
        check(prefix, "table prefix");
        if (prefix.startsWith("sqlite_")) {
            throw new IllegalArgumentException("table prefix \"" + prefix + "\": SQLite keeps sqlite_ for itself");
        }
        return prefix;
    }

    private static String check(String name, String what) {
        if (!NAME.matcher(Objects.requireNonNull(name, what)).matches()) {
            throw new IllegalArgumentException(
                    what + " \"" + name + "\": must be 1 to 31 of a-z, 0-9 and _, beginning with a letter");
        }
        return name;
    }

    /** Makes the tables where they are not there yet; several processes may do this at once. */
    public void createIfAbsent(Connection connection, Deadline deadline) throws SQLException {
        if (find(connection, schema, "meta") != null) {
            return;
        }
        Dialect.Undo undo = dialect.beginSchemaChange(connection, schema, deadline);
        try {
            if (find(connection, schema, "meta") == null) {
                try (Statement statement = connection.createStatement()) {
                    for (String sql : statements()) {
                        statement.execute(sql);
                    }
                }
            }
            dialect.commit(connection);
        } catch (SQLException | RuntimeException e) {
            rollback(connection, e);
            throw e;
        } finally {
            undo.run(connection);
        }
    }

    private void rollback(Connection connection, Exception failure) {
        try {
            dialect.rollback(connection);
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    /**
     * Refuses a database whose tables are missing or of another version, or that can only be read: this comes out now, and not
     * at the first update.
     *
     * @return where the tables are
     */
    public Names check(Connection connection) throws SQLException {
        Names names = find(connection, schema, "meta");
        if (names == null) {
            throw new SchemaException(
                    "the tables " + prefix + "… are not there" + (schema == null ? "" : " in schema " + schema)
                            + ": if schema and prefix are right, call createSchema() on the builder, or run "
                            + script.substring(1) + " from the jar of counterfoil-jdbc",
                    null);
        }
        String found = version(connection, names);
        if (found == null) {
            throw new SchemaException(
                    "the tables " + prefix + "… have no schema version: the script that makes them did not run to its"
                            + " end, or they are not of this library",
                    null);
        }
        if (!found.equals(VERSION)) {
            throw new SchemaException(
                    "the tables " + prefix + "… have schema version " + found + ", this library knows version "
                            + VERSION + ": use the version of the library that made them, or a newer one",
                    null);
        }
        for (String table : TABLES) {
            if (find(connection, names.schema(), table) == null) {
                throw new SchemaException("the table " + prefix + table + " is missing beside the others", null);
            }
        }
        dialect.checkWritable(connection, names.quoted("meta"));
        return names;
    }

    private @Nullable Names find(Connection connection, @Nullable String where, String table) throws SQLException {
        try (PreparedStatement find = connection.prepareStatement(dialect.findTable())) {
            find.setString(1, where);
            find.setString(2, prefix + table);
            try (ResultSet row = find.executeQuery()) {
                return row.next() ? new Names(dialect, row.getString(1), prefix) : null;
            }
        }
    }

    private @Nullable String version(Connection connection, Names names) throws SQLException {
        String sql = "SELECT " + dialect.column("value") + " FROM " + names.quoted("meta")
                + " WHERE name = 'schema_version'";
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getString(1) : null;
        }
    }

    /** The statements of the shipped script, which empty lines separate. */
    private List<String> statements() {
        try (InputStream in = Objects.requireNonNull(Schema.class.getResourceAsStream(script), script)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return Stream.of(text.replace(DEFAULT_PREFIX, prefix).strip().split("\\R\\s*\\R"))
                    .filter(part -> !part.lines().allMatch(line -> line.startsWith("--")))
                    .toList();
        } catch (IOException e) {
            throw new SchemaException("the script " + script + " cannot be read", e);
        }
    }
}
