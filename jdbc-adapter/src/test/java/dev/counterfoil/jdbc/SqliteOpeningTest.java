package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.counterfoil.Applied;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class SqliteOpeningTest {
    @TempDir
    Path directory;

    private String url() {
        return "jdbc:sqlite:" + file();
    }

    private Path file() {
        return directory.resolve("books.db");
    }

    static String script() throws IOException {
        try (InputStream in =
                JdbcLedger.class.getResourceAsStream("/dev/counterfoil/jdbc/schema/sqlite/counterfoil-1.sql")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void openMakesTheFileWithItsTablesAndAWriteAheadLog() throws SQLException {
        try (JdbcLedger ledger = JdbcLedger.open(url());
                PlainSql sql = new PlainSql(file())) {
            assertThat(ledger.apply(Till.opening())).isInstanceOf(Applied.class);
            assertThat(sql.one("PRAGMA journal_mode")).isEqualTo("wal");
            assertThat(sql.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"))
                    .containsExactly(
                            "counterfoil_cell",
                            "counterfoil_checkpoint",
                            "counterfoil_decision",
                            "counterfoil_entry",
                            "counterfoil_meta");
            assertThat(sql.one("SELECT value FROM counterfoil_meta WHERE name = 'schema_version'"))
                    .isEqualTo("1");
        }
    }

    @Test
    void whatWasAppliedIsThereWhenTheFileIsOpenedAgain() {
        try (JdbcLedger ledger = JdbcLedger.open(url())) {
            Till.apply(ledger, Till.opening());
            Till.apply(ledger, Till.cent("c-1"));
        }
        try (JdbcLedger again = JdbcLedger.open(url());
                JdbcLedger strict = JdbcLedger.builder(url()).build()) {
            assertThat(Till.apply(again, Till.cent("c-1")).replayed()).isTrue();
            assertThat(Till.cash(again, 0)).isEqualByComparingTo("99.99");
            assertThat(Till.cash(strict, 1)).isEqualByComparingTo("100.01");
        }
    }

    @Test
    void closingLeavesOneFileBehindAndTheLockFile() throws IOException {
        try (JdbcLedger ledger = JdbcLedger.open(url())) {
            Till.apply(ledger, Till.opening());
        }
        try (var files = Files.list(directory)) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .contains("books.db")
                    .doesNotContain("books.db-wal", "books.db-shm");
        }
    }

    @Test
    void aMissingDriverIsNamed() {
        try (ChildJvm child = ChildJvm.startWithoutDriver()) {
            child.expect("up");
            assertThat(child.tell("open " + url()).expect("SchemaException"))
                    .contains("no JDBC driver")
                    .contains("org.xerial:sqlite-jdbc");
        }
        assertThat(file()).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:sqlite::memory:",
                "jdbc:sqlite:",
                "jdbc:sqlite:file::memory:?cache=shared",
                "jdbc:sqlite:file:shared?mode=memory&cache=shared",
                "jdbc:sqlite:file:/shared?vfs=memdb"
            })
    void aDatabaseInMemoryIsRefusedWithAHint(String url) {
        assertThatThrownBy(() -> JdbcLedger.open(url))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("in memory")
                .hasMessageContaining("MemoryLedger");
    }

    @Test
    void anotherDatabasesUrlIsRefusedWithAHint() {
        assertThatThrownBy(() -> JdbcLedger.open("jdbc:postgresql://localhost/books"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("jdbc:sqlite:")
                .hasMessageContaining("DataSource");
    }

    @Test
    void aDirectoryThatIsNotThereIsNamed() {
        Path nowhere = directory.resolve("nowhere").resolve("books.db");
        assertThatThrownBy(() -> JdbcLedger.open("jdbc:sqlite:" + nowhere))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining(nowhere.toString())
                .hasMessageContaining("directory");
        assertThat(nowhere.getParent()).doesNotExist();
    }

    @Test
    void theParametersOfAUrlAreNotShown() {
        Path nowhere = directory.resolve("nowhere").resolve("books.db");
        assertThatThrownBy(() -> JdbcLedger.open("jdbc:sqlite:" + nowhere + "?key=sesame"))
                .isInstanceOf(SchemaException.class)
                .hasMessageNotContaining("sesame");
    }

    @Test
    void aFileThatIsNoDatabaseIsLeftAloneAndNamed() throws IOException {
        String text = "These are my notes, not a database. ".repeat(100);
        Files.writeString(file(), text);
        assertThatThrownBy(() -> JdbcLedger.open(url()))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining(file().toString())
                .hasMessageContaining("not an SQLite database");
        assertThat(Files.readString(file())).isEqualTo(text);
    }

    @Test
    void aReadOnlyFileIsRefusedWhenItIsOpenedAndNotAtTheFirstUpdate() {
        JdbcLedger.open(url()).close();
        assertThatThrownBy(() -> JdbcLedger.open("jdbc:sqlite:file:" + file() + "?mode=ro"))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("read-only");
        assertThatThrownBy(() -> JdbcLedger.builder("jdbc:sqlite:file:" + file() + "?mode=ro")
                        .build())
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("read-only");
    }

    @Test
    void missingTablesAreRefusedWithWhatToRun() throws SQLException {
        try (PlainSql sql = new PlainSql(file())) {
            sql.run("CREATE TABLE mine (a TEXT)");
        }
        assertThatThrownBy(() -> JdbcLedger.builder(url()).build())
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("createSchema()")
                .hasMessageContaining("dev/counterfoil/jdbc/schema/sqlite/counterfoil-1.sql");
    }

    @Test
    void tablesThatAreThereInPartAreRefused() throws SQLException {
        JdbcLedger.open(url()).close();
        try (PlainSql sql = new PlainSql(file())) {
            sql.run("DROP TABLE counterfoil_entry");
        }
        for (JdbcLedger.Builder builder :
                List.of(JdbcLedger.builder(url()), JdbcLedger.builder(url()).createSchema())) {
            assertThatThrownBy(builder::build)
                    .isInstanceOf(SchemaException.class)
                    .hasMessageContaining("counterfoil_entry");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "2", "10", "next"})
    void anotherSchemaVersionIsRefused(String version) throws SQLException {
        JdbcLedger.open(url()).close();
        try (PlainSql sql = new PlainSql(file())) {
            sql.run("UPDATE counterfoil_meta SET value = '" + version + "' WHERE name = 'schema_version'");
        }
        assertThatThrownBy(() -> JdbcLedger.open(url()))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("version " + version)
                .hasMessageContaining("version 1");
    }

    @Test
    void tablesWithoutAVersionAreRefused() throws SQLException {
        JdbcLedger.open(url()).close();
        try (PlainSql sql = new PlainSql(file())) {
            sql.run("DELETE FROM counterfoil_meta");
        }
        assertThatThrownBy(() -> JdbcLedger.open(url()))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("no schema version");
    }

    @Test
    void aDatabaseInUtf16IsRefusedBecauseItsOrderIsAnother() throws SQLException {
        try (PlainSql sql = new PlainSql(file())) {
            sql.run("PRAGMA encoding = 'UTF-16'", "CREATE TABLE mine (a TEXT)");
        }
        assertThatThrownBy(() -> JdbcLedger.open(url()))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"counterfoil_", "t1_", "x", "counterfoil_eu_"})
    void theShippedScriptRunsByHandWithAnyPrefix(String prefix) throws SQLException, IOException {
        try (PlainSql sql = new PlainSql(file());
                Statement statement = sql.connection().createStatement()) {
            statement.executeUpdate(script().replace("counterfoil_", prefix));
        }
        try (JdbcLedger ledger = JdbcLedger.builder(url()).prefix(prefix).build();
                PlainSql sql = new PlainSql(file())) {
            Till.apply(ledger, Till.opening());
            assertThat(sql.one("PRAGMA journal_mode")).isEqualTo("wal");
            assertThat(sql.count("SELECT count(*) FROM " + prefix + "cell")).isEqualTo(Till.SIZE);
        }
    }

    @Test
    void theScriptByHandAndTheLibraryMakeTheSameTables() throws SQLException, IOException {
        Path byHand = directory.resolve("by-hand.db");
        try (PlainSql sql = new PlainSql(byHand);
                Statement statement = sql.connection().createStatement()) {
            statement.executeUpdate(script());
        }
        JdbcLedger.open(url()).close();
        String everything = "SELECT type, name, sql FROM sqlite_master ORDER BY type, name";
        try (PlainSql ours = new PlainSql(file());
                PlainSql theirs = new PlainSql(byHand)) {
            assertThat(ours.rows(everything)).isEqualTo(theirs.rows(everything));
        }
    }

    @Test
    void aSchemaIsRefusedBecauseThereAreNone() {
        assertThatThrownBy(() -> JdbcLedger.builder(url()).schema("money").build())
                .isInstanceOf(SchemaException.class)
                .hasMessage("schema \"money\": SQLite has no schemas");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1a",
                "_a",
                "A",
                "a-b",
                "a b",
                "a\"b",
                "a;drop",
                "é",
                "a\n",
                "abcdefghijklmnopqrstuvwxyz_12345",
                "sqlite_"
            })
    void aPrefixThatIsNoPlainIdentifierIsRefused(String prefix) {
        assertThatThrownBy(() -> JdbcLedger.builder(url()).prefix(prefix))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("prefix");
    }

    @Test
    void openingAFileThatSomebodyElseWritesToDoesNotWait() throws SQLException {
        JdbcLedger.open(url()).close();
        try (PlainSql writer = new PlainSql(file())) {
            writer.run("BEGIN IMMEDIATE", "CREATE TABLE mine (a TEXT)");
            try (JdbcLedger ledger = JdbcLedger.builder(url())
                    .createSchema()
                    .timeout(Duration.ofMillis(200))
                    .build()) {
                assertThat(ledger.find("none")).isEmpty();
            }
            writer.run("ROLLBACK");
        }
    }

    @Test
    void openingWaitsForAStrangerWhoLocksReadersOutToo() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try (PlainSql stranger = new PlainSql(file())) {
            stranger.run("CREATE TABLE mine (a TEXT)", "BEGIN EXCLUSIVE");
            String impatient = url() + "?busy_timeout=1";
            assertThatThrownBy(() -> JdbcLedger.builder(impatient)
                            .timeout(Duration.ofMillis(50))
                            .build())
                    .isInstanceOf(SchemaException.class)
                    .hasMessageContaining("locked");
            Future<Boolean> opened = executor.submit(() -> {
                try (JdbcLedger ledger = JdbcLedger.open(impatient)) {
                    return Till.apply(ledger, Till.opening()).replayed();
                }
            });
            assertThatThrownBy(() -> opened.get(200, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            stranger.run("COMMIT");
            assertThat(opened.get(10, TimeUnit.SECONDS)).isFalse();
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void everyConnectionOfItsOwnIsFullySynchronousWhateverTheUrlSays() throws Exception {
        int readers = 6;
        ExecutorService executor = Executors.newFixedThreadPool(readers);
        try (RecordingDriver driver = new RecordingDriver()) {
            try (JdbcLedger ledger = JdbcLedger.open(url() + "?synchronous=OFF")) {
                Till.apply(ledger, Till.opening());
                List<Callable<BigDecimal>> calls = new ArrayList<>();
                for (int i = 0; i < 300; i++) {
                    int drawer = i % Till.SIZE;
                    calls.add(() -> Till.cash(ledger, drawer));
                }
                for (Future<BigDecimal> call : executor.invokeAll(calls)) {
                    assertThat(call.get()).isEqualByComparingTo("100.00");
                }
                assertThat(levels(driver)).hasSizeBetween(1, 8).containsOnly(2);
            }
            assertThat(levels(driver)).isEmpty();
        } finally {
            executor.shutdownNow();
        }
    }

    /** How synchronous the open connections are. */
    private static List<Integer> levels(RecordingDriver driver) throws SQLException {
        List<Integer> levels = new ArrayList<>();
        for (Connection connection : driver.connections()) {
            if (!connection.isClosed()) {
                try (Statement statement = connection.createStatement();
                        ResultSet row = statement.executeQuery("PRAGMA synchronous")) {
                    levels.add(row.getInt(1));
                }
            }
        }
        return levels;
    }

    @Test
    void aLedgerThatCouldNotBeOpenedLeavesNoConnectionBehind() throws SQLException {
        try (PlainSql sql = new PlainSql(file())) {
            sql.run("CREATE TABLE counterfoil_meta (name TEXT, value TEXT)");
        }
        try (RecordingDriver driver = new RecordingDriver()) {
            assertThatThrownBy(() -> JdbcLedger.open(url())).isInstanceOf(SchemaException.class);
            assertThat(driver.connections()).isNotEmpty();
            assertThat(levels(driver)).isEmpty();
        }
    }

    @Test
    void anyPathWillDo() throws IOException, SQLException {
        Path odd = Files.createDirectory(directory.resolve("Bücher & co #1 100% 'x'"));
        Path file = odd.resolve("my books.db");
        try (JdbcLedger ledger = JdbcLedger.open("jdbc:sqlite:" + file)) {
            Till.apply(ledger, Till.opening());
            assertThat(odd.resolve("my books.db-lock")).exists();
        }
        Path link = Files.createSymbolicLink(directory.resolve("link.db"), file);
        try (JdbcLedger through = JdbcLedger.open("jdbc:sqlite:" + link);
                JdbcLedger straight = JdbcLedger.open("jdbc:sqlite:" + file)) {
            Till.apply(through, Till.cent("c-1"));
            assertThat(Till.apply(straight, Till.cent("c-1")).replayed()).isTrue();
        }
        assertThat(directory.resolve("link.db-lock")).doesNotExist();
        Till.assertSound(file);
    }

    @Test
    void theParametersOfAUrlDoNotMakeItLessDurable() throws SQLException {
        String fast = url() + "?synchronous=OFF&journal_mode=WAL";
        try (JdbcLedger ledger = JdbcLedger.open(fast)) {
            assertThat(Till.apply(ledger, Till.opening()).replayed()).isFalse();
        }
        for (String weak : List.of("?journal_mode=MEMORY", "?cache=shared&Journal_Mode=off", "?journal_mode=walrus")) {
            assertThatThrownBy(() -> JdbcLedger.open(url() + weak))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("journal_mode");
        }
    }

    @Test
    void manyThreadsMakeTheSameFileAtOnce() throws Exception {
        int threads = 8;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            for (int round = 0; round < 15; round++) {
                Path file = directory.resolve("round-" + round + ".db");
                CyclicBarrier together = new CyclicBarrier(threads);
                List<Callable<Boolean>> calls = new ArrayList<>();
                for (int i = 0; i < threads; i++) {
                    calls.add(() -> {
                        together.await();
                        try (JdbcLedger ledger = JdbcLedger.open("jdbc:sqlite:" + file)) {
                            return Till.apply(ledger, Till.opening()).replayed();
                        }
                    });
                }
                int replayed = 0;
                for (Future<Boolean> call : pool.invokeAll(calls)) {
                    replayed += call.get() ? 1 : 0;
                }
                assertThat(replayed).isEqualTo(threads - 1);
                Till.assertSound(file);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void manyProcessesMakeTheSameFileAtOnce() throws SQLException {
        List<ChildJvm> children = ChildJvm.start(3);
        try {
            for (int round = 0; round < 40; round++) {
                Path file = directory.resolve("round-" + round + ".db");
                children.forEach(child -> child.tell("open jdbc:sqlite:" + file));
                children.forEach(child -> child.expect("opened"));
                children.forEach(child -> child.tell("open-till"));
                List<String> replayed = new ArrayList<>();
                children.forEach(child -> replayed.add(child.expect("done")));
                assertThat(replayed).containsExactlyInAnyOrder("false", "true", "true");
                children.forEach(child -> child.tell("close"));
                children.forEach(child -> child.expect("closed"));
                Till.assertSound(file);
            }
        } finally {
            children.forEach(ChildJvm::close);
        }
    }
}
