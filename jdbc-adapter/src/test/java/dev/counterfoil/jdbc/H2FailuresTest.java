package dev.counterfoil.jdbc;

import static dev.counterfoil.spi.StoreException.Trouble.ONE_REQUEST;
import static dev.counterfoil.spi.StoreException.Trouble.PERMANENT;
import static dev.counterfoil.spi.StoreException.Trouble.TRANSIENT;
import static dev.counterfoil.spi.StoreException.Trouble.UNKNOWN;

import dev.counterfoil.Fate;
import dev.counterfoil.jdbc.dialect.Dialect;
import dev.counterfoil.jdbc.dialect.H2Dialect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.stream.Stream;
import org.h2.tools.Server;
import org.junit.jupiter.api.io.TempDir;

/** The failures of a real H2, on a server of its own, which is stopped, too. */
class H2FailuresTest extends FailuresContract {
    @TempDir
    static Path directory;

    private Server server;

    @Override
    void begin() throws SQLException {
        server = Server.createTcpServer("-tcpPort", "0", "-ifNotExists", "-baseDir", directory.toString())
                .start();
    }

    @Override
    void opened() throws SQLException {
        operator("CREATE USER app PASSWORD 'right'", "GRANT ALL ON SCHEMA PUBLIC TO app");
    }

    @Override
    void end() {
        server.stop();
    }

    @Override
    Dialect dialect() {
        return new H2Dialect();
    }

    @Override
    String url() {
        return "jdbc:h2:tcp://127.0.0.1:" + server.getPort() + "/./books;USER=sa";
    }

    @Override
    String usersUrl() {
        return as("app", "right");
    }

    private String as(String user, String password) {
        return url().replace("USER=sa", "USER=" + user + ";PASSWORD=" + password);
    }

    private void operator(String... statements) throws SQLException {
        try (PlainSql sql = new PlainSql(url())) {
            sql.run(statements);
        }
    }

    @Override
    Stream<Failure> failures() {
        return Stream.of(
                new Failure("deadlock", this::deadlock, "40001/40001|HYT00/50200", TRANSIENT, TRANSIENT, TRANSIENT),
                new Failure(
                        "serialization failure", this::serialization, "40001/40001", TRANSIENT, TRANSIENT, TRANSIENT),
                new Failure(
                        "lock time-out",
                        () -> lockTimeout("SET LOCK_TIMEOUT 50"),
                        "HYT00/50200",
                        TRANSIENT,
                        TRANSIENT,
                        TRANSIENT),
                new Failure("statement time-out", this::statementTimeout, "57014/57014", TRANSIENT, TRANSIENT, UNKNOWN),
                new Failure(
                        "duplicate of our index", this::duplicateOfOurs, "23505/23505", TRANSIENT, TRANSIENT, UNKNOWN),
                new Failure(
                        "duplicate of another table",
                        this::duplicateOfTheirs,
                        "23505/23505",
                        ONE_REQUEST,
                        ONE_REQUEST,
                        UNKNOWN),
                new Failure(
                        "duplicate of a user's index on our table",
                        this::usersIndex,
                        "23505/23505",
                        ONE_REQUEST,
                        ONE_REQUEST,
                        UNKNOWN),
                new Failure("killed session", this::killedSession, "90067/90067", TRANSIENT, TRANSIENT, UNKNOWN),
                new Failure("database shut down", this::shutDown, "90067/90067", TRANSIENT, TRANSIENT, UNKNOWN),
                new Failure("server stopped", this::stopped, "90067/90067", TRANSIENT, TRANSIENT, UNKNOWN),
                new Failure("read-only file", this::readOnly, "90097/90097", PERMANENT, PERMANENT, UNKNOWN),
                new Failure("exclusive mode", this::exclusive, "90135/90135", PERMANENT, PERMANENT, UNKNOWN),
                new Failure(
                        "unknown user", () -> refused(as("nobody", "x")), "28000/28000", PERMANENT, PERMANENT, UNKNOWN),
                new Failure(
                        "wrong password",
                        () -> refused(as("app", "wrong")),
                        "28000/28000",
                        PERMANENT,
                        PERMANENT,
                        UNKNOWN),
                new Failure("missing right", this::missingRight, "90096/90096", PERMANENT, PERMANENT, UNKNOWN));
    }

    private SQLException serialization() throws SQLException {
        try (Connection one = connect();
                Connection two = connect()) {
            one.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            run(one, "SELECT * FROM counterfoil_cell");
            run(two, change(1));
            two.commit();
            SQLException failure = failing(one, change(1));
            one.rollback();
            return failure;
        }
    }

    private SQLException statementTimeout() throws SQLException {
        return rolledBack("SET QUERY_TIMEOUT 20", "SELECT count(*) FROM SYSTEM_RANGE(1, 1000000000) WHERE X % 7 = 3");
    }

    private SQLException usersIndex() throws SQLException {
        operator("CREATE UNIQUE INDEX users_own ON counterfoil_decision (metadata)");
        try {
            return rolledBack(
                    "UPDATE counterfoil_decision SET metadata = 'm' WHERE \"KEY\" = 'till-open'",
                    "INSERT INTO counterfoil_decision (id, namespace, scope, \"KEY\", fingerprint_version, fingerprint,"
                            + " outcome, balanced, recorded_at, metadata) SELECT -id, namespace, scope, 'x',"
                            + " 1, '', 'APPLIED', 0, recorded_at, 'm' FROM counterfoil_decision WHERE \"KEY\" = 'till-open'");
        } finally {
            operator("DROP INDEX users_own");
        }
    }

    private SQLException killedSession() throws SQLException {
        try (Connection one = connect()) {
            String id = new PlainSql(one).one("SELECT SESSION_ID()");
            operator("CALL ABORT_SESSION(" + id + ")");
            return failing(one, "SELECT 1");
        }
    }

    private SQLException shutDown() throws SQLException {
        // Not closed here: there is nothing left to close.
        Connection one = connect();
        run(one, lock(1));
        operator("SHUTDOWN");
        return failing(one, "SELECT 1");
    }

    private SQLException stopped() throws SQLException {
        String there = url();
        server.stop();
        SQLException failure = refused(there);
        startAgain();
        return failure;
    }

    private void startAgain() throws SQLException {
        server = Server.createTcpServer(
                        "-tcpPort",
                        Integer.toString(server.getPort()),
                        "-ifNotExists",
                        "-baseDir",
                        directory.toString())
                .start();
    }

    private SQLException readOnly() throws Exception {
        Path file = Files.createDirectories(directory.resolve("read")).resolve("only");
        try (Connection writer = DriverManager.getConnection("jdbc:h2:" + file)) {
            run(writer, "CREATE TABLE t (n int)");
        }
        try (Connection reader = DriverManager.getConnection("jdbc:h2:" + file + ";ACCESS_MODE_DATA=r")) {
            return failing(reader, "INSERT INTO t VALUES (1)");
        }
    }

    private SQLException exclusive() throws SQLException {
        try (Connection one = connect()) {
            run(one, "SET EXCLUSIVE 1");
            SQLException failure = refused(url());
            run(one, "SET EXCLUSIVE 0");
            return failure;
        }
    }

    private SQLException missingRight() throws SQLException {
        operator("CREATE USER IF NOT EXISTS guest PASSWORD 'x'");
        try (Connection one = DriverManager.getConnection(as("guest", "x"))) {
            return failing(one, change(1));
        }
    }

    @Override
    Stream<Trial> trials() {
        return Stream.of(
                new Trial("database shut down", null, pool -> operator("SHUTDOWN"), pool -> {}),
                new Trial("server stopped", Fate.NOT_APPLIED, pool -> server.stop(), pool -> startAgain()),
                new Trial(
                        "login refused",
                        Fate.NOT_APPLIED,
                        pool -> {
                            operator("ALTER USER app SET PASSWORD 'other'");
                            pool.getHikariPoolMXBean().softEvictConnections();
                        },
                        pool -> operator("ALTER USER app SET PASSWORD 'right'")),
                new Trial(
                        "right taken away",
                        Fate.NOT_APPLIED,
                        pool -> operator("REVOKE ALL ON SCHEMA PUBLIC FROM app"),
                        pool -> operator("GRANT ALL ON SCHEMA PUBLIC TO app")));
    }
}
