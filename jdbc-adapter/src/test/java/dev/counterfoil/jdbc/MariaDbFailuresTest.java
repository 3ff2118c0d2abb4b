package dev.counterfoil.jdbc;

import static dev.counterfoil.spi.StoreException.Trouble.ONE_REQUEST;
import static dev.counterfoil.spi.StoreException.Trouble.PERMANENT;
import static dev.counterfoil.spi.StoreException.Trouble.TRANSIENT;
import static dev.counterfoil.spi.StoreException.Trouble.UNKNOWN;

import dev.counterfoil.Fate;
import dev.counterfoil.jdbc.dialect.Dialect;
import dev.counterfoil.jdbc.dialect.MariaDbDialect;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The failures of a real MariaDB, which is shut down and comes back on the way. */
class MariaDbFailuresTest extends FailuresContract {
    private MariaDbServer server;
    private final List<SQLException> down = new ArrayList<>();
    private String database;

    @Override
    void begin() {
        server = MariaDbServer.get();
        database = server.newDatabase();
    }

    @Override
    void opened() {
        server.run("CREATE OR REPLACE USER app IDENTIFIED BY 'right'");
        server.run("GRANT ALL ON " + database + ".* TO app");
    }

    @Override
    Dialect dialect() {
        return new MariaDbDialect();
    }

    @Override
    String url() {
        return server.url(database, "");
    }

    @Override
    String usersUrl() {
        return as("app", "right");
    }

    private String as(String user, String password) {
        return url().replace("user=root", "user=" + user + "&password=" + password);
    }

    @Override
    Stream<Failure> failures() {
        return Stream.of(
                new Failure("deadlock", this::deadlock, "40001/1213", TRANSIENT, TRANSIENT, TRANSIENT),
                new Failure(
                        "conflict with the snapshot",
                        this::staleSnapshot,
                        "HY000/1020",
                        TRANSIENT,
                        TRANSIENT,
                        TRANSIENT),
                new Failure(
                        "lock time-out",
                        () -> lockTimeout("SET SESSION innodb_lock_wait_timeout = 1"),
                        "HY000/1205",
                        TRANSIENT,
                        TRANSIENT,
                        TRANSIENT),
                new Failure(
                        "statement time-out",
                        () -> lockTimeout("SET SESSION max_statement_time = 0.05"),
                        "70100/1969",
                        TRANSIENT,
                        TRANSIENT,
                        UNKNOWN),
                new Failure(
                        "duplicate of our index", this::duplicateOfOurs, "23000/1062", TRANSIENT, TRANSIENT, UNKNOWN),
                new Failure(
                        "duplicate of another table",
                        this::duplicateOfTheirs,
                        "23000/1062",
                        ONE_REQUEST,
                        ONE_REQUEST,
                        UNKNOWN),
                new Failure(
                        "duplicate of a user's index on our table, of a value that looks like a name of ours",
                        this::usersIndex,
                        "23000/1062",
                        ONE_REQUEST,
                        ONE_REQUEST,
                        UNKNOWN),
                new Failure(
                        "killed session", this::killedSession, "08000/-1|70100/1927", TRANSIENT, TRANSIENT, UNKNOWN),
                new Failure(
                        "server shut down",
                        () -> down().get(0),
                        "08000/-1|08S01/.*|70100/1927",
                        TRANSIENT,
                        TRANSIENT,
                        UNKNOWN),
                new Failure("server that is not there", () -> down().get(1), "08000/.*", TRANSIENT, TRANSIENT, UNKNOWN),
                new Failure(
                        "read-only transaction",
                        () -> rolledBack("SET TRANSACTION READ ONLY", "START TRANSACTION", change(1)),
                        "25006/1792",
                        PERMANENT,
                        PERMANENT,
                        UNKNOWN),
                new Failure("read-only server", this::readOnly, "HY000/1290", PERMANENT, PERMANENT, UNKNOWN),
                new Failure(
                        "too many connections of a user",
                        this::userIsFull,
                        "42000/1226",
                        TRANSIENT,
                        PERMANENT,
                        UNKNOWN),
                new Failure("too many connections", this::serverIsFull, "08004/1040", TRANSIENT, TRANSIENT, UNKNOWN),
                new Failure(
                        "wrong password",
                        () -> refused(as("app", "wrong")),
                        "28000/1045",
                        PERMANENT,
                        PERMANENT,
                        UNKNOWN),
                new Failure(
                        "unknown database",
                        () -> refused(server.url("nowhere", "")),
                        "42000/1049",
                        PERMANENT,
                        PERMANENT,
                        UNKNOWN),
                new Failure("missing right", this::missingRight, "42000/1142", PERMANENT, PERMANENT, UNKNOWN));
    }

    private SQLException staleSnapshot() throws SQLException {
        try (Connection one = connect();
                Connection two = connect()) {
            run(
                    one,
                    "SET SESSION innodb_snapshot_isolation = ON",
                    "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
                    "SELECT * FROM counterfoil_cell");
            run(two, change(1));
            two.commit();
            SQLException failure = failing(one, lock(1));
            one.rollback();
            return failure;
        }
    }

    private SQLException usersIndex() {
        server.run("CREATE UNIQUE INDEX users_own ON " + database + ".counterfoil_decision (reverses_key)");
        try {
            return failingOnce("INSERT INTO counterfoil_decision (id, namespace, scope, `key`, fingerprint_version,"
                    + " fingerprint, outcome, balanced, recorded_at, reverses_key) SELECT -id - n, namespace, scope, n, 1, '',"
                    + " 'APPLIED', 0, recorded_at, 'counterfoil_decision_key' FROM counterfoil_decision,"
                    + " (SELECT 1000000000 AS n UNION SELECT 2000000000) twice WHERE `key` = 'till-open'");
        } finally {
            server.run("DROP INDEX users_own ON " + database + ".counterfoil_decision");
        }
    }

    private SQLException failingOnce(String sql) {
        try {
            return rolledBack(sql);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private SQLException killedSession() throws SQLException {
        try (Connection one = connect()) {
            run(one, lock(1));
            server.run("KILL " + new PlainSql(one).one("SELECT CONNECTION_ID()"));
            return failing(one, "SELECT 1");
        }
    }

    /** Shuts it down: what somebody with a connection is told, and who wants one then. */
    private void stop() throws SQLException {
        try (Connection one = connect()) {
            run(one, change(1));
            server.stop();
            down.add(failing(one, "SELECT 1"));
            down.add(refused(url()));
        }
    }

    /** Of the last time, because it is slow. */
    private List<SQLException> down() throws SQLException {
        if (down.isEmpty()) {
            stop();
            server.restart();
        }
        return down;
    }

    private SQLException readOnly() throws SQLException {
        server.run("SET GLOBAL read_only = 1");
        try {
            return failingAsUser(change(1));
        } finally {
            server.run("SET GLOBAL read_only = 0");
        }
    }

    private SQLException failingAsUser(String sql) throws SQLException {
        try (Connection one = DriverManager.getConnection(usersUrl())) {
            return failing(one, sql);
        }
    }

    private SQLException missingRight() throws SQLException {
        server.run("CREATE OR REPLACE USER guest IDENTIFIED BY 'x'");
        server.run("GRANT SELECT ON " + database + ".* TO guest");
        try (Connection one = DriverManager.getConnection(as("guest", "x"))) {
            return failing(one, change(1));
        }
    }

    private SQLException userIsFull() throws SQLException {
        server.run("ALTER USER app WITH MAX_USER_CONNECTIONS 1");
        try (Connection one = DriverManager.getConnection(usersUrl())) {
            run(one, "SELECT 1");
            return refused(usersUrl());
        } finally {
            server.run("ALTER USER app WITH MAX_USER_CONNECTIONS 0");
        }
    }

    private SQLException serverIsFull() throws SQLException {
        List<Connection> all = new ArrayList<>();
        server.run("SET GLOBAL max_connections = 10");
        try {
            while (true) {
                all.add(DriverManager.getConnection(usersUrl()));
            }
        } catch (SQLException full) {
            return full;
        } finally {
            for (Connection each : all) {
                each.close();
            }
            server.run("SET GLOBAL max_connections = DEFAULT");
        }
    }

    @Override
    Stream<Trial> trials() {
        return Stream.of(
                new Trial("killed sessions", null, pool -> server.run("KILL USER app"), pool -> {}),
                new Trial("server shut down", Fate.NOT_APPLIED, pool -> stop(), pool -> server.restart()),
                new Trial(
                        "login refused",
                        Fate.NOT_APPLIED,
                        pool -> {
                            server.run("ALTER USER app ACCOUNT LOCK");
                            pool.getHikariPoolMXBean().softEvictConnections();
                        },
                        pool -> server.run("ALTER USER app ACCOUNT UNLOCK")),
                new Trial(
                        "read-only server",
                        Fate.NOT_APPLIED,
                        pool -> server.run("SET GLOBAL read_only = 1"),
                        pool -> server.run("SET GLOBAL read_only = 0")));
    }
}
