package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.AccountId;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Limits;
import dev.counterfoil.Page;
import dev.counterfoil.PageRequest;
import dev.counterfoil.Update;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rule 11: what makes rows that change often slow stays away: open snapshots, indexes on what changes, pages without room. */
@Timeout(60)
class PostgresHotRowRulesTest {
    private static final String CELL = "'counterfoil_cell'::regclass";

    private static final long PAGE = 8192;

    private PostgresTill books;

    @BeforeEach
    void openBooks() throws SQLException {
        books = new PostgresTill();
    }

    @AfterEach
    void closeBooks() throws SQLException {
        books.close();
    }

    /** Other sessions that keep a transaction or a view of the past open. */
    private List<String> openTransactions() throws SQLException {
        return books.sql()
                .rows("SELECT state, query" + PostgresTill.OTHERS
                        + " AND (state <> 'idle' OR backend_xmin IS NOT NULL)");
    }

    @Test
    void noTransactionStaysOpenBetweenCallsOrPages() throws Exception {
        try (JdbcLedger ledger = JdbcLedger.builder(books.pool(1)).build()) {
            for (int i = 0; i < 5; i++) {
                Till.apply(ledger, Till.cent("c-" + i));
                assertThat(openTransactions()).isEmpty();
            }
            Page<?> page = ledger.history(Till.drawer(0), PageRequest.first(2));
            assertThat(openTransactions()).isEmpty();
            while (page.next().isPresent()) {
                page = ledger.history(Till.drawer(0), page.next().get());
                assertThat(openTransactions()).isEmpty();
            }
            Page<AccountId> accounts = ledger.accounts("drawer", "", PageRequest.first(4));
            assertThat(openTransactions()).isEmpty();
            while (accounts.next().isPresent()) {
                accounts = ledger.accounts("drawer", "", accounts.next().get());
                assertThat(openTransactions()).isEmpty();
            }
            ledger.read(Till.drawer(0).account(), Till.drawer(1).account());
            assertThat(openTransactions()).isEmpty();
            ledger.find("c-1");
            assertThat(openTransactions()).isEmpty();
            ledger.find("never");
            assertThat(openTransactions()).isEmpty();
            ledger.decide("c-9", "nothing", List.of(Till.drawer(0)), now -> now.decline("NO", "not today"));
            assertThat(openTransactions()).isEmpty();
        }
        try (PlainSql pages = new PlainSql(books.connect())) {
            pages.run("BEGIN ISOLATION LEVEL REPEATABLE READ");
            pages.rows("SELECT * FROM counterfoil_entry ORDER BY cell_id, sequence LIMIT 2");
            assertThat(openTransactions())
                    .as("one view for all pages")
                    .hasSize(1)
                    .first()
                    .asString()
                    .startsWith("idle in transaction");
        }
    }

    /** The share of updates of cells that needed no index entry, and found room on the page of the row. */
    private double hotShare(Runnable updates) throws Exception {
        String counters = "SELECT n_tup_upd || ' ' || n_tup_hot_upd FROM pg_stat_user_tables WHERE relid = " + CELL;
        String[] before = books.sql().one(counters).split(" ", -1);
        updates.run();
        // Sessions report what they did when they end at the latest.
        Calls.until(
                "the end of all other sessions", () -> books.sql().count("SELECT count(*)" + PostgresTill.OTHERS) == 0);
        String[] after = books.sql().one(counters).split(" ", -1);
        double updated = Long.parseLong(after[0]) - Long.parseLong(before[0]);
        assertThat(updated).isPositive();
        return (Long.parseLong(after[1]) - Long.parseLong(before[1])) / updated;
    }

    private void transferCents(String key, int times) {
        try (JdbcLedger ledger = books.ledger()) {
            for (int i = 0; i < times; i++) {
                Till.apply(ledger, Till.cent(key + i));
            }
        } finally {
            books.closePools();
        }
    }

    private long cellBytes() throws SQLException {
        return books.sql().count("SELECT pg_relation_size(" + CELL + ")");
    }

    @Test
    void updatesOfAHotRowNeedNoIndexEntryAndStayOnTheirPage() throws Exception {
        books.commitWithoutWaiting();
        double hot = hotShare(() -> transferCents("hot-", 500));
        long bytes = cellBytes();
        assertThat(hot).isGreaterThan(0.9);
        // Ten rows fill a fraction of a page.
        assertThat(bytes).isLessThanOrEqualTo(2 * PAGE);

        try (PlainSql reader = new PlainSql(books.connect())) {
            reader.run("BEGIN ISOLATION LEVEL REPEATABLE READ");
            reader.rows("SELECT 1");
            transferCents("watched-", 300);
        }
        long watched = cellBytes();
        assertThat(watched).as("with an open snapshot").isGreaterThan(bytes + 5 * PAGE);

        books.sql().run("CREATE INDEX ON counterfoil_cell (last_at)");
        double indexed = hotShare(() -> transferCents("indexed-", 30));
        assertThat(indexed).as("with an index on what changes").isZero();
        System.out.printf(
                "PostgresHotRowRulesTest: hot updates %.3f, with an index on what changes %.3f; cells %d kB,"
                        + " after 300 updates beside an open snapshot %d kB%n",
                hot, indexed, bytes / 1024, watched / 1024);
    }

    @Test
    void thereIsRoomOnThePageForANewVersionOfEveryRow() throws Exception {
        double half = hotShareOfUpdatesOfAll("half", 500);
        assertThat(half).isGreaterThan(0.9);
        books.sql().run("ALTER TABLE counterfoil_cell SET (fillfactor = 100)");
        double full = hotShareOfUpdatesOfAll("full", 500);
        assertThat(full).as("with full pages").isLessThan(0.5);
        System.out.printf("PostgresHotRowRulesTest: hot updates %.3f, with full pages %.3f%n", half, full);
    }

    private double hotShareOfUpdatesOfAll(String kind, int size) throws Exception {
        List<Update> opened = new ArrayList<>();
        List<Update> changed = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            BalanceId cell = AccountId.of(kind, Integer.toString(i)).balance("cash", Till.SAR);
            opened.add(Update.of("open-" + kind + i)
                    .open(cell, "1.00", Limits.none())
                    .build());
            changed.add(Update.of("add-" + kind + i).add(cell, "1.00").build());
        }
        return hotShare(() -> {
            try (JdbcLedger ledger = books.ledger()) {
                ledger.applyEach(opened);
                ledger.applyEach(changed);
            } finally {
                books.closePools();
            }
        });
    }

    @Test
    void noIndexHasAColumnThatChanges() throws Exception {
        assertThat(books.sql()
                        .rows("SELECT DISTINCT a.attname FROM pg_index i JOIN pg_attribute a"
                                + " ON a.attrelid = i.indexrelid WHERE i.indrelid = " + CELL))
                .containsExactlyInAnyOrder("id", "namespace", "account_kind", "account_id", "name");
        assertThat(books.sql().one("SELECT reloptions FROM pg_class WHERE oid = " + CELL))
                .contains("fillfactor=50");
    }
}
