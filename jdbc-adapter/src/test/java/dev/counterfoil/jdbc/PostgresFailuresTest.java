package dev.counterfoil.jdbc;

import static dev.counterfoil.spi.StoreException.Trouble.ONE_REQUEST;
import static dev.counterfoil.spi.StoreException.Trouble.PERMANENT;
import static dev.counterfoil.spi.StoreException.Trouble.TRANSIENT;
import static dev.counterfoil.spi.StoreException.Trouble.UNKNOWN;

import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.Fate;
import dev.counterfoil.jdbc.dialect.Dialect;
import dev.counterfoil.jdbc.dialect.PostgresDialect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The failures of a real PostgreSQL: one of its own, because it is shut down, too. */
class PostgresFailuresTest extends FailuresContract {
    private KillablePostgres killable;
    private final List<SQLException> down = new ArrayList<>();
    private String database;

    @Override
    void begin() throws Exception {
        killable = new KillablePostgres();
        database = killable.server().newDatabase();
        Path rules = killable.server().data().resolve("pg_hba.conf");
        Files.writeString(rules, "host all pin all scram-sha-256\n" + Files.readString(rules));
        operator("CREATE ROLE pin LOGIN PASSWORD 'right'", "CREATE ROLE app LOGIN", "SELECT pg_reload_conf()");
    }

    @Override
    void opened() throws Exception {
        operator(
                "GRANT ALL ON ALL TABLES IN SCHEMA public TO app",
                "GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO app");
    }

    @Override
    void end() {
        killable.close();
    }

    @Override
    Dialect dialect() {
        return new PostgresDialect();
    }

    @Override
    String url() {
        return killable.server().url(database);
    }

    @Override
    String usersUrl() {
        return as("app");
    }

    private String as(String user) {
        return url().replace("user=postgres", "user=" + user);
    }

    private void operator(String... statements) throws SQLException {
        try (PlainSql sql = new PlainSql(url())) {
            sql.run(statements);
        }
    }

    @Override
    Stream<Failure> failures() {
        return Stream.of(
                new Failure("deadlock", this::deadlock, "40P01/0", TRANSIENT, TRANSIENT, TRANSIENT),
                new Failure("serialization failure", this::serialization, "40001/0", TRANSIENT, TRANSIENT, TRANSIENT),
                new Failure(
                        "serialization failure at COMMIT",
                        this::serializationAtCommit,
                        "40001/0",
                        TRANSIENT,
                        TRANSIENT,
                        TRANSIENT),
                new Failure(
                        "lock time-out",
                        () -> lockTimeout("SET LOCAL lock_timeout = 50"),
                        "55P03/0",
                        TRANSIENT,
                        TRANSIENT,
                        TRANSIENT),
                new Failure(
                        "statement time-out",
                        () -> lockTimeout("SET LOCAL statement_timeout = 50"),
                        "57014/0",
                        TRANSIENT,
                        TRANSIENT,
                        UNKNOWN),
                new Failure("duplicate of our index", this::duplicateOfOurs, "23505/0", TRANSIENT, TRANSIENT, UNKNOWN),
                new Failure(
                        "duplicate of another table",
                        this::duplicateOfTheirs,
                        "23505/0",
                        ONE_REQUEST,
                        ONE_REQUEST,
                        UNKNOWN),
                new Failure(
                        "duplicate of a user's index on our table",
                        () -> rolledBack(
                                "CREATE UNIQUE INDEX users_own ON counterfoil_cell (kind) WHERE account_id < '1'",
                                "UPDATE counterfoil_cell SET account_id = '00'" + at(1)),
                        "23505/0",
                        ONE_REQUEST,
                        ONE_REQUEST,
                        UNKNOWN),
                new Failure(
                        "statement behind a failed one",
                        this::behindAFailedStatement,
                        "25P02/0",
                        PERMANENT,
                        PERMANENT,
                        UNKNOWN),
                new Failure("killed session", this::killedSession, "57P01/0", TRANSIENT, TRANSIENT, UNKNOWN),
                new Failure("session idle for too long", this::idleSession, "25P03/0", TRANSIENT, TRANSIENT, UNKNOWN),
                new Failure("server shut down", () -> down().get(0), "57P01/0", TRANSIENT, TRANSIENT, UNKNOWN),
                new Failure("server that is not there", () -> down().get(1), "08001/0", TRANSIENT, TRANSIENT, UNKNOWN),
                new Failure(
                        "read-only server",
                        () -> rolledBack("SET TRANSACTION READ ONLY", change(1)),
                        "25006/0",
                        PERMANENT,
                        PERMANENT,
                        UNKNOWN),
                new Failure(
                        "too many connections of a role", this::roleIsFull, "53300/0", TRANSIENT, PERMANENT, UNKNOWN),
                new Failure("too many connections", this::serverIsFull, "53300/0", TRANSIENT, PERMANENT, UNKNOWN),
                new Failure("unknown role", () -> refused(as("nobody")), "28000/0", PERMANENT, PERMANENT, UNKNOWN),
                new Failure(
                        "wrong password",
                        () -> refused(as("pin") + "&password=wrong"),
                        "28P01/0",
                        PERMANENT,
                        PERMANENT,
                        UNKNOWN),
                new Failure(
                        "unknown database",
                        () -> refused(killable.server().url("nowhere")),
                        "3D000/0",
                        PERMANENT,
                        PERMANENT,
                        UNKNOWN),
                new Failure(
                        "missing right",
                        () -> refusedRight("DELETE FROM pg_authid"),
                        "42501/0",
                        PERMANENT,
                        PERMANENT,
                        UNKNOWN));
    }

    private SQLException serialization() throws SQLException {
        try (Connection one = connect();
                Connection two = connect()) {
            run(one, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", "SELECT * FROM counterfoil_cell");
            run(two, change(1));
            two.commit();
            SQLException failure = failing(one, change(1));
            one.rollback();
            return failure;
        }
    }

    /** Two who each read what the other writes: the second is told so by its COMMIT. */
    private SQLException serializationAtCommit() throws SQLException {
        try (Connection one = connect();
                Connection two = connect()) {
            for (Connection each : List.of(one, two)) {
                run(each, "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", "SELECT sum(touch) FROM counterfoil_cell");
            }
            run(one, change(1));
            run(two, change(2));
            one.commit();
            return org.assertj.core.api.Assertions.catchThrowableOfType(SQLException.class, two::commit);
        }
    }

    private SQLException behindAFailedStatement() throws SQLException {
        try (Connection one = connect()) {
            failing(one, "SELECT 1 / 0");
            SQLException failure = failing(one, "SELECT 1");
            one.rollback();
            return failure;
        }
    }

    private SQLException killedSession() throws SQLException {
        try (Connection one = connect()) {
            PlainSql session = new PlainSql(one);
            String pid = session.one("SELECT pg_backend_pid()");
            operator("SELECT pg_terminate_backend(" + pid + ", 60000)");
            return failing(one, "SELECT 1");
        }
    }

    private SQLException idleSession() throws Exception {
        try (Connection one = connect()) {
            String pid = new PlainSql(one).one("SELECT pg_backend_pid()");
            run(one, "SET LOCAL idle_in_transaction_session_timeout = 50");
            try (PlainSql operator = new PlainSql(url())) {
                Calls.until(
                        "its end",
                        () -> operator.rows("SELECT 1 FROM pg_stat_activity WHERE pid = " + pid)
                                .isEmpty());
            }
            return failing(one, "SELECT 1");
        }
    }

    /** What somebody with a connection is told when the server is shut down, and who wants one then: in one go, it is slow. */
    private List<SQLException> down() throws SQLException {
        if (down.isEmpty()) {
            try (Connection one = connect()) {
                run(one, change(1));
                killable.stop();
                down.add(failing(one, "SELECT 1"));
                down.add(refused(url()));
            } finally {
                killable.start();
            }
        }
        return down;
    }

    private SQLException roleIsFull() throws SQLException {
        operator("ALTER ROLE app CONNECTION LIMIT 0");
        try {
            return refused(usersUrl());
        } finally {
            operator("ALTER ROLE app CONNECTION LIMIT -1");
        }
    }

    private SQLException serverIsFull() throws SQLException {
        List<Connection> all = new ArrayList<>();
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
        }
    }

    private SQLException refusedRight(String sql) throws SQLException {
        try (Connection one = DriverManager.getConnection(usersUrl())) {
            return failing(one, sql);
        }
    }

    @Override
    Stream<Trial> trials() {
        return Stream.of(
                new Trial("killed sessions", null, pool -> killSessions(), pool -> {}),
                new Trial("server shut down", Fate.NOT_APPLIED, pool -> killable.stop(), pool -> killable.start()),
                new Trial(
                        "server shut down and back",
                        null,
                        pool -> {
                            killable.stop();
                            killable.start();
                        },
                        pool -> {}),
                new Trial(
                        "too many connections",
                        Fate.NOT_APPLIED,
                        pool -> whileNew(pool, "ALTER ROLE app CONNECTION LIMIT 0"),
                        pool -> operator("ALTER ROLE app CONNECTION LIMIT -1")),
                new Trial(
                        "login refused",
                        Fate.NOT_APPLIED,
                        pool -> whileNew(pool, "ALTER ROLE app NOLOGIN"),
                        pool -> operator("ALTER ROLE app LOGIN")),
                new Trial(
                        "right taken away",
                        Fate.NOT_APPLIED,
                        pool -> operator("REVOKE INSERT ON counterfoil_entry FROM app"),
                        pool -> operator("GRANT INSERT ON counterfoil_entry TO app")),
                new Trial("read-only server", Fate.NOT_APPLIED, pool -> readOnly("on"), pool -> readOnly("off")));
    }

    private void killSessions() throws SQLException {
        operator("SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE usename = 'app'");
    }

    /** For connections that come to be from now on, and all have to. */
    private void whileNew(HikariDataSource pool, String sql) throws SQLException {
        operator(sql);
        pool.getHikariPoolMXBean().softEvictConnections();
    }

    private void readOnly(String value) throws Exception {
        operator("ALTER SYSTEM SET default_transaction_read_only = " + value, "SELECT pg_reload_conf()");
        try (Connection probe = DriverManager.getConnection(usersUrl())) {
            PlainSql session = new PlainSql(probe);
            Calls.until(
                    "the setting",
                    () -> session.one("SHOW default_transaction_read_only").equals(value));
        }
    }
}
