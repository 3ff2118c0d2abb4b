package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Ledger;
import dev.counterfoil.Limits;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Ten balances with 100.00 each and transfers between them, every one of which follows from its key: so whoever knows the
 * keys can send them again. Some ask for too much and are refused.
 */
final class Till {
    static final Unit SAR = Unit.of("SAR", 2);
    static final int SIZE = 10;

    private Till() {}

    static BalanceId drawer(int n) {
        return AccountId.of("drawer", Integer.toString(n)).balance("cash", SAR);
    }

    static BigDecimal cash(Ledger ledger, int n) {
        BalanceId drawer = drawer(n);
        return ledger.read(drawer.account()).balance(drawer);
    }

    static Update opening() {
        Update.Builder opening = Update.of("till-open");
        for (int i = 0; i < SIZE; i++) {
            opening.open(drawer(i), "100.00", Limits.nonNegative());
        }
        return opening.build();
    }

    static Update transfer(String key) {
        SplittableRandom random = new SplittableRandom(key.hashCode());
        int from = random.nextInt(SIZE);
        int to = (from + 1 + random.nextInt(SIZE - 1)) % SIZE;
        BigDecimal amount = BigDecimal.valueOf(1 + random.nextInt(random.nextInt(8) == 0 ? 90_000 : 900), 2);
        return Update.of(key).transfer(drawer(from), drawer(to), amount).build();
    }

    /** A transfer that never is refused while nobody else takes from drawer 0. */
    static Update cent(String key) {
        return Update.of(key).transfer(drawer(0), drawer(1), "0.01").build();
    }

    static Applied apply(Ledger ledger, Update update) {
        return ledger.apply(update).orThrow();
    }

    /** Asks the file itself, without the library: nothing lost, nothing half done, nothing twice. */
    static void assertSound(Path file) throws SQLException {
        try (PlainSql sql = new PlainSql(file)) {
            assertThat(sql.rows("PRAGMA integrity_check")).containsExactly("ok");
            BigDecimal total = BigDecimal.ZERO;
            for (String row :
                    sql.rows("SELECT id, version, amount, last_key FROM counterfoil_cell WHERE kind = 'BALANCE'")) {
                String[] cell = row.split("\\|", -1);
                total = total.add(new BigDecimal(cell[2]));
                assertFold(sql, cell[0], Long.parseLong(cell[1]), new BigDecimal(cell[2]), cell[3]);
            }
            assertThat(total).isEqualTo(new BigDecimal(SIZE + "00.00"));
            assertEntriesPerDecision(sql);
        }
    }

    private static void assertFold(PlainSql sql, String cell, long version, BigDecimal amount, String lastKey)
            throws SQLException {
        BigDecimal sum = BigDecimal.ZERO;
        long sequence = 0;
        String key = "";
        String recordedAt = "";
        for (String row : sql.rows(
                "SELECT e.sequence, e.delta, e.amount, d.key, e.recorded_at FROM counterfoil_entry e"
                        + " JOIN counterfoil_decision d ON d.id = e.decision_id AND d.outcome = 'APPLIED'"
                        + " WHERE e.cell_id = ? ORDER BY e.sequence",
                cell)) {
            String[] entry = row.split("\\|", -1);
            sequence++;
            sum = sum.add(new BigDecimal(entry[1]));
            key = entry[3];
            assertThat(Long.parseLong(entry[0])).isEqualTo(sequence);
            assertThat(new BigDecimal(entry[2])).isEqualTo(sum);
            assertThat(entry[4]).isGreaterThanOrEqualTo(recordedAt);
            recordedAt = entry[4];
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
        List<String> wrong = new ArrayList<>();
        for (String row : sql.rows("SELECT id, coalesce(json_array_length(detail, '$.entries'), 0), outcome, key"
                + " FROM counterfoil_decision")) {
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
