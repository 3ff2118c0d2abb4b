package dev.counterfoil.jdbc;

import static dev.counterfoil.jdbc.PostgresBooks.cash;
import static dev.counterfoil.jdbc.PostgresBooks.cell;
import static dev.counterfoil.jdbc.PostgresBooks.get;
import static dev.counterfoil.jdbc.PostgresBooks.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.counterfoil.Ledger;
import dev.counterfoil.Limits;
import dev.counterfoil.Outcome;
import dev.counterfoil.Update;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Rule 4, the lock statement: in the order of the rows, with a lock that leaves foreign keys alone, and at its end before the
 * look-up begins. The rows lie in the table in another order than that of their names.
 */
@Timeout(60)
class PostgresRule4LockStatementTest {
    private static final String NESTED_LOOP = "-c enable_hashjoin=off -c enable_mergejoin=off";
    private static final String HASH_JOIN = "-c enable_nestloop=off -c enable_mergejoin=off -c enable_indexscan=off"
            + " -c enable_bitmapscan=off -c enable_indexonlyscan=off";

    private static final List<String> IDS = List.of("A", "M", "Z");

    private PostgresBooks books;
    private Ledger other;

    @BeforeEach
    void openCells() throws SQLException {
        books = new PostgresBooks();
        other = books.ledger();
        for (String id : List.of("Z", "M", "A")) {
            open(id);
        }
        // So many that a plan may well read the table from its beginning.
        Update.Builder more = Update.of("more");
        for (int i = 0; i < 1000; i++) {
            more.open(cell("more-" + i));
        }
        other.apply(more.build()).orThrow();
        books.run("ANALYZE " + books.table("cell"));
    }

    private void open(String id) {
        other.apply(Update.of("open-" + id)
                        .open(cell(id), "100.00", Limits.none())
                        .build())
                .orThrow();
    }

    @AfterEach
    void closeBooks() throws SQLException {
        books.close();
    }

    private Ledger ledger(Stage stage, String options) {
        return books.ledger(
                stage.patient().anyPlan(), books.pool(3, Map.of("options", options)), Duration.ofSeconds(10));
    }

    private static Stage unsorted() {
        return new Stage().without(Stage.SORT);
    }

    private static Update needsAll(String key) {
        Update.Builder update = Update.of(key);
        IDS.forEach(id -> update.add(cell(id), "1.00"));
        return update.build();
    }

    @ParameterizedTest
    @CsvSource({
        "Nested Loop, " + NESTED_LOOP,
        "Nested Loop, " + NESTED_LOOP + " -c enable_seqscan=off",
        "Hash Join, " + HASH_JOIN,
        "Hash Join, " + HASH_JOIN + " -c enable_sort=off",
        "Merge Join, -c enable_nestloop=off -c enable_hashjoin=off",
        "Nested Loop, -c enable_nestloop=off -c enable_hashjoin=off -c enable_seqscan=off",
    })
    void rowsAreLockedInTheOrderOfTheirNamesWhateverThePlan(String join, String options) throws Exception {
        Stage stage = new Stage();
        assertThat(lockedBeforeM(stage, options)).containsExactly("A");
        assertThat(plan(stage, options)).contains(join);
    }

    @Test
    void withoutTheSortTheyAreLockedAsTheyLieInTheTable() throws Exception {
        assertThat(lockedBeforeM(unsorted(), HASH_JOIN)).containsExactly("Z");
        assertThat(lockedBeforeM(unsorted(), NESTED_LOOP)).containsExactly("A");
    }

    /** What an update of all three has locked when it comes to M, which a stranger holds. */
    private List<String> lockedBeforeM(Stage stage, String options) throws Exception {
        Ledger ledger = ledger(stage, options);
        try (Connection stranger = books.strangerHolding(cell("M"))) {
            Future<Outcome> waits = books.begin(() -> ledger.apply(needsAll("all-" + System.nanoTime())));
            books.awaitBlocked(1);
            List<String> free =
                    books.query("SELECT account_id FROM " + books.table("cell") + " FOR NO KEY UPDATE SKIP LOCKED");
            stranger.rollback();
            get(waits).orThrow();
            return IDS.stream()
                    .filter(id -> !id.equals("M") && !free.contains(id))
                    .toList();
        }
    }

    /** How the server would run the lock statement that was sent. */
    private String plan(Stage stage, String options) throws SQLException {
        String sent = stage.last("FOR NO KEY UPDATE OF c;");
        String lock = sent.substring(sent.indexOf("SELECT c."), sent.indexOf(" OF c;"));
        try (Connection connection = books.pool(1, Map.of("options", options)).getConnection();
                PreparedStatement explain = connection.prepareStatement("EXPLAIN " + lock)) {
            int bound = 0;
            for (String id : IDS) {
                for (String part : List.of("", "account", id, "cash")) {
                    explain.setString(++bound, part);
                }
            }
            StringBuilder plan = new StringBuilder();
            try (ResultSet row = explain.executeQuery()) {
                while (row.next()) {
                    plan.append(row.getString(1)).append('\n');
                }
            }
            return plan.toString();
        }
    }

    @Test
    void sessionsWithUnlikePlansDoNotDeadlock() throws Exception {
        Stage one = new Stage();
        Stage two = new Stage();
        meetAtM(one, two);
        assertThat(one.failures("40P01") + two.failures("40P01")).isZero();
    }

    @Test
    void withoutTheSortSessionsWithUnlikePlansDeadlock() throws Exception {
        Stage one = unsorted();
        Stage two = unsorted();
        meetAtM(one, two);
        assertThat(one.failures("40P01") + two.failures("40P01")).isEqualTo(1);
    }

    private void meetAtM(Stage one, Stage two) throws Exception {
        Ledger hashing = ledger(one, HASH_JOIN);
        Ledger nesting = ledger(two, NESTED_LOOP);
        try (Connection stranger = books.strangerHolding(cell("M"))) {
            Future<Outcome> first = books.begin(() -> hashing.apply(needsAll("first")));
            books.awaitBlocked(1);
            Future<Outcome> second = books.begin(() -> nesting.apply(needsAll("second")));
            books.awaitBlocked(2);
            stranger.rollback();
            get(first).orThrow();
            get(second).orThrow();
        }
        assertThat(cash(other, "Z")).isEqualTo("102.00");
    }

    @Test
    void usersForeignKeysAreNotHeldUp() throws Exception {
        assertThat(ticketBesideAnUpdate(new Stage())).isEqualTo(1);
    }

    @Test
    void aStrongerLockWouldHoldUpUsersForeignKeys() {
        assertThatThrownBy(() -> ticketBesideAnUpdate(new Stage().with("FOR NO KEY UPDATE", "FOR UPDATE")))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("55P03"));
    }

    /** A user's row that refers to a cell, inserted while an update of the cell has not committed. */
    private long ticketBesideAnUpdate(Stage stage) throws Exception {
        String ticket = books.table("ticket");
        books.run("CREATE TABLE " + ticket + " (cell_id bigint REFERENCES " + books.table("cell") + ")");
        stage.stopsBeforeCommit();
        Ledger ledger = books.ledger(stage);
        Future<Outcome> update = books.begin(() -> ledger.apply(needsAll("all")));
        stage.awaitStopped();
        try (Connection user = books.stranger()) {
            run(user, "SET lock_timeout = '200ms'");
            run(user, "INSERT INTO " + ticket + " SELECT id FROM " + books.table("cell") + " WHERE account_id = 'A'");
        } finally {
            stage.letGo();
            get(update).orThrow();
        }
        return books.count(ticket);
    }

    @Test
    void aKeyThatCameIntoBeingDuringTheWaitIsSeen() throws Exception {
        Stage stage = new Stage().stopsBeforeCommit();
        Ledger ledger = books.ledger(stage);
        Ledger waiting = books.ledger(new Stage().patient());
        Future<Outcome> first = books.begin(() -> ledger.apply(needsAll("k")));
        stage.awaitStopped();
        Future<Outcome> again = books.begin(() -> waiting.apply(needsAll("k")));
        // The same in one statement, as a stranger would write it.
        Connection stranger = books.stranger();
        Future<List<String>> merged = books.begin(() -> PostgresBooks.query(
                stranger,
                "WITH locked AS (SELECT amount FROM " + books.table("cell")
                        + " WHERE account_id = 'A' FOR NO KEY UPDATE) SELECT amount::text || ' ' || count(key) FROM locked"
                        + " LEFT JOIN " + books.table("decision") + " ON key = 'k' GROUP BY amount"));
        books.awaitBlocked(2);
        stage.letGo();

        assertThat(get(first).orThrow().replayed()).isFalse();
        assertThat(get(again).orThrow().replayed()).isTrue();
        assertThat(get(merged))
                .as("the new amount beside no key: a second update would be applied")
                .containsExactly("101.00 0");
    }

    /** Rows that a driver fetches a few at a time are locked a few at a time: after the look-ups. */
    @Test
    void aFetchSizeOfTheDriverDoesNotSplitTheLockStatement() throws Exception {
        Stage opener = new Stage().stopsBeforeCommit();
        Ledger opens = books.ledger(opener);
        Ledger fetching = books.ledger(
                new Stage().patient(), books.pool(3, Map.of("defaultRowFetchSize", "1")), Duration.ofSeconds(10));
        Future<Outcome> opened = books.begin(() -> opens.apply(Update.of("opens")
                .add(cell("Z"), "1.00")
                .open(cell("X"), "5.00", Limits.none())
                .build()));
        opener.awaitStopped();
        Future<Outcome> needed = books.begin(() -> fetching.apply(Update.of("needs")
                .add(cell("A"), "1.00")
                .add(cell("Z"), "1.00")
                .take(cell("X"), "2.00")
                .build()));
        books.awaitBlocked(1);
        opener.letGo();
        get(opened).orThrow();

        assertThat(get(needed).orThrow().receipt().balance(cell("X"))).isEqualTo("3.00");
    }
}
