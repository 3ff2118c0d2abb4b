package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** A new {@link Till} in a schema of its own on a PostgreSQL, ledgers on it, and its operator's view of it. */
final class PostgresTill implements AutoCloseable {
    /** What the operator sees of the other clients of these books. */
    static final String OTHERS = " FROM pg_stat_activity WHERE application_name = current_setting('application_name')"
            + " AND pid <> pg_backend_pid() AND backend_type = 'client backend'";

    private static final AtomicInteger SCHEMAS = new AtomicInteger();

    private final List<HikariDataSource> pools = new ArrayList<>();
    private final PlainSql sql;
    private String url;

    /** One database for all: to make one is slow, and so is the end of a server that has many. */
    private static final class Shared {
        private static final String DATABASE = PostgresServer.get().newDatabase();
    }

    PostgresTill() throws SQLException {
        this(PostgresServer.get(), Shared.DATABASE);
    }

    PostgresTill(PostgresServer server, String database) throws SQLException {
        String schema = "books_" + SCHEMAS.incrementAndGet();
        // The name of the application, so that its sessions are told from others.
        url = server.url(database) + "&currentSchema=" + schema + "&ApplicationName=" + schema;
        sql = new PlainSql(connect());
        sql.run("CREATE SCHEMA " + schema);
        try (HikariDataSource pool = pool(1);
                JdbcLedger ledger = JdbcLedger.builder(pool).createSchema().build()) {
            Till.apply(ledger, Till.opening());
        }
    }

    PlainSql sql() {
        return sql;
    }

    /** A connection that nobody shares; the caller closes it. */
    Connection connect() throws SQLException {
        return DriverManager.getConnection(url);
    }

    HikariConfig poolConfig(int size) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(0);
        return config;
    }

    HikariDataSource pool(int size) {
        HikariDataSource pool = new HikariDataSource(poolConfig(size));
        pools.add(pool);
        return pool;
    }

    /** Later sessions commit without waiting for the disk: for tests of many commits that are not about durability. */
    void commitWithoutWaiting() {
        url += "&options=-c%20synchronous_commit=off";
    }

    /** A ledger with a pool of its own, as another process would have; what lies between, the nearest to the ledger first. */
    JdbcLedger ledger(Duration timeout, Between... between) {
        DataSource way = pool(4);
        for (int i = between.length - 1; i >= 0; i--) {
            way = between[i].on(way);
        }
        return JdbcLedger.builder(way).timeout(timeout).build();
    }

    JdbcLedger ledger(Between... between) {
        return ledger(Duration.ofSeconds(30), between);
    }

    /** Waits until as many sessions of this database wait for something of a kind, such as Lock, or for one such thing. */
    void awaitWaiting(String event, int sessions) throws Exception {
        Calls.until(
                sessions + " sessions that wait for " + event,
                () -> sql.count("SELECT count(*)" + OTHERS + " AND ? IN (wait_event_type, wait_event)", event)
                        == sessions);
    }

    /** Nothing lost, nothing half done, nothing twice, as plain SQL sees it. */
    void assertSound() throws SQLException {
        assertThat(new BigDecimal(sql.one("SELECT sum(amount) FROM counterfoil_cell")))
                .isEqualByComparingTo(Till.SIZE + "00.00");
        assertThat(sql.rows("SELECT c.account_id, c.amount, c.version, sum(e.delta), max(e.sequence), count(e.*)"
                        + " FROM counterfoil_cell c LEFT JOIN counterfoil_entry e ON e.cell_id = c.id"
                        + " GROUP BY c.id HAVING c.amount <> sum(e.delta) OR c.version <> count(e.*)"
                        + " OR c.version <> max(e.sequence)"))
                .as("cells that are not the fold of their entries")
                .isEmpty();
        assertThat(sql.rows("SELECT coalesce(d.key, '?'), e.decision_id, count(*) FROM counterfoil_entry e"
                        + " LEFT JOIN counterfoil_decision d ON d.id = e.decision_id AND d.outcome = 'APPLIED'"
                        + " GROUP BY d.id, 1, 2"
                        + " HAVING d.id IS NULL OR count(*) <> json_array_length(d.detail::json -> 'entries')"))
                .as("entries that their decision does not have")
                .isEmpty();
    }

    /** Ends all sessions of ledgers. */
    void closePools() {
        pools.forEach(HikariDataSource::close);
    }

    @Override
    public void close() throws SQLException {
        sql.close();
        closePools();
    }
}
