package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Asks a database itself, without the library: nothing lost, nothing half done, nothing twice. Nobody may write meanwhile. */
final class Audit {
    private Audit() {}

    /** Every balance is the fold of its entries, every decision has its entries; returns the sum of all balances. */
    static BigDecimal total(PlainSql sql) throws SQLException {
        if (sql.product().equals("SQLite")) {
            assertThat(sql.rows("PRAGMA integrity_check")).containsExactly("ok");
        }
        BigDecimal total = BigDecimal.ZERO;
        for (String row :
                sql.rows("SELECT id, version, amount, last_key FROM counterfoil_cell WHERE kind = 'BALANCE'")) {
            String[] cell = row.split("\\|", -1);
            total = total.add(new BigDecimal(cell[2]));
            assertFold(sql, Long.parseLong(cell[0]), Long.parseLong(cell[1]), new BigDecimal(cell[2]), cell[3]);
        }
        assertThat(sql.rows("SELECT l.cell_id, l.sequence FROM counterfoil_entry e JOIN counterfoil_entry l"
                        + " ON l.cell_id = e.cell_id AND l.sequence = e.sequence + 1"
                        + " WHERE l.recorded_at < e.recorded_at"))
                .as("entries recorded before the one before them")
                .isEmpty();
        assertEntriesPerDecision(sql);
        return total;
    }

    private static void assertFold(PlainSql sql, long cell, long version, BigDecimal amount, String lastKey)
            throws SQLException {
        BigDecimal sum = BigDecimal.ZERO;
        long sequence = 0;
        String key = "";
        for (String row : sql.rows(
                "SELECT e.sequence, e.delta, e.amount, d.key FROM counterfoil_entry e"
                        + " JOIN counterfoil_decision d ON d.id = e.decision_id AND d.outcome = 'APPLIED'"
                        + " WHERE e.cell_id = ? ORDER BY e.sequence",
                cell)) {
            String[] entry = row.split("\\|", -1);
            sequence++;
            sum = sum.add(new BigDecimal(entry[1]));
            key = entry[3];
            assertThat(Long.parseLong(entry[0])).isEqualTo(sequence);
            assertThat(new BigDecimal(entry[2])).isEqualTo(sum);
        }
        assertThat(sequence).as("entries of cell %s", cell).isEqualTo(version);
        assertThat(sum).isEqualTo(amount);
        assertThat(key).isEqualTo(lastKey);
    }

    /** An applied decision has all its entries, a refused one has none, and no entry is without decision. */
    private static void assertEntriesPerDecision(PlainSql sql) throws SQLException {
        Map<String, Long> entries = new HashMap<>();
        for (String row : sql.rows("SELECT decision_id, count(*) FROM counterfoil_entry GROUP BY decision_id")) {
            int bar = row.indexOf('|');
            entries.put(row.substring(0, bar), Long.parseLong(row.substring(bar + 1)));
        }
        String inReceipt =
                switch (sql.product()) {
                    case "SQLite" -> "json_array_length(detail, '$.entries')";
                    case "MariaDB" -> "json_length(detail, '$.entries')";
                    default -> "json_array_length(detail::json -> 'entries')";
                };
        List<String> wrong = new ArrayList<>();
        for (String row :
                sql.rows("SELECT id, coalesce(" + inReceipt + ", 0), outcome, d.key FROM counterfoil_decision d")) {
            String[] decision = row.split("\\|", -1);
            long found = entries.containsKey(decision[0]) ? entries.remove(decision[0]) : 0;
            long due = Long.parseLong(decision[1]);
            if (found != due) {
                wrong.add(row + ": " + found + " entries, not " + due);
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(entries).as("entries without decision").isEmpty();
    }
}
