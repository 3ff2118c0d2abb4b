package dev.counterfoil.jdbc;

import static dev.counterfoil.jdbc.ServerBooks.cell;
import static dev.counterfoil.jdbc.ServerBooks.get;
import static dev.counterfoil.jdbc.ServerBooks.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.Applied;
import dev.counterfoil.KeyReused;
import dev.counterfoil.Ledger;
import dev.counterfoil.Outcome;
import dev.counterfoil.Update;
import dev.counterfoil.spi.CellAddress;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Rule 3, the order in which things are acquired: new cells, then decisions, each sorted by the bytes of its names. (The order
 * of the locks of rows is that of the index: rule 4.)
 */
@Timeout(60)
class MariaDbRule3OrderTest {
    /** Upper and lower case, accents, beginnings of others, trailing blanks, and two that Java's own order puts otherwise. */
    private static final List<String> IDS =
            List.of("B", "a", "A", "ab", "a b", "a ", "é", "e", "Z", "ß", "\uFF5E", "\uD83D\uDE00", "1", "10", "2");

    private MariaDbBooks books;

    @BeforeEach
    void openBooks() throws SQLException {
        books = new MariaDbBooks();
        books.ledger().apply(ServerBooks.opening("template")).orThrow();
    }

    @AfterEach
    void closeBooks() throws SQLException {
        books.close();
    }

    @Test
    void namesHaveOneOrderInJavaAndInTheDatabase() throws SQLException {
        books.ledger().apply(opening()).orThrow();
        List<String> byBytes = new ArrayList<>(IDS);
        byBytes.sort((a, b) ->
                Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8)));
        TreeSet<CellAddress> addresses = new TreeSet<>();
        IDS.forEach(id -> addresses.add(CellAddress.of("", cell(id))));

        assertThat(addresses).extracting(address -> address.account().id()).isEqualTo(byBytes);
        String rows = "SELECT account_id FROM " + books.table("cell") + " WHERE account_id <> 'template' ORDER BY ";
        assertThat(books.query(rows + "namespace, account_kind, account_id, name"))
                .isEqualTo(byBytes);
        // What it would be without the care for it.
        assertThat(books.query(rows + "account_id COLLATE utf8mb4_general_ci, id"))
                .isNotEqualTo(byBytes);
    }

    private static Update opening() {
        Update.Builder opening = Update.of("ids");
        IDS.forEach(id -> opening.open(cell(id)));
        return opening.build();
    }

    /** What two callers share: the names of new cells, or keys. */
    enum Shared {
        NEW_CELLS("cell", "account_id"),
        KEYS("decision", "`key`");

        private final String table;
        private final String column;

        Shared(String table, String column) {
            this.table = table;
            this.column = column;
        }
    }

    @ParameterizedTest
    @EnumSource
    void listsThatShareThemDoNotDeadlock(Shared shared) throws Exception {
        assertThat(meet(shared, new Stage())).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void theyDeadlockWhereOneInsertsTheOtherWayRound(Shared shared) throws Exception {
        Stage backwards = new Stage()
                .changed(sql -> sql.replaceAll(
                                "(INSERT INTO [^ ]*" + books.table(shared.table) + "`) (\\(.*?\\)) (VALUES .*)",
                                "$1 $2 WITH v $2 AS ($3) SELECT * FROM v ORDER BY " + shared.column + " DESC")
                        .replace(", value,", ", `value`,"));
        assertThat(meet(shared, backwards)).isEqualTo(1);
    }

    /**
     * One caller inserts the first, and waits at the middle, which a stranger holds; then another inserts the last, if that
     * is its way, or waits for the first. How often they deadlocked.
     */
    private long meet(Shared shared, Stage two) throws Exception {
        Stage one = new Stage();
        one.patient().stopsBefore(sql -> sql.startsWith("INSERT"));
        two.patient().stopsBefore(sql -> sql.startsWith("INSERT"));
        Ledger first = books.ledger(one);
        Ledger second = books.ledger(two);
        try (Connection stranger = books.stranger()) {
            Future<List<Outcome>> forwards = books.begin(() -> first.applyEach(list(shared, "one", "z", "m", "a")));
            one.awaitStopped();
            Future<List<Outcome>> other = books.begin(() -> second.applyEach(list(shared, "two", "a", "z")));
            two.awaitStopped();
            stranger.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            stranger.setAutoCommit(false);
            run(stranger, holding(shared));
            one.letGo();
            books.awaitBlocked(1);
            two.letGo();
            books.awaitBlocked(2);
            stranger.rollback();

            assertThat(get(forwards)).hasSize(3);
            assertThat(get(other)).hasSize(2);
        }
        books.assertSound();
        return one.failures("1213") + two.failures("1213");
    }

    private static List<Update> list(Shared shared, String caller, String... names) {
        return Stream.of(names)
                .map(name -> shared == Shared.KEYS
                        ? Update.of(name).open(cell(caller + name)).build()
                        : Update.of(caller + name).openIfAbsent(cell(name)).build())
                .toList();
    }

    private String holding(Shared shared) {
        return shared == Shared.KEYS
                ? holdingKey("m")
                : "INSERT INTO " + books.table("cell")
                        + " SELECT -1, namespace, account_kind, 'm', name, kind, unit, scale,"
                        + " amount, NULL, NULL, NULL, NULL, 0, 1, '', 'k', last_at, 0 FROM " + books.table("cell");
    }

    private String holdingKey(String key) {
        return "INSERT INTO " + books.table("decision") + " SELECT -1, namespace, scope, '" + key + "', 1, '',"
                + " 'CLOSED', NULL, NULL, NULL, 0, recorded_at, NULL, NULL, NULL FROM " + books.table("decision");
    }

    /** All who wait for one key get its gap at once, and then each wants to insert into it: no order helps. */
    @Test
    void whereTheFirstOfThreeWithOneKeyRollsBackTheOthersDeadlockAndNoneSeesAFault() throws Exception {
        Stage stage = new Stage().patient();
        Ledger one = books.ledger(stage);
        Ledger two = books.ledger(stage);
        List<Future<Outcome>> calls = new ArrayList<>();
        try (Connection stranger = books.stranger()) {
            stranger.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            stranger.setAutoCommit(false);
            run(stranger, holdingKey("k"));
            calls.add(
                    books.begin(() -> one.apply(Update.of("k").open(cell("one")).build())));
            calls.add(
                    books.begin(() -> two.apply(Update.of("k").open(cell("two")).build())));
            books.awaitBlocked(2);
            stranger.rollback();
        }
        List<Outcome> outcomes = List.of(get(calls.get(0)), get(calls.get(1)));
        assertThat(outcomes).filteredOn(Applied.class::isInstance).hasSize(1);
        assertThat(outcomes).filteredOn(KeyReused.class::isInstance).hasSize(1);
        assertThat(stage.failures("1213")).isEqualTo(1);
        books.assertSound();
    }
}
