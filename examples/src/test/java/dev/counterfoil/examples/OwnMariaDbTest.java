package dev.counterfoil.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.examples.harness.CleanUp;
import dev.counterfoil.examples.harness.EmbeddedMariaDb;
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

/** The main job on a MariaDB that runs already, in a database with tables of its owner's. */
class OwnMariaDbTest {
    private static final CleanUp CLEAN_UP = new CleanUp();

    private static String shop = "";

    @TempDir
    private Path directory;

    @BeforeAll
    static void startAServerWithAShop() throws Exception {
        shop = EmbeddedMariaDb.start(CLEAN_UP).url().replace("/books", "/shop");
        execute(
                shop.replace("/shop", "/"),
                "CREATE DATABASE shop",
                "CREATE USER clerk IDENTIFIED BY 'secret'",
                "GRANT ALL ON shop.* TO clerk");
        execute(
                shop,
                "CREATE TABLE counterfoil_demo_00000000_1_cell (name varchar(10) PRIMARY KEY)",
                "INSERT INTO counterfoil_demo_00000000_1_cell VALUES ('a')");
    }

    @AfterAll
    static void stop() {
        CLEAN_UP.close();
    }

    @Test
    void theScenariosPassThereOverACutLinkTooAndTheDatabaseIsAsBefore() throws Exception {
        List<String> before = everything();
        ChildJava.End end = run(ShortScenarios.class, "secret").end();
        assertThat(end.lines()).last().isEqualTo("scenarios: 8 passed, 0 failed");
        assertThat(end.exitCode()).isZero();
        assertThat(end.lines()).contains("Set there: innodb_flush_log_at_trx_commit 1");
        assertThat(end.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(110));
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void aServerThatCannotBeUsedIsRefusedInOneLine() throws Exception {
        ChildJava.End end = run(Scenarios.class, "wrong").end();
        assertThat(end.exitCode()).isEqualTo(2);
        assertThat(end.lines())
                .singleElement()
                .asString()
                .startsWith(shop + " cannot be used: ")
                .contains("Access denied for user 'clerk'");
    }

    private ChildJava run(Class<?> main, String password) throws Exception {
        return ChildJava.start(
                directory, main, "-Ddemo.url=" + shop, "-Ddemo.user=clerk", "-Ddemo.password=" + password);
    }

    /** What there is in the shop: each table or sequence with the time when it was made, and the owner's rows. */
    private static List<String> everything() throws SQLException {
        try (Connection connection = connect(shop);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT CONCAT(table_name, ' ', create_time) FROM information_schema.tables"
                                + " WHERE table_schema = 'shop' UNION ALL SELECT name FROM"
                                + " counterfoil_demo_00000000_1_cell ORDER BY 1")) {
            List<String> all = new ArrayList<>();
            while (row.next()) {
                all.add(row.getString(1));
            }
            return all;
        }
    }

    private static void execute(String url, String... statements) throws SQLException {
        try (Connection connection = connect(url);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static Connection connect(String url) throws SQLException {
        return DriverManager.getConnection(url, "root", "");
    }
}
