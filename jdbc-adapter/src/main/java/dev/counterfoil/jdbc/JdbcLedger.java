package dev.counterfoil.jdbc;

import dev.counterfoil.jdbc.dialect.Dialect;
import dev.counterfoil.jdbc.dialect.SqliteDialect;
import dev.counterfoil.jdbc.internal.Connections;
import dev.counterfoil.jdbc.internal.JdbcStore;
import dev.counterfoil.jdbc.internal.KeptConnections;
import dev.counterfoil.jdbc.internal.PooledConnections;
import dev.counterfoil.jdbc.internal.Schema;
import dev.counterfoil.jdbc.internal.SqliteFile;
import dev.counterfoil.jdbc.internal.SqliteTurn;
import dev.counterfoil.spi.Deadline;
import dev.counterfoil.spi.LedgerSettings;
import dev.counterfoil.spi.LedgerStore;
import dev.counterfoil.spi.StoreLedger;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A ledger in a database. */
public final class JdbcLedger extends StoreLedger {
    private static final String SQLITE = "jdbc:sqlite:";

    private JdbcLedger(LedgerStore store, LedgerSettings settings) {
        super(store, settings);
    }

    private JdbcLedger(JdbcLedger from, String namespace) {
        super(from, namespace);
    }

    /**
     * A ledger in an SQLite file, which is made with its tables where it is not there: embedded and durable, nothing to
     * install but the driver. Several processes may open the same file.
     *
     * @param url such as {@code jdbc:sqlite:books.db}
     * @throws SchemaException if the driver is missing, or the file is not one that this library can use
     */
    public static JdbcLedger open(String url) {
        return builder(url).createSchema().build();
    }

    /** Begins a ledger in an SQLite file. */
    public static Builder builder(String url) {
        Objects.requireNonNull(url, "url");
        if (!url.startsWith(SQLITE)) {
            throw new IllegalArgumentException("url: must begin with " + SQLITE
                    + "; for another database hand in a DataSource to builder(dataSource)");
        }
        return new Builder(url, null);
    }

    /** Begins a ledger in the database of a pool, which stays the caller's and is not closed with the ledger. */
    public static Builder builder(DataSource dataSource) {
        return new Builder(null, Objects.requireNonNull(dataSource, "dataSource"));
    }

    @Override
    public JdbcLedger namespace(String namespace) {
        return new JdbcLedger(this, namespace);
    }

    /** The settings of a ledger in a database. Not safe for use by several threads at once. */
    public static final class Builder {
        private final @Nullable String url;
        private final @Nullable DataSource dataSource;
        private LedgerSettings settings = LedgerSettings.defaults();
        private String prefix = Schema.DEFAULT_PREFIX;
        private boolean createSchema;

        private Builder(@Nullable String url, @Nullable DataSource dataSource) {
            this.url = url;
            this.dataSource = dataSource;
        }

        /** The namespace: empty (the default), or 1 to 64 bytes in UTF-8. */
        public Builder namespace(String namespace) {
            settings = settings.withNamespace(namespace);
            return this;
        }

        /** How long a call may take: above zero, at most a day; 10 seconds by default. */
        public Builder timeout(Duration timeout) {
            settings = settings.withTimeout(timeout);
            return this;
        }

        /** The beginning of the tables' names, {@code counterfoil_} by default: 1 to 31 of a-z, 0-9 and _, a letter first. */
        public Builder prefix(String prefix) {
            this.prefix = Schema.checkPrefix(prefix);
            return this;
        }

        /** Makes the tables where they are not there. Without it they must be. */
        public Builder createSchema() {
            createSchema = true;
            return this;
        }

        /**
         * The ledger.
         *
         * @throws SchemaException if the database is none that this library knows, or the tables are not there or of another
         *     version
         */
        public JdbcLedger build() {
            Dialect dialect = new SqliteDialect();
            Connections connections;
            try {
                if (dataSource != null) {
                    checkProduct(dataSource, dialect);
                    connections = new PooledConnections(dataSource, dialect);
                } else {
                    String own = Objects.requireNonNull(url);
                    checkDriver(own);
                    connections = new KeptConnections(own, dialect);
                }
                return new JdbcLedger(store(connections, dialect), settings);
            } catch (SQLException e) {
                throw new SchemaException(
                        "the database cannot be opened: " + e.getMessage() + " (SQLState " + e.getSQLState() + ", code "
                                + e.getErrorCode() + ")",
                        e);
            }
        }

        private LedgerStore store(Connections connections, Dialect dialect) throws SQLException {
            SqliteFile file;
            Connection connection = connections.take();
            try {
                file = SqliteFile.of(connection);
                Schema schema = new Schema(dialect, prefix);
                if (createSchema) {
                    file.useWriteAheadLog(connection);
                    schema.createIfAbsent(connection, Deadline.after(settings.timeout()));
                }
                schema.check(connection);
            } catch (SQLException | RuntimeException e) {
                connections.drop(connection);
                throw e;
            }
            connections.giveBack(connection);
            return new JdbcStore(connections, dialect, prefix, new SqliteTurn(file.path()));
        }

        private static void checkProduct(DataSource dataSource, Dialect dialect) throws SQLException {
            try (Connection connection = dataSource.getConnection()) {
                String product = connection.getMetaData().getDatabaseProductName();
                if (!product.equals(dialect.product())) {
                    throw new SchemaException(
                            "the database " + product + " is not known to this library; it knows " + dialect.product(),
                            null);
                }
            }
        }

        private static void checkDriver(String url) {
            try {
                DriverManager.getDriver(url);
            } catch (SQLException e) {
                throw new SchemaException(
                        "no JDBC driver for SQLite: add the dependency org.xerial:sqlite-jdbc to your project", e);
            }
        }
    }
}
