package dev.counterfoil.jdbc;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.Cell;
import dev.counterfoil.CellId;
import dev.counterfoil.Key;
import dev.counterfoil.KeyHash;
import dev.counterfoil.LedgerEvent;
import dev.counterfoil.LedgerEvent.Call;
import dev.counterfoil.LedgerListener;
import dev.counterfoil.NotAppliedException;
import dev.counterfoil.Operation;
import dev.counterfoil.Outcome;
import dev.counterfoil.Snapshot;
import dev.counterfoil.Update;
import dev.counterfoil.jdbc.dialect.Dialect;
import dev.counterfoil.jdbc.dialect.H2Dialect;
import dev.counterfoil.jdbc.dialect.MariaDbDialect;
import dev.counterfoil.jdbc.dialect.PostgresDialect;
import dev.counterfoil.jdbc.dialect.SqliteDialect;
import dev.counterfoil.jdbc.internal.Connections;
import dev.counterfoil.jdbc.internal.JdbcStore;
import dev.counterfoil.jdbc.internal.JoinedTransaction;
import dev.counterfoil.jdbc.internal.KeptConnections;
import dev.counterfoil.jdbc.internal.Names;
import dev.counterfoil.jdbc.internal.PooledConnections;
import dev.counterfoil.jdbc.internal.Schema;
import dev.counterfoil.jdbc.internal.SqliteFile;
import dev.counterfoil.jdbc.internal.SqliteTurn;
import dev.counterfoil.jdbc.internal.WriteTurn;
import dev.counterfoil.spi.CellAddress;
import dev.counterfoil.spi.Deadline;
import dev.counterfoil.spi.LedgerSettings;
import dev.counterfoil.spi.Reading;
import dev.counterfoil.spi.Request;
import dev.counterfoil.spi.StoreException;
import dev.counterfoil.spi.StoreException.Phase;
import dev.counterfoil.spi.StoreException.Trouble;
import dev.counterfoil.spi.StoreLedger;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A ledger in a database. */
public final class JdbcLedger extends StoreLedger {
    private static final Logger LOG = LoggerFactory.getLogger(JdbcLedger.class);
    private static final String SQLITE = "jdbc:sqlite:";
    private static final List<Dialect> DIALECTS =
            List.of(new SqliteDialect(), new PostgresDialect(), new MariaDbDialect(), new H2Dialect());

    /** Between two tries to open a file that others are just opening, closing or making. */
    private static final Duration PAUSE = Duration.ofMillis(5);

    private static final Pattern OTHER_JOURNAL = Pattern.compile("(?i)[?&]journal_mode=(?!wal(&|$))");

    private final JdbcStore store;

    private JdbcLedger(JdbcStore store, LedgerSettings settings) {
        super(store, settings);
        this.store = store;
    }

    private JdbcLedger(JdbcLedger from, String namespace) {
        super(from, namespace);
        this.store = from.store;
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
        if (OTHER_JOURNAL.matcher(url).find()) {
            // The driver would set it on every connection it opens, and all but the first would find the file busy.
            throw new IllegalArgumentException("url: must not set a journal_mode other than WAL");
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

    /**
     * The ledger inside a transaction of the caller's own, for as long as that lasts.
     *
     * @param connection to the ledger's database, with autocommit off; READ COMMITTED everywhere (SQLite has SERIALIZABLE
     *     only), on PostgreSQL also REPEATABLE READ and SERIALIZABLE, where a conflict with another transaction is a fault
     * @throws IllegalArgumentException if the connection cannot be joined, with the reason
     */
    public JoinedLedger in(Connection connection) {
        Objects.requireNonNull(connection, "connection");
        return inside(() -> {
            try {
                return new Joined(store.join(connection));
            } catch (StoreException e) {
                throw new NotAppliedException(String.valueOf(e.getMessage()), e);
            }
        });
    }

    private final class Joined implements JoinedLedger {
        private final JoinedTransaction transaction;

        /** Keys that were decided in this transaction. */
        private final Set<Key> decided = new HashSet<>();

        private final @Nullable HeldCells held = settings().watching().listener() == null
                ? null
                : new HeldCells(settings().timeout());

        private Joined(JoinedTransaction transaction) {
            this.transaction = transaction;
        }

        private interface Step<T> {
            T run(Deadline deadline) throws StoreException;
        }

        @Override
        public Outcome tryPost(Update update) {
            Objects.requireNonNull(update, "update");
            return deciding(Call.JOINED, update, () -> decide(update));
        }

        private Outcome decide(Update update) {
            Request.Posting posting = posting(update);
            List<CellId> cells =
                    update.operations().stream().map(Operation::cell).toList();
            Outcome outcome = step(cells, deadline -> transaction.post(posting, deadline));
            if (outcome instanceof Applied applied) {
                boolean provisional = !applied.replayed() || decided.contains(applied.key());
                decided.add(applied.key());
                return new Applied(applied.receipt(), applied.replayed(), provisional);
            }
            return outcome;
        }

        @Override
        public void lock(Collection<? extends CellId> cells) {
            SortedMap<CellAddress, CellId> all = addressed(cells);
            looking(
                    Call.JOINED,
                    null,
                    all.values().stream().map(CellId::account).distinct().toList(),
                    () -> step(all.values(), deadline -> transaction.lock(new TreeSet<>(all.keySet()), deadline)));
        }

        @Override
        public Snapshot read(AccountId... accounts) {
            List<AccountId> all = distinct(accounts);
            Reading<List<Cell>> found = looking(
                    Call.JOINED,
                    null,
                    all,
                    () -> step(
                            List.of(), deadline -> transaction.read(settings().namespace(), all)));
            return new Snapshot(all, found.value(), found.asOf());
        }

        private <T> T step(Collection<? extends CellId> cells, Step<T> step) {
            if (held != null && held.isLong()) {
                tell(new LedgerEvent.HeldLong(settings().namespace(), held.time()));
            }
            try {
                return step.run(deadline());
            } catch (StoreException e) {
                if (e.phase() == Phase.ACQUIRE && !transaction.isOver()) {
                    throw new LockOrderException(notHeld(cells), e);
                }
                throw new NotAppliedException(String.valueOf(e.getMessage()), e, 1);
            }
        }

        private List<CellId> notHeld(Collection<? extends CellId> cells) {
            return cells.stream()
                    .filter(cell -> !transaction.holds(CellAddress.of(settings().namespace(), cell)))
                    .distinct()
                    .<CellId>map(cell -> cell)
                    .toList();
        }
    }

    /** The settings of a ledger in a database. Not safe for use by several threads at once. */
    public static final class Builder {
        private final @Nullable String url;
        private final @Nullable DataSource dataSource;
        private LedgerSettings settings = LedgerSettings.defaults();
        private @Nullable String schema;
        private String prefix = Schema.DEFAULT_PREFIX;
        private boolean createSchema;
        private boolean upgradeSchema;
        private boolean requireDurable;
        private @Nullable Dialect dialect;

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

        /** Who is told what becomes of the calls; nobody by default. */
        public Builder listener(LedgerListener listener) {
            settings = settings.withListener(listener);
            return this;
        }

        /** What stands for a key in the log; by default a hash that only this process can compute. */
        public Builder keyHash(KeyHash keyHash) {
            settings = settings.withKeyHash(keyHash);
            return this;
        }

        /** Writes keys, amounts and payloads into the log lines of failures; by default they are kept out. */
        public Builder logInClear() {
            settings = settings.withLogInClear(true);
            return this;
        }

        /**
         * False for a commit for each call. By default callers that wait at the same time share commits, which costs a single
         * caller nothing.
         */
        public Builder groupCommit(boolean groupCommit) {
            settings = settings.withGroupCommit(groupCommit);
            return this;
        }

        /**
         * The schema of the tables: 1 to 31 of a-z, 0-9 and _, a letter first. Without it they are looked for where the
         * first connection looks (on PostgreSQL along its {@code search_path}), and stay those that it found. SQLite has none.
         */
        public Builder schema(String schema) {
            this.schema = Schema.checkSchema(schema);
            return this;
        }

        /** The beginning of the tables' names, {@code counterfoil_} by default: 1 to 31 of a-z, 0-9 and _, a letter first. */
        public Builder prefix(String prefix) {
            this.prefix = Schema.checkPrefix(prefix);
            return this;
        }

        /** Makes the tables, and the schema that was asked for, where they are not there. Without it they must be. */
        public Builder createSchema() {
            createSchema = true;
            return this;
        }

        /**
         * Upgrades the tables where they are of an older version than this library's own; call it when every process runs this
         * library or the one before. Without it the tables of the version before will do, and older ones are refused. It must
         * end within the {@link #timeout time-out}: for large tables set a long one, on a builder for this alone.
         */
        public Builder upgradeSchema() {
            upgradeSchema = true;
            return this;
        }

        /**
         * What the database needs, instead of what this library knows by the database's name.
         *
         * @param dialect its {@link Dialect#product() product} must be the database's
         */
        public Builder dialect(Dialect dialect) {
            this.dialect = Objects.requireNonNull(dialect, "dialect");
            return this;
        }

        /**
         * Refuses a database that may lose a commit which it has acknowledged, by settings such as {@code fsync = off}, as they
         * are when the ledger is opened. Without it they are warned of in the log.
         */
        public Builder requireDurable() {
            requireDurable = true;
            return this;
        }

        /**
         * The ledger.
         *
         * @throws SchemaException if the database is none that this library knows, or the tables are not there or of a
         *     version that it does not know
         */
        public JdbcLedger build() {
            if (url != null) {
                checkDriver(url);
            }
            Deadline deadline = Deadline.after(settings.timeout());
            while (true) {
                Dialect found = dialect == null ? DIALECTS.get(0) : dialect;
                try {
                    WriteTurn turn;
                    // Which database it is and where it lies, before anything is done to it.
                    try (Connection connection = connect()) {
                        found = dialectOf(connection);
                        turn = found instanceof SqliteDialect
                                ? new SqliteTurn(SqliteFile.of(connection).path())
                                : WriteTurn.NONE;
                        if (!connection.getAutoCommit()) {
                            connection.rollback();
                        }
                    }
                    return new JdbcLedger(store(found, turn, deadline), settings);
                } catch (SQLException e) {
                    // While others open, close or make the same file, SQLite does not always wait for them.
                    boolean again = found.trouble(e, Phase.ACQUIRE, prefix) == Trouble.TRANSIENT
                            && !deadline.expired()
                            && !Thread.currentThread().isInterrupted();
                    if (!again) {
                        throw new SchemaException(
                                "the database" + name() + " cannot be opened: "
                                        + (found.hint(e).isEmpty() ? "" : found.hint(e) + " ") + "(" + e.getMessage()
                                        + ")",
                                e);
                    }
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }

        private JdbcStore store(Dialect found, WriteTurn turn, Deadline deadline) throws SQLException {
            Connections connections = url == null
                    ? new PooledConnections(Objects.requireNonNull(dataSource), found)
                    : new KeptConnections(url, found);
            boolean right = false;
            try {
                Names names = checkSchema(found, connections, turn, deadline);
                right = true;
                return new JdbcStore(connections, found, names, turn);
            } finally {
                if (!right) {
                    turn.close();
                    connections.close();
                }
            }
        }

        private Dialect dialectOf(Connection connection) throws SQLException {
            DatabaseMetaData database = connection.getMetaData();
            String product = database.getDatabaseProductName();
            List<Dialect> known = dialect == null ? DIALECTS : List.of(dialect);
            for (Dialect candidate : known) {
                if (candidate.product().equals(product)) {
                    checkVersion(candidate.oldest(), database);
                    return dialect == null ? candidate.on(connection) : candidate;
                }
            }
            String names = known.stream().map(Dialect::product).collect(Collectors.joining(", "));
            throw new SchemaException(
                    dialect == null
                            ? "the database " + product + " is not known to this library; it knows " + names
                            : "the dialect that was handed in is for " + names + ", the database is " + product,
                    null);
        }

        private static void checkVersion(Dialect.Oldest oldest, DatabaseMetaData database) throws SQLException {
            int major = database.getDatabaseMajorVersion();
            int minor = database.getDatabaseMinorVersion();
            if (major < oldest.major() || (major == oldest.major() && minor < oldest.minor())) {
                throw new SchemaException(
                        database.getDatabaseProductName() + " " + database.getDatabaseProductVersion()
                                + " is too old, this library needs " + oldest.major() + "." + oldest.minor()
                                + " or later: " + oldest.because(),
                        null);
            }
        }

        private Connection connect() throws SQLException {
            return dataSource == null
                    ? DriverManager.getConnection(Objects.requireNonNull(url))
                    : dataSource.getConnection();
        }

        private Names checkSchema(Dialect found, Connections connections, WriteTurn turn, Deadline deadline)
                throws SQLException {
            Schema schema = new Schema(found, this.schema, prefix);
            WriteTurn.Pass pass = upgradeSchema ? enter(turn, deadline) : () -> {};
            try {
                Connections.Lease lease = connections.take(deadline);
                try {
                    found.checkDatabase(lease.connection());
                    if (createSchema) {
                        schema.createIfAbsent(lease.connection(), deadline);
                    }
                    if (upgradeSchema) {
                        schema.upgrade(lease.connection(), deadline);
                    }
                    Names names = schema.check(lease.connection());
                    checkDurable(found.weaknesses(lease.connection()));
                    return names;
                } finally {
                    connections.giveBack(lease);
                }
            } finally {
                pass.close();
            }
        }

        private static WriteTurn.Pass enter(WriteTurn turn, Deadline deadline) {
            try {
                return turn.enter(deadline);
            } catch (StoreException e) {
                throw new SchemaException("the tables were not upgraded: " + e.getMessage(), e);
            }
        }

        private void checkDurable(List<String> weaknesses) {
            if (weaknesses.isEmpty()) {
                return;
            }
            String message = "the database may lose commits that it has acknowledged: " + String.join(", ", weaknesses);
            if (requireDurable) {
                throw new SchemaException(message, null);
            }
            LOG.warn(message);
        }

        /** Without its parameters, one of which may be a secret. */
        private String name() {
            return url == null ? "" : " " + url.substring(SQLITE.length()).replaceFirst("\\?.*", "");
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
