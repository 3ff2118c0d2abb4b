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
            assertSound(sql);
        }
    }

    /** Asks the database itself, without the library: nothing lost, nothing half done, nothing twice. */
    static void assertSound(PlainSql sql) throws SQLException {
        assertThat(Audit.total(sql)).isEqualByComparingTo(new BigDecimal(SIZE + "00.00"));
    }
}
