package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rule 14: our tables have no foreign keys, because every entry would look up and lock two rows that its transaction knows. */
@Timeout(60)
class PostgresTablesRulesTest {
    private static final int ROWS = 20_000;

    private PostgresTill books;

    @BeforeEach
    void openBooks() throws SQLException {
        books = new PostgresTill();
    }

    @AfterEach
    void closeBooks() throws SQLException {
        books.close();
    }

    @Test
    void noTableHasAForeignKeyOrIsReferredToByOne() throws Exception {
        String foreignKeys = "SELECT conname FROM pg_constraint WHERE contype = 'f'"
                + " AND (conrelid::regclass::text LIKE 'counterfoil_%' OR confrelid::regclass::text LIKE 'counterfoil_%')";
        assertThat(books.sql().rows(foreignKeys)).isEmpty();
        makeTwin();
        assertThat(books.sql().rows(foreignKeys)).as("of the twin").hasSize(2);
    }

    /** The table of entries once more, with the foreign keys that one would expect. */
    private void makeTwin() throws SQLException {
        books.sql()
                .run(
                        "CREATE TABLE twin (LIKE counterfoil_entry INCLUDING ALL)",
                        "ALTER TABLE twin ADD FOREIGN KEY (cell_id) REFERENCES counterfoil_cell (id)",
                        "ALTER TABLE twin ADD FOREIGN KEY (decision_id) REFERENCES counterfoil_decision (id)");
    }

    @Test
    void foreignKeysWouldCostTwoLookUpsForEveryEntry() throws Exception {
        makeTwin();
        long free = scansWhileInserting("counterfoil_entry", 0);
        long checked = scansWhileInserting("twin", 0);
        assertThat(free).isLessThan(10);
        assertThat(checked).isGreaterThanOrEqualTo(2L * ROWS);

        Duration without = timeOfInserting("counterfoil_entry", 1);
        Duration with = timeOfInserting("twin", 1);
        System.out.printf(
                "PostgresTablesRulesTest: %d entries take %d ms, with foreign keys %d ms, %.1f times as long%n",
                ROWS, without.toMillis(), with.toMillis(), (double) with.toNanos() / without.toNanos());
    }

    /** How often the tables that entries belong to were looked into. */
    private long scansWhileInserting(String table, int round) throws SQLException {
        // Counters of the session's own transaction, which nobody else adds to and which need no flush.
        String scans = "SELECT sum(coalesce(seq_scan, 0) + coalesce(idx_scan, 0)) FROM pg_stat_xact_user_tables"
                + " WHERE relname IN ('counterfoil_cell', 'counterfoil_decision')";
        books.sql().run("BEGIN");
        try {
            String insert = insert(table, round);
            long before = books.sql().count(scans);
            books.sql().run(insert);
            return books.sql().count(scans) - before;
        } finally {
            books.sql().run("COMMIT");
        }
    }

    private Duration timeOfInserting(String table, int round) throws SQLException {
        String insert = insert(table, round);
        long start = System.nanoTime();
        books.sql().run(insert);
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private String insert(String table, int round) throws SQLException {
        String cell = books.sql().one("SELECT min(id) FROM counterfoil_cell");
        String decision = books.sql().one("SELECT min(id) FROM counterfoil_decision");
        return "INSERT INTO " + table + " (cell_id, sequence, decision_id, position, type, delta, amount, recorded_at)"
                + " SELECT " + cell + " + n % " + Till.SIZE + ", 1000000 * " + (round + 1) + " + n, " + decision
                + ", 0, 'INCREMENT', 1, 1, clock_timestamp() FROM generate_series(1, " + ROWS + ") n";
    }
}
