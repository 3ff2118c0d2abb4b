package dev.counterfoil.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.examples.harness.CleanUp;
import dev.counterfoil.examples.harness.EmbeddedPostgresql;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The main job on a server that runs already, in a database with tables of its owner's. */
class OwnServerTest {
    private static final CleanUp CLEAN_UP = new CleanUp();
    private static final String[] CLERK = {"-Ddemo.user=clerk", "-Ddemo.password=secret"};

    /** Names that a careless demo would take, or drop. */
    private static final List<String> TABLES =
            List.of("plain_row", "counterfoil_cell", "counterfoil_demo_00000000_1_cell");

    private static String admin = "";
    private static String shop = "";

    @TempDir
    private Path directory;

    @BeforeAll
    static void startAServerWithAShop() throws Exception {
        admin = EmbeddedPostgresql.start(CLEAN_UP).url();
        shop = admin.replaceFirst("/postgres\\?.*", "/shop");
        execute(
                admin,
                "CREATE ROLE clerk LOGIN PASSWORD 'secret'",
                "CREATE ROLE guest LOGIN PASSWORD 'secret'",
                "CREATE DATABASE shop OWNER clerk");
        askForPasswords();
        for (String table : TABLES) {
            execute(
                    shop + "?user=clerk&password=secret",
                    "CREATE TABLE \"" + table + "\" (name text PRIMARY KEY, content text)",
                    "INSERT INTO \"" + table + "\" VALUES ('a', 'b')");
        }
    }

    /** All but the administrator must say theirs. */
    private static void askForPasswords() throws Exception {
        Path rules = Path.of(query(admin, "SHOW hba_file").get(0));
        Files.writeString(rules, "host all clerk,guest all scram-sha-256\n" + Files.readString(rules));
        execute(admin, "SELECT pg_reload_conf()");
        while (canLogIn("wrong")) {
            Thread.sleep(5);
        }
        assertThat(canLogIn("secret")).isTrue();
    }

    private static boolean canLogIn(String password) {
        String url = admin.replaceFirst("\\?.*", "?user=clerk&password=" + password);
        try (Connection connection = DriverManager.getConnection(url)) {
            return connection.isValid(5);
        } catch (SQLException e) {
            return false;
        }
    }

    @AfterAll
    static void stop() {
        CLEAN_UP.close();
    }

    @Test
    void theScenariosPassThereAndTheDatabaseIsAsBefore() throws Exception {
        List<String> before = everything();
        ChildJava.End end =
                run(ShortScenarios.class, "-Ddemo.url=" + shop, CLERK).end();
        assertThat(end.lines()).last().isEqualTo("scenarios: 8 passed, 0 failed");
        assertThat(end.exitCode()).isZero();
        assertThat(end.lines().get(0)).contains("Store: postgresql;");
        assertThat(end.lines().get(3))
                .startsWith("Tables: counterfoil_demo_")
                .endsWith("dropped at the end; no others are touched");
        assertThat(end.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(110));
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void whereTheUrlAsksForEncryptionTheLinkIsLeftOut() throws Exception {
        ChildJava.End end = run(ShortScenarios.class, "-Ddemo.url=" + shop + "?sslmode=prefer", CLERK)
                .end();
        assertThat(end.lines())
                .anyMatch(line -> line.startsWith("8   Flaky network"))
                .anyMatch(line -> line.contains("not for this server: its"))
                .last()
                .isEqualTo("scenarios: 7 passed, 0 failed");
        assertThat(end.exitCode()).isZero();
    }

    @Test
    void interruptedInTheMiddleOfAScenarioItDropsItsTables() throws Exception {
        List<String> before = everything();
        ChildJava run = run(Scenarios.class, "-Ddemo.url=" + shop, CLERK);
        run.awaitLine("6   Order session");
        assertThat(everything()).hasSizeGreaterThan(before.size() + 30);

        run.interrupt();
        assertThat(everything()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({
        "/shop, clerk, wrong, 'FATAL: password authentication failed for user \"clerk\"'",
        "/shop?password=wrong, clerk, '', 'FATAL: password authentication failed for user \"clerk\"'",
        "/shop, guest, secret, ERROR: permission denied for schema public",
        "/nothing, clerk, secret, 'FATAL: database \"nothing\" does not exist'",
    })
    void aServerThatCannotBeUsedIsRefusedInOneLine(String path, String user, String password, String reason)
            throws Exception {
        String url = shop.replace("/shop", path);
        ChildJava.End end = run(
                        Scenarios.class, "-Ddemo.url=" + url, "-Ddemo.user=" + user, "-Ddemo.password=" + password)
                .end();
        assertThat(end.exitCode()).isEqualTo(2);
        assertThat(end.lines())
                .singleElement()
                .asString()
                .startsWith(url.replaceFirst("\\?.*", "") + " cannot be used: " + reason);
    }

    @Test
    void aServerThatIsNotThereIsRefusedInOneLine() throws Exception {
        int closed;
        try (ServerSocket socket = new ServerSocket(0)) {
            closed = socket.getLocalPort();
        }
        String url = "jdbc:postgresql://localhost:" + closed + "/shop";
        ChildJava.End end = run(Scenarios.class, "-Ddemo.url=" + url).end();
        assertThat(end.exitCode()).isEqualTo(2);
        assertThat(end.lines())
                .singleElement()
                .asString()
                .startsWith(url + " cannot be used: Connection to localhost:" + closed + " refused.");
    }

    private ChildJava run(Class<?> main, String url, String... login) throws IOException {
        List<String> options = new ArrayList<>(List.of(login));
        options.add(url);
        return ChildJava.start(directory, main, options.toArray(String[]::new));
    }

    /** What there is in the shop: each relation with its file, each row of the tables with the place it lies at. */
    private static List<String> everything() throws SQLException {
        String url = admin.replace("/postgres", "/shop");
        List<String> all = new ArrayList<>(query(
                url,
                "SELECT oid || ' ' || relname || ' ' || relfilenode FROM pg_class"
                        + " WHERE relnamespace = 'public'::regnamespace ORDER BY oid"));
        for (String table : TABLES) {
            all.addAll(query(url, "SELECT concat_ws(' ', ctid, xmin, xmax, name, content) FROM " + table));
        }
        return all;
    }

    private static void execute(String url, String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static List<String> query(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (row.next()) {
                rows.add(row.getString(1));
            }
            return rows;
        }
    }
}
