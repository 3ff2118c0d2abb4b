package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.AccountId;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Limits;
import dev.counterfoil.Outcome;
import dev.counterfoil.Update;
import dev.counterfoil.jdbc.Plans.Plan;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A plan that is made once serves for ever, so none may suit small tables only: on a handful of analyzed cells too each is
 * found by its address or its id, and none by reading all of them in the order of an index.
 */
@Timeout(60)
class PostgresJoinsTest {
    private static final int CELLS = 6;

    private String database;
    private PlainSql sql;

    @BeforeEach
    void openDatabase() throws SQLException {
        database = PostgresServer.get().newDatabase();
        sql = PostgresServer.get().sql(database);
        Plans.turnOn(sql, database);
    }

    @AfterEach
    void close() throws SQLException {
        sql.close();
    }

    @Test
    void noJoinIsTurnedRound() throws SQLException {
        assertThat(plansOfAGroup(Plans.asSent())).noneMatch(PostgresJoinsTest::comparesEachWithEach);
    }

    @Test
    void joinsByPlainEqualityAre() throws SQLException {
        assertThat(plansOfAGroup(Plans.joinedPlainly())).anyMatch(PostgresJoinsTest::comparesEachWithEach);
    }

    private static boolean comparesEachWithEach(Plan plan) {
        return plan.text().contains("Join Filter");
    }

    private List<Plan> plansOfAGroup(Plans plans) throws SQLException {
        try (HikariDataSource pool = PostgresServer.get().pool(database, 1);
                JdbcLedger ledger =
                        JdbcLedger.builder(plans.on(pool)).createSchema().build()) {
            for (int i = 0; i < CELLS; i++) {
                Update open = Update.of("open-" + i)
                        .open(cell(i), "100.00", Limits.none())
                        .build();
                ledger.apply(open).orThrow();
            }
            sql.run("ANALYZE");
            plans.take();
            ledger.applyEach(IntStream.range(0, CELLS)
                            .mapToObj(i -> Update.of("move-" + i)
                                    .transfer(cell(i), cell((i + 1) % CELLS), "1.00")
                                    .reference("move-" + i)
                                    .build())
                            .toList())
                    .forEach(Outcome::orThrow);
            ledger.read(
                    IntStream.range(0, CELLS).mapToObj(i -> cell(i).account()).toArray(AccountId[]::new));
            List<Plan> seen = plans.take();
            assertThat(seen).anyMatch(plan -> plan.text().contains("LockRows"));
            assertThat(seen).anyMatch(plan -> plan.text().contains("Update on"));
            return seen;
        }
    }

    private static BalanceId cell(int n) {
        return AccountId.of("retainer", "r" + n).balance("available", BigBooks.SAR);
    }
}
