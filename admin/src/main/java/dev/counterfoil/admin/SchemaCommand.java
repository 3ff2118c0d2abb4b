package dev.counterfoil.admin;

import dev.counterfoil.jdbc.JdbcLedger;
import dev.counterfoil.jdbc.SchemaException;
import dev.counterfoil.jdbc.dialect.Dialect;
import dev.counterfoil.jdbc.dialect.H2Dialect;
import dev.counterfoil.jdbc.dialect.MariaDbDialect;
import dev.counterfoil.jdbc.dialect.PostgresDialect;
import dev.counterfoil.jdbc.dialect.SqliteDialect;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is done with the tables as a whole. */
@Command(
        name = "schema",
        description = "Makes the tables, checks or upgrades them, or prints the script.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            SchemaCommand.Create.class,
            SchemaCommand.Check.class,
            SchemaCommand.Upgrade.class,
            SchemaCommand.Print.class
        })
final class SchemaCommand {
    /** Opens the ledger, after it has done something with its tables. */
    abstract static class Opening extends AdminCommand {
        @Mixin
        private Connecting connecting = new Connecting();

        final int open(boolean makes, UnaryOperator<JdbcLedger.Builder> how, String done) throws SQLException {
            connecting.open(this, makes, how).close();
            Out out = out();
            out.object(Json.record("schema").put("right", true).putNull("message"));
            out.line(done);
            out.flush();
            return Exit.OK;
        }
    }

    /** Makes the tables. */
    @Command(
            name = "create",
            description = "Makes the tables, and the file or schema that was asked for, where they are not there.")
    static final class Create extends Opening {
        @Override
        public Integer call() throws SQLException {
            return open(true, JdbcLedger.Builder::createSchema, "the tables are there");
        }
    }

    /** Looks at the tables. */
    @Command(
            name = "check",
            description = "Says whether the tables are there and of a version that this program knows.")
    static final class Check extends Opening {
        @Override
        public Integer call() throws SQLException {
            try {
                return open(
                        false, builder -> builder, "the tables are there, and of a version that this program knows");
            } catch (SchemaException e) {
                if (e.getCause() != null) {
                    throw e;
                }
                return no(String.valueOf(e.getMessage()));
            }
        }

        private int no(String message) {
            Out out = out();
            out.object(Json.record("schema").put("right", false).put("message", message));
            out.line(Plain.line(message));
            out.flush();
            return Exit.NO;
        }
    }

    /** Upgrades the tables. */
    @Command(
            name = "upgrade",
            description =
                    "Takes the tables to this program's version, when every process runs that version or the one before."
                            + " For large tables give a long --timeout.")
    static final class Upgrade extends Opening {
        @Override
        public Integer call() throws SQLException {
            return open(false, JdbcLedger.Builder::upgradeSchema, "the tables are of this program's version");
        }
    }

    /** Prints a script. */
    @Command(
            name = "print",
            description = "Prints the script that makes the tables, or that upgrades them; connects to nothing.")
    static final class Print extends AdminCommand {
        private static final Map<String, Dialect> DIALECTS = Map.of(
                "postgresql", new PostgresDialect(),
                "mariadb", new MariaDbDialect(),
                "sqlite", new SqliteDialect(),
                "h2", new H2Dialect());

        @Parameters(paramLabel = "DATABASE", description = "postgresql, mariadb, sqlite or h2.")
        private String database = "";

        @Option(
                names = "--upgrade-from",
                paramLabel = "VERSION",
                description = "Prints the step from this version to the next.")
        private @Nullable Integer from;

        @Option(names = "--prefix", paramLabel = "NAME", description = "The beginning of the tables' names.")
        private String prefix = Connecting.DEFAULT_PREFIX;

        @Override
        public Integer call() {
            Dialect dialect = DIALECTS.get(database.toLowerCase(Locale.ROOT));
            if (dialect == null) {
                throw wrong("DATABASE: must be postgresql, mariadb, sqlite or h2");
            }
            if (!prefix.matches("[a-z][a-z0-9_]{0,30}")) {
                throw wrong("--prefix: must be 1 to 31 of a-z, 0-9 and _, beginning with a letter");
            }
            String name = from == null
                    ? "counterfoil-" + dialect.schemaVersion() + ".sql"
                    : "counterfoil-" + from + "-to-" + (from + 1) + ".sql";
            String script = dialect.script(name);
            if (script == null) {
                throw new NoException("there is no step from version " + from + "; this program knows version "
                        + dialect.schemaVersion());
            }
            String text = script.replace(Connecting.DEFAULT_PREFIX, prefix);
            Out out = out();
            out.object(Json.record("script")
                    .put("database", dialect.schemaFolder())
                    .put("name", name)
                    .put("sql", text));
            out.block(text);
            out.flush();
            return Exit.OK;
        }
    }
}
