package dev.counterfoil.jdbc.internal;

import dev.counterfoil.jdbc.SchemaException;
import dev.counterfoil.jdbc.dialect.Dialect;
import dev.counterfoil.spi.Deadline;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tables as a whole: making them, and checking that they are those that this library knows. */
public final class Schema {
    /** The prefix of the tables where no other is asked for. */
    public static final String DEFAULT_PREFIX = "counterfoil_";

    static final List<String> TABLES = List.of("meta", "cell", "decision", "entry");

    /** Of verification only: who does not verify may not even see it. */
    private static final String CHECKPOINT = "checkpoint";

    private static final String META = "meta";
    private static final Logger LOG = LoggerFactory.getLogger(Schema.class);
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,30}");

    private final Dialect dialect;
    private final @Nullable String schema;
    private final String prefix;
    private final Scripts scripts;

    /** The tables with a prefix, in a schema or, where that is null, where a connection looks for them itself. */
    public Schema(Dialect dialect, @Nullable String schema, String prefix) {
        this.dialect = dialect;
        this.schema = schema;
        this.prefix = prefix;
        this.scripts = new Scripts(dialect, prefix);
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
        if (find(connection, schema, META) != null) {
            return;
        }
        checkOwn(connection);
        change(connection, schema, deadline, () -> {
            if (find(connection, schema, META) == null) {
                run(connection, scripts.making(dialect.schemaVersion()));
            }
        });
    }

    /** Refuses what lies under our names and is somebody else's; tables of our own may be there, half made. */
    private void checkOwn(Connection connection) throws SQLException {
        List<String> all = new ArrayList<>(TABLES);
        all.add(CHECKPOINT);
        for (String table : all) {
            Names names = find(connection, schema, table);
            if (names != null) {
                OwnColumns.check(connection, names, table);
            }
        }
    }

    /**
     * Takes tables of an older version to this library's, step by step, each step in one transaction where the database can;
     * several processes may do this at once. Tables that are missing, or newer, are left as they are.
     */
    public void upgrade(Connection connection, Deadline deadline) throws SQLException {
        Names names = find(connection, schema, META);
        int from = names == null ? 0 : version(connection, names);
        while (names != null && from > 0 && from < dialect.schemaVersion()) {
            Names tables = names;
            int step = from;
            endReading(connection);
            change(connection, names.schema(), deadline, () -> step(connection, tables, step));
            from = version(connection, names);
        }
        endReading(connection);
    }

    private static void endReading(Connection connection) throws SQLException {
        if (!connection.getAutoCommit()) {
            connection.rollback();
        }
    }

    /** Ends early where somebody else has done it, also where nothing keeps others from running the same statements. */
    private void step(Connection connection, Names names, int from) throws SQLException {
        for (String sql : scripts.step(from)) {
            if (version(connection, names) != from) {
                return;
            }
            run(connection, List.of(sql));
        }
        if (version(connection, names) == from) {
            throw new SchemaException("the script of the step from version " + from + " sets no other version", null);
        }
    }

    private int version(Connection connection, Names names) throws SQLException {
        return SchemaVersion.read(connection, dialect, names).number();
    }

    private static void run(Connection connection, List<String> statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private interface Change {
        void run() throws SQLException;
    }

    private void change(Connection connection, @Nullable String where, Deadline deadline, Change change)
            throws SQLException {
        Dialect.Undo undo = dialect.beginSchemaChange(connection, where, deadline);
        try {
            change.run();
            dialect.commit(connection);
        } catch (SQLException | RuntimeException e) {
            // On a connection that is lost these fail too, and less tellingly.
            alsoTry(() -> dialect.rollback(connection), e);
            alsoTry(() -> undo.run(connection), e);
            throw e;
        }
        undo.run(connection);
    }

    private static void alsoTry(Change change, Exception failure) {
        try {
            change.run();
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    /**
     * Refuses a database whose tables are missing or of a version that is not known, or that can only be read: this comes out
     * now, and not at the first update.
     *
     * @return where the tables are
     */
    public Names check(Connection connection) throws SQLException {
        Names names = find(connection, schema, META);
        if (names == null) {
            checkOwn(connection);
            throw new SchemaException(
                    "the tables " + prefix + "… are not there" + (schema == null ? "" : " in schema " + schema)
                            + (dialect.hasSchemas() ? ", or this user may not see them" : "")
                            + ": if schema and prefix are right, call createSchema() on the builder, or run "
                            + scripts.toMake(dialect.schemaVersion()) + Elsewhere.hint(connection),
                    null);
        }
        checkVersion(SchemaVersion.read(connection, dialect, names));
        endReading(connection);
        for (String table : TABLES) {
            if (find(connection, names.schema(), table) == null) {
                throw new SchemaException("the table " + prefix + table + " is missing beside the others", null);
            }
        }
        dialect.checkWritable(connection, names.quoted(META));
        return names;
    }

    private void checkVersion(SchemaVersion found) {
        int own = dialect.schemaVersion();
        boolean old = found.number() > 0 && found.number() < own;
        String says = "the tables " + prefix + "… have schema version " + found.text() + ", this library knows "
                + (own == 1 ? "version 1" : "versions " + (own - 1) + " and " + own) + ": ";
        String upgrade =
                old ? "call upgradeSchema() on the builder, or run " + scripts.toUpgrade(found.number(), own) : "";
        if (!found.suits(own)) {
            throw new SchemaException(
                    says
                            + (old
                                    ? upgrade
                                    : found.number() == 0
                                            ? "no library of ours has written that"
                                            : "use the version of the library that made or upgraded them, or a newer"
                                                    + " one; there is no way back"),
                    null);
        }
        if (old) {
            LOG.info("{}that will do; when all processes run this library, {}", says, upgrade);
        }
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
}
