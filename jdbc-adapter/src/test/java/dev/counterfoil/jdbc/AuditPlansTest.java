package dev.counterfoil.jdbc;

import static dev.counterfoil.jdbc.Audits.soon;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Limits;
import dev.counterfoil.Outcome;
import dev.counterfoil.Update;
import dev.counterfoil.jdbc.dialect.Dialect;
import dev.counterfoil.jdbc.dialect.H2Dialect;
import dev.counterfoil.jdbc.dialect.MariaDbDialect;
import dev.counterfoil.jdbc.dialect.SqliteDialect;
import dev.counterfoil.spi.AuditStore;
import dev.counterfoil.spi.AuditStore.EntryPlace;
import dev.counterfoil.spi.AuditStore.EntryRange;
import dev.counterfoil.spi.CellAddress;
import dev.counterfoil.spi.CellRow;
import dev.counterfoil.spi.DecisionRow;
import dev.counterfoil.spi.StoreException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What verification asks goes through the indexes; on PostgreSQL {@link PostgresPlansTest} looks at that. */
@Timeout(120)
class AuditPlansTest {
    private static final int ACCOUNTS = 1000;
    private static final int PAGE = 20;

    /** The most rows that a question for a page may touch in all tables and indexes together; there are thousands. */
    private static final long MOST = 15 * PAGE;

    @TempDir
    Path directory;

    /** The texts of the queries that go to the database. */
    private static final class Queries extends Between {
        final Set<String> seen = new LinkedHashSet<>();

        @Override
        void before(String sql) {
            if (sql.startsWith("SELECT") && sql.contains("counterfoil_")) {
                seen.add(sql);
            }
        }
    }

    private static BalanceId cell(int n) {
        return AccountId.of("wallet", String.format("%05d", n)).balance("cash", Till.SAR);
    }

    /** A pool of one connection to books with {@value #ACCOUNTS} accounts. */
    private HikariDataSource fill(JoinedBooks books) throws SQLException {
        HikariConfig config = new HikariConfig();
        try (HikariDataSource many = books.open(directory)) {
            many.copyStateTo(config);
            try (JdbcLedger ledger = JdbcLedger.builder(many).createSchema().build()) {
                List<Update> openings = IntStream.range(0, ACCOUNTS)
                        .mapToObj(n -> Update.of("open-" + n)
                                .open(cell(n), "1.00", Limits.none())
                                .reference("opened-" + n)
                                .build())
                        .toList();
                List<Update> back = new ArrayList<>();
                for (Outcome opened : ledger.applyEach(openings)) {
                    Applied applied = (Applied) opened;
                    back.add(Update.reversalOf("back-" + back.size(), applied.receipt())
                            .build());
                }
                ledger.applyEach(back).forEach(Outcome::orThrow);
            }
        }
        config.setMaximumPoolSize(1);
        return new HikariDataSource(config);
    }

    private interface Ask {
        void ask() throws StoreException, SQLException;
    }

    private interface Look {
        void at(String name, Ask question) throws StoreException, SQLException;
    }

    private static void ask(AuditStore audit, Look look) throws StoreException, SQLException {
        List<String> middle = List.of("wallet", "00500", "cash");
        List<CellRow> cells = audit.cellRows("", null, "", middle, true, PAGE, soon());
        List<EntryRange> ranges = cells.stream()
                .map(row -> new EntryRange(row.id(), 0, Long.MAX_VALUE))
                .toList();
        List<EntryPlace> places = IntStream.range(0, PAGE)
                .mapToObj(n -> new EntryPlace(cell(n * 7), 1 + n % 2))
                .toList();
        List<DecisionRow> decisions = audit.decisionRows("", null, PAGE, soon());
        List<String> references =
                IntStream.range(0, PAGE).mapToObj(n -> "opened-" + n * 7).toList();
        look.at("first cells", () -> audit.cellRows("", null, "", null, true, PAGE, soon()));
        look.at("cells", () -> audit.cellRows("", null, "", middle, false, PAGE, soon()));
        look.at("cells of a kind", () -> audit.cellRows("", "wallet", "0", middle, true, PAGE, soon()));
        look.at("first cells of a prefix", () -> audit.cellRows("", "wallet", "005", null, true, PAGE, soon()));
        look.at("last cells of a prefix", () -> audit.cellRows("", "wallet", "0050", middle, true, PAGE, soon()));
        look.at("count", () -> audit.countCells("", "wallet", "0050", soon()));
        look.at("a cell", () -> audit.cellRow(CellAddress.of("", cell(7)), soon()));
        look.at(
                "entries",
                () -> assertThat(audit.entryRows(ranges, 200, soon())).hasSize(2 * PAGE));
        look.at(
                "places",
                () -> assertThat(audit.entryRowsAt("", places, soon())).doesNotContainNull());
        look.at("first decisions", () -> audit.decisionRows("", null, PAGE, soon()));
        look.at(
                "decisions",
                () -> assertThat(audit.decisionRows("", decisions.get(7), PAGE, soon()))
                        .hasSize(PAGE));
        look.at(
                "some decisions",
                () -> assertThat(audit.decisionRows(
                                decisions.stream().map(DecisionRow::id).toList(), soon()))
                        .hasSize(PAGE));
        look.at("references", () -> audit.heldTwice("", references, soon()));
        look.at("reversals", () -> audit.reversedTwice("", decisions, soon()));
    }

    private void assertNoPlanHas(String scan, String explain, Dialect dialect, HikariDataSource pool)
            throws StoreException, SQLException {
        Queries queries = new Queries();
        ask(Audits.of(queries.on(pool), dialect), (name, question) -> question.ask());
        assertThat(queries.seen).hasSizeGreaterThan(12);
        try (PlainSql sql = new PlainSql(pool.getConnection())) {
            for (String query : queries.seen) {
                // What is bound is of no matter to these planners.
                String plan = String.join("\n", sql.rows(explain + query.replace("?", "'7'")));
                assertThat(plan).as(query).doesNotContainPattern(scan);
                assertThat(plan).as(query).doesNotContain("USE TEMP B-TREE");
            }
            assertThat(String.join("", sql.rows(explain + "SELECT * FROM counterfoil_cell WHERE version = 7")))
                    .containsPattern(scan);
        }
    }

    @Test
    void onSqliteNoTableIsScannedAndNothingIsSorted() throws Exception {
        try (HikariDataSource pool = fill(JoinedBooks.SQLITE)) {
            assertNoPlanHas("SCAN", "EXPLAIN QUERY PLAN ", new SqliteDialect(), pool);
        }
    }

    @Test
    void onH2NoTableIsScanned() throws Exception {
        try (HikariDataSource pool = fill(JoinedBooks.H2)) {
            assertNoPlanHas("tableScan", "EXPLAIN ", new H2Dialect(), pool);
        }
    }

    @Test
    void onMariaDbNoMoreRowsAreTouchedThanAPageNeeds() throws Exception {
        try (HikariDataSource pool = fill(JoinedBooks.MARIADB)) {
            ask(Audits.of(pool, new MariaDbDialect()), (name, question) -> {
                try (PlainSql sql = new PlainSql(pool.getConnection())) {
                    sql.run("FLUSH STATUS");
                }
                question.ask();
                try (PlainSql sql = new PlainSql(pool.getConnection())) {
                    assertThat(touched(sql)).as(name).isLessThan(MOST);
                }
            });
            try (PlainSql sql = new PlainSql(pool.getConnection())) {
                sql.run("FLUSH STATUS");
                sql.rows("SELECT * FROM counterfoil_cell WHERE version = 7");
                assertThat(touched(sql)).isGreaterThan(ACCOUNTS);
            }
        }
    }

    private static long touched(PlainSql sql) throws SQLException {
        return sql.count("SELECT sum(variable_value) FROM information_schema.session_status"
                + " WHERE variable_name LIKE 'HANDLER_READ%' AND variable_name NOT LIKE '%DELETED%'");
    }
}
