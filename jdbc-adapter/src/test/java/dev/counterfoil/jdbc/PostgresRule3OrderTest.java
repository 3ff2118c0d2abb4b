package dev.counterfoil.jdbc;

import static dev.counterfoil.jdbc.PostgresBooks.cell;
import static dev.counterfoil.jdbc.PostgresBooks.get;
import static dev.counterfoil.jdbc.PostgresBooks.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.Applied;
import dev.counterfoil.Ledger;
import dev.counterfoil.Limits;
import dev.counterfoil.Outcome;
import dev.counterfoil.Rejected;
import dev.counterfoil.Update;
import dev.counterfoil.spi.CellAddress;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Rule 3, the order in which things are acquired: locks of rows, new cells, decisions, each sorted by the bytes of its names.
 * Some callers send lists in which they share one of the three, each list shuffled anew.
 */
@Timeout(120)
class PostgresRule3OrderTest {
    private static final int CALLERS = 6;
    private static final int ROUNDS = 3;

    /** Upper and lower case, accents, beginnings of others, and two that Java's own order of strings puts the other way round. */
    private static final List<String> IDS =
            List.of("B", "a", "A", "ab", "a b", "é", "e", "Z", "ß", "\uFF5E", "\uD83D\uDE00", "1", "10", "2");

    private static final String MIDDLE = "ab";

    private PostgresBooks books;
    private Ledger other;
    private Random random;

    @BeforeEach
    void openCells() throws SQLException {
        long seed = Long.getLong("counterfoil.seed", System.nanoTime());
        System.out.println("PostgresRule3OrderTest: seed " + seed);
        random = new Random(seed);
        books = new PostgresBooks();
        other = books.ledger();
        other.apply(PostgresBooks.opening(IDS.toArray(String[]::new))).orThrow();
    }

    @AfterEach
    void closeBooks() throws SQLException {
        books.close();
    }

    @Test
    void namesHaveOneOrderInJavaAndInTheDatabase() throws SQLException {
        List<String> byBytes = new ArrayList<>(IDS);
        byBytes.sort((a, b) ->
                Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8)));
        TreeSet<CellAddress> addresses = new TreeSet<>();
        IDS.forEach(id -> addresses.add(CellAddress.of("", cell(id))));

        assertThat(addresses).extracting(address -> address.account().id()).isEqualTo(byBytes);
        String rows = "SELECT account_id FROM " + books.table("cell") + " ORDER BY ";
        assertThat(books.query(rows + "namespace, account_kind, account_id, name"))
                .isEqualTo(byBytes);
        // What it would be without the care for it.
        assertThat(books.query(rows + "account_id COLLATE \"en-x-icu\"")).isNotEqualTo(byBytes);
        assertThat(new TreeSet<>(IDS).stream().toList()).isNotEqualTo(byBytes);
    }

    /** What all threads share: the rows of cells that are there, the names of new ones, or keys. */
    enum Shared {
        ROWS,
        NEW_CELLS,
        KEYS
    }

    @ParameterizedTest
    @EnumSource
    void listsThatShareThemDoNotDeadlock(Shared shared) throws Exception {
        Stage stage = new Stage().patient();
        List<Ledger> ledgers = List.of(books.ledger(stage), books.ledger(stage));
        for (int round = 0; round < ROUNDS; round++) {
            meet(ledgers, stage, round, shared);
        }

        assertThat(stage.failures("40P01")).isZero();
        if (shared != Shared.ROWS) {
            assertThat(stage.failures("23505")).as("so often they met").isPositive();
        }
        books.assertSound();
    }

    @ParameterizedTest
    @EnumSource
    void theyDeadlockWhereTheOrderIsMissing(Shared shared) throws Exception {
        Stage stage = new Stage().patient();
        switch (shared) {
            case ROWS -> stage.with(Stage.SORT, " ORDER BY random()");
            case NEW_CELLS -> shuffleInserts(stage, "cell");
            case KEYS -> shuffleInserts(stage, "decision");
        }
        List<Ledger> ledgers = List.of(books.ledger(stage), books.ledger(stage));
        int round = 0;
        while (stage.failures("40P01") == 0) {
            assertThat(round).as("rounds without a deadlock").isLessThan(20);
            meet(ledgers, stage, round++, shared);
        }
        System.out.println(shared + " without order: first deadlock in round " + round);
        // They are tried again, and nothing is lost: the order spares failures.
        books.assertSound();
    }

    private void shuffleInserts(Stage stage, String table) {
        String insert = "(INSERT INTO [^ ]*" + books.table(table) + "\" \\([^)]*\\)) ([^;]*)";
        // Around the rows: beside arrays that are taken apart in a list of columns the server sorts before it does so.
        stage.changed(sql -> sql.replaceAll(insert, "$1 SELECT * FROM ($2) AS rows ORDER BY random()"));
    }

    /** All callers at once. A stranger holds what comes in the middle until each of them waits for him or for another. */
    private void meet(List<Ledger> ledgers, Stage stage, int round, Shared shared) throws Exception {
        String prefix = shared + "-" + round + "-";
        List<Future<List<Outcome>>> calls = new ArrayList<>();
        try (Connection stranger = books.stranger()) {
            stranger.setAutoCommit(false);
            run(stranger, holdingTheMiddle(shared, prefix));
            for (int t = 0; t < CALLERS; t++) {
                Ledger ledger = ledgers.get(t % ledgers.size());
                List<Update> list = list(shared, prefix, t);
                calls.add(books.begin(() -> ledger.applyEach(list)));
            }
            books.await(() -> stage.failures("40P01") > 0 || books.blocked() == CALLERS);
            stranger.rollback();
        }
        List<Outcome> all = new ArrayList<>();
        for (Future<List<Outcome>> call : calls) {
            all.addAll(get(call));
        }
        assertThat(all).noneMatch(Rejected.class::isInstance);
        assertThat(all.stream().filter(Applied.class::isInstance).map(Outcome::key))
                .as("a key that others have for other cells is applied once")
                .hasSize(IDS.size() * (shared == Shared.KEYS ? 1 : CALLERS))
                .doesNotHaveDuplicates();
    }

    private String holdingTheMiddle(Shared shared, String prefix) {
        String cells = books.table("cell");
        String decisions = books.table("decision");
        return switch (shared) {
            case ROWS -> "SELECT 1 FROM " + cells + " WHERE account_id = '" + MIDDLE + "' FOR UPDATE";
            case NEW_CELLS ->
                "INSERT INTO " + cells + " SELECT -1, namespace, account_kind, '" + prefix + MIDDLE
                        + "', name, kind, unit, scale, amount, NULL, NULL, NULL, NULL, 0, 1, '', 'k', last_at FROM "
                        + cells + " WHERE account_id = '" + MIDDLE + "'";
            case KEYS ->
                "INSERT INTO " + decisions + " SELECT -1, namespace, scope, '" + prefix + IDS.indexOf(MIDDLE)
                        + "', 1, '', 'CLOSED', NULL, NULL, NULL, 0, recorded_at FROM " + decisions
                        + " WHERE key = 'opening'";
        };
    }

    /** In an order of its own. */
    private List<Update> list(Shared shared, String prefix, int caller) {
        List<Update> list = new ArrayList<>();
        for (String id : IDS) {
            String key = prefix + IDS.indexOf(id);
            String own = key + "-" + caller;
            list.add(
                    switch (shared) {
                        case ROWS -> Update.of(own).add(cell(id), "1.00").build();
                        case NEW_CELLS ->
                            Update.of(own).openIfAbsent(cell(prefix + id)).build();
                        case KEYS -> Update.of(key).open(cell(own)).build();
                    });
        }
        Collections.shuffle(list, random);
        return list;
    }

    /** Of a decision there is one row for key and reference, so only the keys can be sorted. */
    @Test
    void aDeadlockOverReferencesIsTriedAgain() throws Exception {
        Stage stage = new Stage().patient();
        Ledger ledger = books.ledger(stage);
        List<Update> one = List.of(
                Update.of("k-1").add(cell("a"), "1.00").reference("X").build(),
                Update.of("k-2").add(cell("a"), "1.00").build(),
                Update.of("k-3").add(cell("a"), "1.00").reference("Y").build());
        List<Update> two = List.of(
                Update.of("k-4")
                        .open(cell("n"), "1.00", Limits.none())
                        .reference("Y")
                        .build(),
                Update.of("k-5").add(cell("n"), "1.00").reference("X").build());
        try (Connection stranger = books.stranger()) {
            stranger.setAutoCommit(false);
            run(
                    stranger,
                    "INSERT INTO " + books.table("decision") + " SELECT -1, namespace, scope, 'k-2', 1, '', 'CLOSED',"
                            + " NULL, NULL, NULL, 0, recorded_at FROM " + books.table("decision"));
            Future<List<Outcome>> first = books.begin(() -> ledger.applyEach(one));
            books.awaitBlocked(1);
            Future<List<Outcome>> second = books.begin(() -> ledger.applyEach(two));
            books.awaitBlocked(2);
            stranger.rollback();

            List<Outcome> all = new ArrayList<>(get(first));
            all.addAll(get(second));
            assertThat(all).filteredOn(Applied.class::isInstance).hasSize(3);
        }
        assertThat(stage.failures("40P01")).isPositive();
        books.assertSound();
    }
}
