package dev.counterfoil.stress.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.Ledger;
import dev.counterfoil.jdbc.JdbcLedger;
import dev.counterfoil.stress.history.Finding.Rule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** One load on SQLite, and copies of its file that somebody harmed with SQL: each harm is found, by the rule that it breaks. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HarmedTablesTest {
    /** The newest entry of an update that left only this one, and was the last in its balance of points. */
    private static final String LAST_ALONE = """
            SELECT e.rowid_cell FROM (
              SELECT e.cell_id AS rowid_cell, e.decision_id AS d FROM counterfoil_entry e
              JOIN counterfoil_cell c ON c.id = e.cell_id AND c.version = e.sequence
              WHERE c.name = 'points' AND e.sequence > 2) e
            WHERE (SELECT count(*) FROM counterfoil_entry o WHERE o.decision_id = e.d) = 1 LIMIT 1""";

    /** A balance of money whose last entry is half of a transfer. */
    private static final String LAST_OF_TWO = """
            SELECT c.id FROM counterfoil_entry e
            JOIN counterfoil_cell c ON c.id = e.cell_id AND c.version = e.sequence
            WHERE c.name = 'money' AND e.sequence > 2 LIMIT 1""";

    private Path directory;

    private Path books;
    private CheckedRun sound;

    @BeforeAll
    void load(@TempDir Path temporary) throws Exception {
        directory = temporary;
        books = directory.resolve("books.db");
        try (Ledger ledger = JdbcLedger.open("jdbc:sqlite:" + books)) {
            sound = CheckedRun.of("sqlite", ledger, directory, 4, 800);
        }
        assertThat(sound.findings()).isEmpty();
    }

    private void caught(Rule rule, String... harm) throws Exception {
        Path copy = directory.resolve(rule + "-" + System.nanoTime() + ".db");
        Files.copy(books, copy);
        harm(copy, harm);
        try (Ledger ledger = JdbcLedger.open("jdbc:sqlite:" + copy)) {
            assertThat(Checker.check(sound.history(), Book.of(ledger)))
                    .extracting(Finding::rule)
                    .contains(rule);
        }
    }

    private static void harm(Path file, String... harm) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            for (String table : new String[] {"entry_no_update", "entry_no_delete", "decision_no_delete"}) {
                statement.execute("DROP TRIGGER counterfoil_" + table);
            }
            for (String sql : harm) {
                assertThat(statement.executeUpdate(sql)).as(sql).isPositive();
            }
        }
    }

    /** Takes the last entry of a cell away, as if it had never been. */
    private static String[] takeAway(String cell) {
        return new String[] {
            "UPDATE counterfoil_cell SET version = version - 1, amount = (SELECT e.amount FROM counterfoil_entry e"
                    + " WHERE e.cell_id = counterfoil_cell.id AND e.sequence = counterfoil_cell.version - 1)"
                    + " WHERE id = (" + cell + ")",
            "DELETE FROM counterfoil_entry WHERE EXISTS (SELECT 1 FROM counterfoil_cell c"
                    + " WHERE c.id = cell_id AND sequence > c.version)"
        };
    }

    @Test
    void anUpdateThatIsGoneIsLost() throws Exception {
        caught(Rule.LOST, takeAway(LAST_ALONE));
    }

    @Test
    void halfAnUpdateThatIsGoneIsPartial() throws Exception {
        caught(Rule.PARTIAL, takeAway(LAST_OF_TWO));
    }

    @Test
    void anUpdateThatIsThereTwiceIsDoubled() throws Exception {
        caught(Rule.DOUBLED, add("e.decision_id", "c.name = 'points'"), raise("points"));
    }

    @Test
    void whatIsUnderARefusedKeyIsSeen() throws Exception {
        String refused = "(SELECT id FROM counterfoil_decision WHERE outcome = 'BELOW_MINIMUM' LIMIT 1)";
        caught(Rule.REFUSED_IS_THERE, add(refused, "c.name = 'points'"), raise("points"));
    }

    /** One more entry behind the last one of a cell, which changes nothing in it. */
    private static String add(String decision, String where) {
        return "INSERT INTO counterfoil_entry (cell_id, sequence, decision_id, position, type, delta, amount, recorded_at)"
                + " SELECT e.cell_id, e.sequence + 1, " + decision + ", 0, 'INCREMENT', '0', e.amount, e.recorded_at"
                + " FROM counterfoil_entry e JOIN counterfoil_cell c ON c.id = e.cell_id AND c.version = e.sequence"
                + " WHERE " + where + " LIMIT 1";
    }

    private static String raise(String name) {
        return "UPDATE counterfoil_cell SET version = version + 1 WHERE name = '" + name + "' AND version <"
                + " (SELECT max(sequence) FROM counterfoil_entry e WHERE e.cell_id = id)";
    }

    @Test
    void anotherAmountInACellIsSeen() throws Exception {
        caught(
                Rule.CELL_IS_NOT_ITS_ENTRIES,
                "UPDATE counterfoil_cell SET amount = '77.77' WHERE name = 'money' AND account_id = '3'");
    }

    @Test
    void anotherSumInAnEntryIsSeen() throws Exception {
        caught(Rule.WRONG_SUM, "UPDATE counterfoil_entry SET amount = '7' WHERE sequence = 5 AND delta IS NOT NULL");
    }

    @Test
    void aGapIsSeen() throws Exception {
        caught(Rule.SEQUENCE_GAP, "DELETE FROM counterfoil_entry WHERE sequence = 5");
    }

    @Test
    void anotherRecordInAJournalIsSeen() throws Exception {
        caught(Rule.NOT_AS_ASKED, "UPDATE counterfoil_entry SET payload = 'other' WHERE payload IS NOT NULL");
    }

    @Test
    void aTimeThatGoesBackIsSeen() throws Exception {
        caught(
                Rule.TIME_WENT_BACK,
                "UPDATE counterfoil_entry SET recorded_at = '2020-01-01T00:00:00.000000Z' WHERE sequence = 5");
    }

    @Test
    void anotherTimeThanItsReceiptHasIsSeen() throws Exception {
        caught(
                Rule.TIME_DIFFERS,
                "UPDATE counterfoil_entry SET recorded_at = '2020-01-01T00:00:00.000000Z' WHERE sequence = 5");
    }

    @Test
    void aBalanceOutsideItsLimitsIsSeen() throws Exception {
        caught(
                Rule.LIMIT_PASSED,
                "UPDATE counterfoil_entry SET minimum = '90' WHERE type = 'OPEN' AND delta = '100.00'");
    }
}
