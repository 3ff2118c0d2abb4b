package dev.counterfoil.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A database in which a caller's own table, the outbox, lies beside the ledger's, and what differs between databases. */
enum JoinedBooks {
    SQLITE(
            Connection.TRANSACTION_SERIALIZABLE,
            "SELECT timeout || ' ' || synchronous FROM pragma_busy_timeout, pragma_synchronous",
            "PRAGMA busy_timeout = 1234",
            ""),
    POSTGRESQL(
            Connection.TRANSACTION_READ_COMMITTED,
            "SELECT current_setting('lock_timeout') || ' ' || current_setting('statement_timeout')",
            "SET lock_timeout = 1234",
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                    + " AND cardinality(pg_blocking_pids(pid)) > 0"),
    MARIADB(
            Connection.TRANSACTION_READ_COMMITTED,
            "SELECT CONCAT(@@SESSION.innodb_lock_wait_timeout, ' ', @@SESSION.sql_mode, ' ', @@SESSION.lock_wait_timeout)",
            "SET SESSION innodb_lock_wait_timeout = 12, sql_mode = 'ANSI_QUOTES'",
            "SELECT count(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'"),
    H2(
            Connection.TRANSACTION_READ_COMMITTED,
            "SELECT LOCK_TIMEOUT()",
            "SET LOCK_TIMEOUT 1234",
            "SELECT count(*) FROM INFORMATION_SCHEMA.SESSIONS WHERE BLOCKER_ID IS NOT NULL"
                    // It names nobody whom an insert waits for.
                    + " OR EXECUTING_STATEMENT LIKE 'INSERT INTO %'");

    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final int isolation;
    private final String settings;
    private final String otherSettings;
    private final String blocked;

    JoinedBooks(int isolation, String settings, String otherSettings, String blocked) {
        this.isolation = isolation;
        this.settings = settings;
        this.otherSettings = otherSettings;
        this.blocked = blocked;
    }

    /** A pool of connections to a new database with an outbox; the caller closes it. */
    HikariDataSource open(Path directory) throws SQLException {
        HikariDataSource pool =
                switch (this) {
                    case SQLITE -> pool("jdbc:sqlite:" + directory.resolve("books.db"));
                    case POSTGRESQL -> postgres();
                    case MARIADB -> MariaDbServer.get().pool(MariaDbServer.get().newDatabase(), 8, "");
                    case H2 -> pool("jdbc:h2:mem:joined" + NUMBERS.incrementAndGet() + ";DB_CLOSE_DELAY=-1");
                };
        try (PlainSql sql = new PlainSql(pool.getConnection())) {
            sql.run("CREATE TABLE outbox (message varchar(60) PRIMARY KEY)");
        }
        return pool;
    }

    /** Deadlocks are reported at once. */
    private static HikariDataSource postgres() throws SQLException {
        PostgresServer server = PostgresServer.get();
        String database = server.newDatabase();
        try (PlainSql sql = server.sql(database)) {
            sql.run("ALTER DATABASE " + database + " SET deadlock_timeout = '20ms'");
        }
        return server.pool(database, 8);
    }

    private static HikariDataSource pool(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(8);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(Duration.ofSeconds(20).toMillis());
        return new HikariDataSource(config);
    }

    /** A connection in a transaction that a ledger can join. */
    Connection begin(HikariDataSource pool) throws SQLException {
        Connection connection = pool.getConnection();
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(isolation);
        return connection;
    }

    static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static String one(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    /** The settings of a session that a step may change for itself. */
    String settings(Connection connection) throws SQLException {
        return one(connection, settings);
    }

    /** Gives a session settings that nobody has by default. */
    void otherSettings(Connection connection) throws SQLException {
        run(connection, otherSettings);
    }

    /** Waits until a call waits for a lock of somebody else. */
    void awaitBlocked(HikariDataSource pool, Future<?> call) throws Exception {
        try (PlainSql sql = new PlainSql(pool.getConnection())) {
            Calls.until("somebody waits for a lock", () -> {
                if (call.isDone()) {
                    throw new AssertionError("did not wait: " + call.get());
                }
                // MariaDB renews its answer only when it was not asked for a tenth of a second.
                LockSupport.parkNanos(this == MARIADB ? Duration.ofMillis(110).toNanos() : 0);
                return sql.count(blocked) > 0;
            });
        }
    }
}
