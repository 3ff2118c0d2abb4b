package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.AccountId;
import dev.counterfoil.Limits;
import dev.counterfoil.Update;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The surrogate ids, which processes take in blocks. */
@Timeout(60)
class PostgresIdsTest {
    /**
     * A server that was killed can give a block again that it had given just before, and so can one that was restored, or
     * that took over: whoever had the block may be writing with it still.
     */
    @Test
    void aBlockThatIsGivenTwiceCostsOneMoreAttempt() throws SQLException {
        PostgresServer server = PostgresServer.get();
        String database = server.newDatabase();
        int[] commits = new int[1];
        int[] inserts = new int[1];
        Between count = new Between() {
            @Override
            void before(String sql) {
                commits[0] += sql.equals("COMMIT") ? 1 : 0;
                inserts[0] += sql.contains("INSERT INTO \"public\".\"counterfoil_decision\"") ? 1 : 0;
            }
        };
        try (HikariDataSource pool = server.pool(database, 2);
                JdbcLedger first = JdbcLedger.builder(pool).createSchema().build();
                JdbcLedger second = JdbcLedger.builder(count.on(pool)).build();
                PlainSql sql = server.sql(database)) {
            Till.apply(first, Till.opening());
            for (int i = 0; i < 20; i++) {
                Till.apply(first, Till.cent("first-" + i));
            }
            sql.rows(
                    "SELECT setval('counterfoil_cell_block', 1, false), setval('counterfoil_decision_block', 1, false)");
            commits[0] = 0;
            Till.apply(second, open("box", 1));
            Till.apply(second, Till.cent("second"));
            assertThat(commits[0]).isEqualTo(2);
            // Once each for the ids of cells and of decisions.
            assertThat(inserts[0]).isBetween(2, 2 + 2);
            Till.assertSound(sql);
            assertThat(sql.one("SELECT count(DISTINCT id / 1000) FROM counterfoil_decision"))
                    .isEqualTo("2");
        }
    }

    private static Update open(String key, int n) {
        return Update.of(key)
                .open(AccountId.of("box", Integer.toString(n)).balance("cash", Till.SAR), "0.00", Limits.nonNegative())
                .build();
    }
}
