package dev.counterfoil.admin;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import dev.counterfoil.jdbc.JdbcLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which ledger is meant, and what opens it. */
final class Connecting {
    private static final String SQLITE = "jdbc:sqlite:";
    private static final String H2 = "jdbc:h2:";
    private static final Pattern KNOWN = Pattern.compile("jdbc:(postgresql|mariadb|sqlite|h2):.*");
    private static final Pattern SECRET = Pattern.compile("(?i).*[?&;]password=.*");
    static final String DEFAULT_PREFIX = "counterfoil_";

    @Option(
            order = 51,
            names = "--url",
            paramLabel = "URL",
            description = "The database: jdbc:postgresql:…, jdbc:mariadb:…, jdbc:sqlite:… or jdbc:h2:…;"
                    + " without it, what COUNTERFOIL_URL says.")
    private @Nullable String url;

    @Option(
            order = 52,
            names = "--user",
            paramLabel = "USER",
            description = "The user; without it, what COUNTERFOIL_USER says.")
    private @Nullable String user;

    @Option(
            order = 53,
            names = "--password-file",
            paramLabel = "FILE",
            description =
                    "A file whose first line is the password; without it, what COUNTERFOIL_PASSWORD says, or, where there"
                            + " is a user and a terminal, what you are asked for.")
    private @Nullable Path passwordFile;

    @Option(
            order = 54,
            names = "--namespace",
            paramLabel = "NAME",
            description = "The namespace (tenant); empty by default.")
    private String namespace = "";

    @Option(
            order = 55,
            names = "--schema",
            paramLabel = "NAME",
            description = "The schema of the tables; without it, where the connection looks.")
    private @Nullable String schema;

    @Option(
            order = 56,
            names = "--prefix",
            paramLabel = "NAME",
            description = "The beginning of the tables' names; counterfoil_ by default.")
    private String prefix = DEFAULT_PREFIX;

    @Option(
            order = 57,
            names = "--timeout",
            paramLabel = "TIME",
            converter = Times.DurationConverter.class,
            description =
                    "How long one call to the database may take, such as 30s, 5m or 1h; 10s by default. Commands that"
                            + " take long make many.")
    private Duration timeout = Duration.ofSeconds(10);

    /** The ledger as it is there. */
    Books open(AdminCommand command) throws SQLException {
        return open(command, false, builder -> builder);
    }

    String namespace() {
        return namespace;
    }

    /**
     * The ledger.
     *
     * @param makes true where a database that is a file may be made
     * @param how what is to be done with the tables
     */
    Books open(AdminCommand command, boolean makes, UnaryOperator<JdbcLedger.Builder> how) throws SQLException {
        String where = where(command);
        Books.Source source = where.startsWith(SQLITE) ? file(where, makes) : server(command, where, makes);
        boolean open = false;
        try {
            JdbcLedger.Builder builder =
                    source.pool() == null ? JdbcLedger.builder(where) : JdbcLedger.builder(source.pool());
            builder.namespace(namespace).prefix(prefix).timeout(timeout);
            if (schema != null) {
                builder.schema(schema);
            }
            String table = (schema == null ? "" : schema + ".") + prefix + "cell";
            Books books = new Books(
                    how.apply(builder).build(), new CellLookUp(source.opener(), table, namespace), source.end());
            open = true;
            return books;
        } finally {
            if (!open) {
                source.end().run();
            }
        }
    }

    private String where(AdminCommand command) {
        String where = url;
        if (where == null) {
            where = command.around().environment().apply("COUNTERFOIL_URL");
            if (where == null || where.isEmpty()) {
                throw command.wrong("Missing required option: '--url=URL'");
            }
        } else if (SECRET.matcher(where).matches()) {
            throw command.wrong("--url: others can see a password there; use --password-file or COUNTERFOIL_PASSWORD");
        }
        if (!KNOWN.matcher(where).matches()) {
            throw command.wrong("--url: must begin with jdbc:postgresql:, jdbc:mariadb:, jdbc:sqlite: or jdbc:h2:");
        }
        return where;
    }

    /** The driver makes a file that is not there, also for who only mistyped its name. */
    private static Books.Source file(String url, boolean makes) {
        String file = url.substring(SQLITE.length()).replaceFirst("\\?.*", "");
        boolean plain = !file.startsWith("file:") && !file.startsWith(":");
        if (!makes && plain && !Files.exists(Path.of(file))) {
            throw new CannotConnectException("there is no file " + file, null);
        }
        return new Books.Source(null, () -> DriverManager.getConnection(url), () -> {});
    }

    private Books.Source server(AdminCommand command, String url, boolean makes) {
        HikariConfig config = new HikariConfig();
        boolean mistyped =
                url.startsWith(H2) && !makes && !url.toUpperCase(Locale.ROOT).contains(";IFEXISTS=");
        config.setJdbcUrl(mistyped ? url + ";IFEXISTS=TRUE" : url);
        String who = user == null ? command.around().environment().apply("COUNTERFOIL_USER") : user;
        if (who != null) {
            config.setUsername(who);
        }
        String password = password(command, who);
        if (password != null) {
            config.setPassword(password);
        }
        config.setMaximumPoolSize(2);
        config.setMinimumIdle(0);
        config.setPoolName(CounterfoilAdmin.NAME);
        config.setConnectionTimeout(Math.max(250, Math.min(timeout.toMillis(), 30_000)));
        HikariDataSource pool = open(config);
        return new Books.Source(pool, pool::getConnection, pool::close);
    }

    private static HikariDataSource open(HikariConfig config) {
        try {
            return new HikariDataSource(config);
        } catch (HikariPool.PoolInitializationException e) {
            throw new CannotConnectException("cannot connect", e.getCause());
        }
    }

    private @Nullable String password(AdminCommand command, @Nullable String who) {
        if (passwordFile != null) {
            try {
                return Files.readString(passwordFile).lines().findFirst().orElse("");
            } catch (IOException e) {
                throw command.wrong("--password-file: cannot be read: " + e);
            }
        }
        Surroundings around = command.around();
        String password = around.environment().apply("COUNTERFOIL_PASSWORD");
        if (password == null && who != null && around.terminal().asks()) {
            char[] asked = around.terminal().password("Password of " + who + " (empty for none): ");
            password = asked == null || asked.length == 0 ? null : new String(asked);
        }
        return password;
    }
}
