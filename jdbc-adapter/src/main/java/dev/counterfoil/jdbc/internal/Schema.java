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
    private static final Pattern PREFIX = Pattern.compile("[a-z][a-z0-9_]{0,30}");

    private final Dialect dialect;
    private final String prefix;
    private final String script;

    /** The tables with a prefix. */
    public Schema(Dialect dialect, String prefix) {
        this.dialect = dialect;
        this.prefix = prefix;
        this.script = "/dev/counterfoil/jdbc/schema/" + dialect.schemaFolder() + "/counterfoil-" + VERSION + ".sql";
    }

    /** Refuses a prefix that is no plain identifier. */
    public static String checkPrefix(String prefix) {
        if (!PREFIX.matcher(Objects.requireNonNull(prefix, "prefix")).matches()) {
            throw new IllegalArgumentException(
                    "table prefix \"" + prefix + "\": must be 1 to 31 of a-z, 0-9 and _, beginning with a letter");
        }
        if (prefix.startsWith("sqlite_")) {
            throw new IllegalArgumentException("table prefix \"" + prefix + "\": SQLite keeps sqlite_ for itself");
        }
        return prefix;
    }

    /** Makes the tables where they are not there yet; several processes may do this at once. */
    public void createIfAbsent(Connection connection, Deadline deadline) throws SQLException {
        if (exists(connection, "meta")) {
            return;
        }
        dialect.beginSchemaChange(connection, deadline);
        try {
            if (!exists(connection, "meta")) {
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
        }
    }

    private void rollback(Connection connection, Exception failure) {
        try {
            dialect.rollback(connection);
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    /** Refuses a database whose tables are missing, or of another version. */
    public void check(Connection connection) throws SQLException {
        if (!exists(connection, "meta")) {
            throw new SchemaException(
                    "the tables " + prefix + "… are not there: call createSchema() on the builder, or run "
                            + script.substring(1) + " from the jar of counterfoil-jdbc",
                    null);
        }
        String found = version(connection);
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
            if (!exists(connection, table)) {
                throw new SchemaException("the table " + prefix + table + " is missing beside the others", null);
            }
        }
    }

    /** Refuses a database that can be read only, now and not at the first update. */
    public void checkWritable(Connection connection) throws SQLException {
        dialect.checkWritable(connection, dialect.table(prefix + "meta"));
    }

    private boolean exists(Connection connection, String table) throws SQLException {
        try (PreparedStatement count = connection.prepareStatement(dialect.countTables())) {
            count.setString(1, prefix + table);
            try (ResultSet rows = count.executeQuery()) {
                return rows.next() && rows.getInt(1) > 0;
            }
        }
    }

    private @Nullable String version(Connection connection) throws SQLException {
        String sql = "SELECT " + dialect.column("value") + " FROM " + dialect.table(prefix + "meta")
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
