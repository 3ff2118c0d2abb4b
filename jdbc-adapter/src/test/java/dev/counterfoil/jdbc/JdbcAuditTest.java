package dev.counterfoil.jdbc;

import static dev.counterfoil.jdbc.Audits.soon;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.Balance;
import dev.counterfoil.BalanceEntry;
import dev.counterfoil.BalanceId;
import dev.counterfoil.EntryType;
import dev.counterfoil.JournalId;
import dev.counterfoil.Key;
import dev.counterfoil.KeyReused;
import dev.counterfoil.Limits;
import dev.counterfoil.Receipt;
import dev.counterfoil.ReceiptEntry;
import dev.counterfoil.RegisterId;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.jdbc.dialect.Dialect;
import dev.counterfoil.jdbc.dialect.H2Dialect;
import dev.counterfoil.jdbc.dialect.MariaDbDialect;
import dev.counterfoil.jdbc.dialect.PostgresDialect;
import dev.counterfoil.jdbc.dialect.SqliteDialect;
import dev.counterfoil.spi.Answer;
import dev.counterfoil.spi.AuditStore;
import dev.counterfoil.spi.AuditStore.EntryPlace;
import dev.counterfoil.spi.AuditStore.EntryRange;
import dev.counterfoil.spi.CellAddress;
import dev.counterfoil.spi.CellRow;
import dev.counterfoil.spi.CellRow.CellState;
import dev.counterfoil.spi.CellRow.Checkpoint;
import dev.counterfoil.spi.Correction;
import dev.counterfoil.spi.DecisionId;
import dev.counterfoil.spi.DecisionRow;
import dev.counterfoil.spi.EntryRow;
import dev.counterfoil.spi.Fingerprint;
import dev.counterfoil.spi.StoreException;
import dev.counterfoil.spi.StoredDecision;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What verification asks of a store, on each database: the rows as they stand, page by page. */
@ParameterizedClass
@EnumSource
@Timeout(120)
class JdbcAuditTest {
    private static final Unit SAR = Unit.of("SAR", 2);
    private static final List<AccountId> ACCOUNTS = List.of(
            AccountId.of("a", "1"),
            AccountId.of("a", "10"),
            AccountId.of("a", "2"),
            AccountId.of("aa", "1"),
            AccountId.of("b", "\ud83d\ude00 happy"),
            AccountId.of("b", "\ufb01n"));

    @Parameter
    JoinedBooks books;

    @TempDir
    Path directory;

    private HikariDataSource pool;
    private JdbcLedger ledger;
    private AuditStore audit;

    @BeforeEach
    void openBooks() throws SQLException {
        pool = books.open(directory);
        ledger = JdbcLedger.builder(pool).createSchema().build();
        Dialect dialect =
                switch (books) {
                    case SQLITE -> new SqliteDialect();
                    case POSTGRESQL -> new PostgresDialect();
                    case MARIADB -> new MariaDbDialect();
                    case H2 -> new H2Dialect();
                };
        audit = Audits.of(pool, dialect);
        for (AccountId account : ACCOUNTS) {
            ledger.apply(Update.of("open-" + ACCOUNTS.indexOf(account))
                            .open(cash(account), "100.00", Limits.atLeast("0.75"))
                            .open(status(account), "new")
                            .open(log(account))
                            .build())
                    .orThrow();
        }
        ledger.namespace("other")
                .apply(Update.of("open-0")
                        .open(cash(ACCOUNTS.get(0)), "1.00", Limits.none())
                        .build())
                .orThrow();
    }

    @AfterEach
    void closeBooks() {
        ledger.close();
        pool.close();
    }

    private static BalanceId cash(AccountId account) {
        return account.balance("cash", SAR);
    }

    private static RegisterId status(AccountId account) {
        return account.register("status");
    }

    private static JournalId log(AccountId account) {
        return account.journal("log");
    }

    private void run(String... sql) throws SQLException {
        try (PlainSql plain = new PlainSql(pool.getConnection())) {
            if (books == JoinedBooks.SQLITE) {
                plain.run("DROP TRIGGER IF EXISTS counterfoil_entry_no_delete");
                plain.run("DROP TRIGGER IF EXISTS counterfoil_decision_no_update");
            }
            plain.run(sql);
        }
    }

    private CellRow row(BalanceId cell) throws StoreException {
        CellRow row = audit.cellRow(CellAddress.of("", cell), soon());
        assertThat(row).isNotNull();
        return row;
    }

    private List<CellRow> pages(@Nullable String kind, String prefix, int size) throws StoreException {
        List<CellRow> all = new ArrayList<>();
        List<String> after = null;
        while (true) {
            List<CellRow> page = audit.cellRows("", kind, prefix, after, size % 2 == 0, size, soon());
            assertThat(page).hasSizeLessThanOrEqualTo(size);
            all.addAll(page);
            if (page.isEmpty()) {
                return all;
            }
            after = page.get(page.size() - 1).address();
        }
    }

    @Test
    void pagesOfAnySizeHoldEveryCellOnceInOneOrder() throws Exception {
        List<CellRow> all = audit.cellRows("", null, "", null, false, 1000, soon());
        assertThat(all).hasSize(3 * ACCOUNTS.size());
        assertThat(audit.countCells("", null, "", soon())).isEqualTo(all.size());
        if (books != JoinedBooks.H2) {
            // Which compares texts as Java does.
            assertThat(all.stream().map(JdbcAuditTest::address).toList())
                    .containsExactlyElementsOf(
                            all.stream().map(JdbcAuditTest::address).collect(Collectors.toCollection(TreeSet::new)));
        }
        for (int size : List.of(1, 2, 3, 4, 7, 18, 100)) {
            assertThat(pages(null, "", size)).as("pages of %s", size).isEqualTo(all);
            for (String kind : List.of("a", "aa", "b", "c")) {
                for (String prefix : List.of("", "1", "10", "2", "\ud83d\ude00", "\ufb01", "x")) {
                    List<CellRow> some = all.stream()
                            .filter(row -> row.accountKind().equals(kind)
                                    && row.accountId().startsWith(prefix))
                            .toList();
                    assertThat(pages(kind, prefix, size)).as(kind + prefix).isEqualTo(some);
                    assertThat(audit.countCells("", kind, prefix, soon())).isEqualTo(some.size());
                }
            }
        }
    }

    private static CellAddress address(CellRow row) {
        return new CellAddress("", AccountId.of(row.accountKind(), row.accountId()), row.name());
    }

    @Test
    void aRowComesAsItStands() throws Exception {
        BalanceId cell = cash(ACCOUNTS.get(0));
        CellRow row = row(cell);
        assertThat(row.state()).isEqualTo(new CellState("100.00", "0.75", null, null, null, false));
        assertThat(List.of(row.kind(), "" + row.unit(), "" + row.scale(), "" + row.version(), row.lastKey()))
                .containsExactly("BALANCE", "SAR", "2", "1", "open-0");
        run("UPDATE counterfoil_cell SET amount = '100.005', closed = 1 WHERE id = " + row.id());
        assertThat(row(cell).state()).isEqualTo(new CellState("100.005", "0.75", null, null, null, true));
        run("UPDATE counterfoil_cell SET amount = '0.00' WHERE id = " + row.id());
        assertThat(row(cell).state().amount()).isEqualTo("0.00");
        assertThat(audit.cellRow(CellAddress.of("", AccountId.of("a", "nobody").journal("log")), soon()))
                .isNull();
    }

    /** Cells with 1, 30 and 7 entries more than that of their opening; of one some are missing. */
    private List<CellRow> tall() throws Exception {
        int[] more = {1, 30, 7};
        List<CellRow> cells = new ArrayList<>();
        for (int i = 0; i < more.length; i++) {
            for (int n = 0; n < more[i]; n++) {
                ledger.apply(Update.of("add-" + i + "-" + n)
                                .add(cash(ACCOUNTS.get(i)), "0.10")
                                .build())
                        .orThrow();
            }
            cells.add(row(cash(ACCOUNTS.get(i))));
        }
        run("DELETE FROM counterfoil_entry WHERE cell_id = " + cells.get(1).id()
                + " AND (sequence BETWEEN 3 AND 11 OR sequence BETWEEN 14 AND 20)");
        return cells;
    }

    @ParameterizedTest
    @ValueSource(longs = {31, 1_000_000, Long.MAX_VALUE})
    void entriesComeInTheOrderOfTheRangesHoweverManyAreMissing(long end) throws Exception {
        List<CellRow> cells = tall();
        List<EntryRange> ranges = List.of(
                new EntryRange(cells.get(1).id(), 1, end),
                new EntryRange(cells.get(2).id(), 0, 8),
                new EntryRange(4711, 0, 5),
                new EntryRange(cells.get(0).id(), 1, 1),
                new EntryRange(cells.get(0).id(), 1, 2));
        List<EntryRow> all = audit.entryRows(ranges, 1000, soon());
        assertThat(all).hasSize(30 - 16 + 8 + 1);
        assertThat(all.get(14).amount()).isEqualTo("100.00");
        assertThat(all.get(15).amount()).isEqualTo("100.10");
        assertThat(all.get(15).delta()).isEqualTo("0.10");
        assertThat(all.get(14).minimum()).isEqualTo("0.75");
        assertThat(all.get(15).key()).isEqualTo("add-2-0");
        assertThat(all.get(15).outcome()).isEqualTo("APPLIED");
        for (int limit = 1; limit <= all.size() + 1; limit++) {
            assertThat(audit.entryRows(ranges, limit, soon()))
                    .as("limit %s", limit)
                    .isEqualTo(all.subList(0, Math.min(limit, all.size())));
        }
        assertThat(audit.entryRows(List.of(), 10, soon())).isEmpty();
    }

    @Test
    void anEntryIsFoundByItsPlace() throws Exception {
        List<CellRow> cells = tall();
        BalanceId second = cash(ACCOUNTS.get(1));
        List<EntryPlace> places = List.of(
                new EntryPlace(second, 31),
                new EntryPlace(second, 5),
                new EntryPlace(AccountId.of("a", "nobody").journal("log"), 1),
                // Of another kind and unit, which the place does not mind.
                new EntryPlace(second.account().register("cash"), 2),
                new EntryPlace(second, 31));
        List<@Nullable EntryRow> found = audit.entryRowsAt("", places, soon());
        List<EntryRow> expected =
                audit.entryRows(List.of(new EntryRange(cells.get(1).id(), 0, 31)), 100, soon());
        EntryRow last = expected.get(expected.size() - 1);
        assertThat(found).isEqualTo(Arrays.asList(last, null, null, expected.get(1), last));
        assertThat(audit.entryRowsAt("nobody", places, soon()))
                .containsOnlyNulls()
                .hasSize(5);
        assertThat(audit.entryRowsAt("", List.of(), soon())).isEmpty();
    }

    @Test
    void decisionsComeInTheOrderOfTheirKeysAndByTheirIds() throws Exception {
        AccountId account = ACCOUNTS.get(0);
        for (String key : List.of("x", "y", "z")) {
            ledger.apply(Update.of(Key.of("client", key))
                    .transfer(cash(account), cash(ACCOUNTS.get(1)), key.equals("y") ? "1000.00" : "1.00")
                    .build());
        }
        List<DecisionRow> all = audit.decisionRows("", null, 1000, soon());
        assertThat(all.stream().map(row -> row.scope() + "/" + row.key()).toList())
                .containsExactly(
                        "/open-0",
                        "/open-1",
                        "/open-2",
                        "/open-3",
                        "/open-4",
                        "/open-5",
                        "client/x",
                        "client/y",
                        "client/z");
        assertThat(all.get(0).entries()).hasSize(3);
        assertThat(all.get(7).entries()).isEmpty();
        assertThat(all.get(7).outcome()).isEqualTo("BELOW_MINIMUM");
        assertThat(all.get(8).balanced()).isTrue();
        assertThat(all).allSatisfy(row -> assertThat(row.unreadable()).isNull());
        for (int size : List.of(1, 2, 5)) {
            List<DecisionRow> pages = new ArrayList<>();
            List<DecisionRow> page = audit.decisionRows("", null, size, soon());
            while (!page.isEmpty()) {
                assertThat(page).hasSizeLessThanOrEqualTo(size);
                pages.addAll(page);
                page = audit.decisionRows("", pages.get(pages.size() - 1), size, soon());
            }
            assertThat(pages).as("pages of %s", size).isEqualTo(all);
        }
        assertThat(audit.decisionRows(List.of(all.get(3).id(), 4711L, all.get(1).id()), soon()))
                .containsExactlyInAnyOrder(all.get(1), all.get(3));
        assertThat(audit.decisionRows(List.of(), soon())).isEmpty();

        run(
                "UPDATE counterfoil_decision SET detail = '{\"entries\":[' WHERE id = "
                        + all.get(0).id(),
                "UPDATE counterfoil_decision SET detail = '{}' WHERE id = "
                        + all.get(7).id(),
                "UPDATE counterfoil_decision SET detail = NULL WHERE id = "
                        + all.get(1).id());
        List<DecisionRow> damaged = audit.decisionRows("", null, 1000, soon());
        for (int broken : List.of(0, 7)) {
            assertThat(damaged.get(broken).entries()).isNull();
            assertThat(damaged.get(broken).unreadable()).contains("cannot be read");
        }
        assertThat(damaged.get(1).entries()).isNull();
        assertThat(damaged.get(1).unreadable()).isNull();
    }

    @Test
    void whatIsHeldOrReversedTwiceIsTold() throws Exception {
        AccountId account = ACCOUNTS.get(0);
        List<Applied> applied = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            applied.add(ledger.apply(Update.of("paid-" + i)
                            .add(cash(account), "1.00")
                            .reference("invoice-" + i)
                            .build())
                    .orThrow());
        }
        for (int i = 0; i < 3; i++) {
            ledger.apply(Update.reversalOf("back-" + i, applied.get(i).receipt())
                            .build())
                    .orThrow();
        }
        List<String> references = List.of("invoice-0", "invoice-1", "invoice-1", "invoice-2", "nothing");
        assertThat(audit.heldTwice("", references, soon())).isEmpty();
        assertThat(audit.reversedTwice("", reversals(), soon())).isEmpty();
        String on = books == JoinedBooks.MARIADB ? " ON counterfoil_decision" : "";
        run(
                "DROP INDEX counterfoil_decision_reference" + on,
                "DROP INDEX counterfoil_decision_reverses" + on,
                "UPDATE counterfoil_decision SET reference = 'invoice-1' WHERE reference = 'invoice-3'",
                "UPDATE counterfoil_decision SET reverses_key = 'paid-0' WHERE reverses_key = 'paid-2'");
        assertThat(audit.heldTwice("", references, soon())).containsExactly("invoice-1");
        assertThat(audit.heldTwice("other", references, soon())).isEmpty();
        assertThat(audit.reversedTwice("", reversals(), soon()).stream().map(DecisionRow::key))
                .containsExactlyInAnyOrder("back-0", "back-2");
        assertThat(audit.heldTwice("", List.of(), soon())).isEmpty();
        assertThat(audit.reversedTwice("", List.of(), soon())).isEmpty();
    }

    private List<DecisionRow> reversals() throws StoreException {
        return audit.decisionRows("", null, 1000, soon()).stream()
                .filter(row -> row.reversesKey() != null)
                .toList();
    }

    @Test
    void aCheckpointStandsInThePlaceOfTheOneBefore() throws Exception {
        List<CellRow> before = audit.cellRows("", "a", "1", null, true, 3, soon());
        assertThat(before).allSatisfy(row -> assertThat(row.checkpoint()).isNull());
        for (int version = 1; version <= 2; version++) {
            List<Checkpoint> kept = new ArrayList<>();
            for (CellRow row : before) {
                kept.add(0, new Checkpoint(row.id(), version, row.state()));
            }
            audit.keepCheckpoints(kept, soon());
            List<CellRow> after = audit.cellRows("", "a", "1", null, true, 3, soon());
            assertThat(after.stream().map(CellRow::checkpoint)).containsExactlyInAnyOrderElementsOf(kept);
            assertThat(audit.cellRows("", "a", "1", null, false, 3, soon())).isEqualTo(before);
        }
        audit.keepCheckpoints(List.of(), soon());
    }

    private Correction correction(CellRow seen, String key, String to) {
        BalanceId cell = cash(ACCOUNTS.get(0));
        BigDecimal amount = new BigDecimal(to);
        Key id = Key.of(key);
        DecisionId decision = new DecisionId("", id);
        Fingerprint fingerprint = new Fingerprint(1, (to.replace(".", "") + "0".repeat(64)).substring(0, 64));
        return new Correction(seen, decision, fingerprint, at -> {
            long sequence = seen.version() + 1;
            BigDecimal zero = new BigDecimal("0.00");
            return new Correction.Made(
                    new Balance(cell, amount, Limits.atLeast("0.75"), sequence, false, id, at),
                    new BalanceEntry(cell, sequence, EntryType.RESTORE, zero, amount, null, "why", id, 0, at, null),
                    new StoredDecision(
                            decision,
                            fingerprint,
                            new Applied(
                                    new Receipt(
                                            id,
                                            at,
                                            null,
                                            null,
                                            null,
                                            null,
                                            List.of(new ReceiptEntry.OfBalance(
                                                    0, cell, EntryType.RESTORE, sequence, zero, amount))),
                                    false),
                            false));
        });
    }

    @Test
    void aCorrectionIsWrittenOnceForTheRowThatItWasMadeFor() throws Exception {
        BalanceId cell = cash(ACCOUNTS.get(0));
        run("UPDATE counterfoil_cell SET amount = '7.005' WHERE id = "
                + row(cell).id());
        CellRow seen = row(cell);
        run("UPDATE counterfoil_cell SET amount = '8.005' WHERE id = " + seen.id());
        assertThat(audit.correct(correction(seen, "mend", "100.00"), soon())).isInstanceOf(Answer.Stale.class);
        assertThat(ledger.find("mend")).isEmpty();
        seen = row(cell);
        Correction right = correction(seen, "mend", "100.00");
        Answer.Decided first = (Answer.Decided) audit.correct(right, soon());
        assertThat(((Applied) first.outcome()).replayed()).isFalse();
        assertThat(row(cell).state().amount()).isEqualTo("100.00");
        assertThat(row(cell).version()).isEqualTo(2);
        assertThat(ledger.read(cell.account()).balance(cell)).isEqualTo("100.00");
        Answer.Decided again = (Answer.Decided) audit.correct(right, soon());
        assertThat(again.outcome()).isEqualTo(new Applied(((Applied) first.outcome()).receipt(), true));
        assertThat(((Answer.Decided) audit.correct(correction(row(cell), "mend", "9.00"), soon())).outcome())
                .isInstanceOf(KeyReused.class);
        ledger.apply(Update.of("later").add(cell, "1.00").build()).orThrow();
        assertThat(ledger.read(cell.account()).balance(cell)).isEqualTo("101.00");
        List<EntryRow> entries = audit.entryRows(List.of(new EntryRange(seen.id(), 0, 10)), 10, soon());
        assertThat(entries.stream().map(EntryRow::type)).containsExactly("OPEN", "RESTORE", "INCREMENT");
        assertThat(entries.get(1).forced()).isEqualTo("why");
    }
}
