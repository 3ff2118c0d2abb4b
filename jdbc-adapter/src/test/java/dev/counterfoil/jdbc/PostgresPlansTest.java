package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.jdbc.Plans.Plan;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * On tables with a million entries every statement goes through an index and reads no more rows than its answer needs,
 * whatever the server knows of the tables, and whenever it made the plan.
 */
@Timeout(120)
class PostgresPlansTest {
    /** So often that the server has made a plan for whatever is bound later. */
    private static final int OFTEN = 7;

    /** Pages in the middle of an index, and the first ones. */
    private static final Map<String, String> PAGES = Map.of(
            "verify, cells in the middle", "verify, first cells",
            "verify, decisions", "verify, first decisions",
            "list, prefix, in the middle", "list, first page",
            "history, tall, a page in the middle", "history, tall, first page");

    private static String database;
    private static PlainSql sql;

    /** On connections that made their plans while the tables were small. */
    private static BigCalls grown;

    /** The same, where the server was left to itself. */
    private static BigCalls grownFreely;

    /** What the server knows of the tables. */
    enum Statistics {
        /** Their size: they are as a load leaves them. */
        NONE,
        ANALYZED
    }

    @BeforeAll
    static void fill() throws SQLException {
        database = PostgresServer.get().newDatabase();
        sql = PostgresServer.get().sql(database);
        Plans.turnOn(sql, database);
        try (HikariDataSource one = pool("auto");
                HikariDataSource other = pool("auto")) {
            grown = calls(one, Plans.asSent());
            grownFreely = calls(other, Plans.free());
            BigBooks.prepare(sql);
            grown.runSmall("warm-up", 1);
            BigBooks.analyze(sql);
            grown.runSmall("a", OFTEN);
            grownFreely.runSmall("b", OFTEN);
            BigBooks.load(sql);
            grown.run();
            grown.audits();
            grownFreely.run();
        }
    }

    @AfterAll
    static void close() throws SQLException {
        sql.close();
    }

    /** One connection that prepares its statements at once. */
    private static HikariDataSource pool(String planCacheMode) {
        return PostgresServer.get()
                .pool(database, 1, Map.of("prepareThreshold", "1", "options", "-c plan_cache_mode=" + planCacheMode));
    }

    private static BigCalls calls(HikariDataSource pool, Plans plans) {
        return new BigCalls(JdbcLedger.builder(plans.on(pool)).createSchema().build(), plans.on(pool), plans);
    }

    private static BigCalls run(Statistics statistics, String planCacheMode, int times, Plans plans)
            throws SQLException {
        switch (statistics) {
            case NONE -> BigBooks.forget(sql);
            case ANALYZED -> BigBooks.analyze(sql);
        }
        try (HikariDataSource pool = pool(planCacheMode)) {
            BigCalls calls = calls(pool, plans);
            for (int i = 0; i < times; i++) {
                calls.run();
                calls.audits();
            }
            return calls;
        }
    }

    private static void assertOnlyWhatIsNeeded(BigCalls calls) {
        calls.seen().forEach((call, plans) -> {
            assertThat(plans).as(call).isNotEmpty();
            for (Plan plan : plans) {
                assertThat(plan.readsWholeTables())
                        .as("%s: %s", call, plan.text())
                        .isFalse();
                assertThat(plan.rows()).as("%s: %s", call, plan.text()).isLessThanOrEqualTo((double) calls.most(call));
            }
        });
    }

    /** An index that is read from its beginning up to the page does not show in a plan, but in the blocks that it took. */
    private static void assertPagesCostTheSameEverywhere(BigCalls calls) {
        PAGES.forEach((middle, first) ->
                assertThat(blocks(calls, middle)).as(middle).isBetween(1L, 2 * blocks(calls, first)));
    }

    private static long blocks(BigCalls calls, String call) {
        return calls.seen().get(call).stream().mapToLong(Plan::blocks).max().orElseThrow();
    }

    private static void assertGenericInTheEnd(BigCalls calls) {
        List<Plan> plans = calls.seen().get("list, last page");
        assertThat(plans.get(plans.size() - 1).generic()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "NONE, auto, " + OFTEN,
        "NONE, force_generic_plan, 1",
        "ANALYZED, auto, " + OFTEN,
        "ANALYZED, force_generic_plan, 1"
    })
    void everyStatementReadsWhatItNeeds(Statistics statistics, String planCacheMode, int times) throws SQLException {
        BigCalls calls = run(statistics, planCacheMode, times, Plans.asSent());
        assertOnlyWhatIsNeeded(calls);
        assertPagesCostTheSameEverywhere(calls);
        assertGenericInTheEnd(calls);
    }

    @Test
    void plansThatWereMadeForSmallTablesServeLargeOnes() {
        assertOnlyWhatIsNeeded(grown);
        assertPagesCostTheSameEverywhere(grown);
        assertGenericInTheEnd(grown);
    }

    @Test
    void leftToItselfTheServerKeepsReadingWholeTablesThatHaveGrown() {
        assertThat(whatReadsWholeTables(grownFreely))
                .contains("history", "apply", "replay", "decide", "a group of 500");
    }

    private static List<String> whatReadsWholeTables(BigCalls calls) {
        return calls.seen().entrySet().stream()
                .filter(call -> call.getValue().stream()
                        .anyMatch(plan -> plan.readsWholeTables() && plan.rows() >= BigBooks.ACCOUNTS))
                .map(Map.Entry::getKey)
                .toList();
    }
}
