package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The surrogate ids on MariaDB, which processes take in blocks. */
@Timeout(60)
class MariaDbIdsTest {
    /** Nodes of a cluster count in steps of its size, so that they can meet when that changes; servers are restored. */
    @Test
    void aBlockThatIsGivenTwiceCostsOneMoreAttempt() throws SQLException {
        MariaDbServer server = MariaDbServer.get();
        String database = server.newDatabase();
        int[] commits = new int[1];
        int[] inserts = new int[1];
        Between count = new Between() {
            @Override
            void before(String sql) {
                commits[0] += sql.equals("COMMIT") ? 1 : 0;
                inserts[0] += sql.startsWith("INSERT INTO") && sql.contains("counterfoil_decision`") ? 1 : 0;
            }
        };
        try (HikariDataSource pool = server.pool(database, 2, "");
                JdbcLedger first = JdbcLedger.builder(pool).createSchema().build();
                JdbcLedger second = JdbcLedger.builder(count.on(pool)).build();
                PlainSql sql = server.sql(database)) {
            Till.apply(first, Till.opening());
            for (int i = 0; i < 20; i++) {
                Till.apply(first, Till.cent("first-" + i));
            }
            sql.run("ALTER SEQUENCE counterfoil_decision_block RESTART 1");
            commits[0] = 0;
            Till.apply(second, Till.cent("second"));
            assertThat(commits[0]).isEqualTo(1);
            assertThat(inserts[0]).isEqualTo(2);
            Till.assertSound(sql);
            assertThat(sql.one("SELECT count(DISTINCT id DIV 1000) FROM counterfoil_decision"))
                    .isEqualTo("2");
        }
    }
}
