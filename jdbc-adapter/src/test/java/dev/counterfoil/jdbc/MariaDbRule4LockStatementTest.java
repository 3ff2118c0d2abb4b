package dev.counterfoil.jdbc;

import static dev.counterfoil.jdbc.ServerBooks.cash;
import static dev.counterfoil.jdbc.ServerBooks.cell;
import static dev.counterfoil.jdbc.ServerBooks.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.Ledger;
import dev.counterfoil.Limits;
import dev.counterfoil.Outcome;
import dev.counterfoil.Update;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rule 4, the lock statement of MariaDB, which locks rows in the order in which its plan comes to them: so one index is
 * forced. The rows lie in the table in another order than that of their names.
 */
@Timeout(60)
class MariaDbRule4LockStatementTest {
    private static final List<String> IDS = List.of("A", "M", "Z");

    /** What cells are found by. */
    private static final Pattern BY_ADDRESS =
            Pattern.compile("(.*) c FORCE INDEX \\(([^)]*)\\) WHERE \\(([^)]*)\\) IN \\((.*)\\)( FOR UPDATE.*)");

    private MariaDbBooks books;
    private Ledger other;

    @BeforeEach
    void openCells() throws SQLException {
        books = new MariaDbBooks();
        other = books.ledger();
        for (String id : List.of("Z", "M", "A")) {
            open(id);
        }
        // So many that a plan may well choose.
        open(IntStream.range(0, 1000)
                .mapToObj(MariaDbRule4LockStatementTest::more)
                .toArray(String[]::new));
        books.run("ANALYZE TABLE " + books.table("cell"));
    }

    private static String more(int number) {
        return "more-%04d".formatted(number);
    }

    private void open(String... ids) {
        Update.Builder opening = Update.of("open-" + ids[0]);
        for (String id : ids) {
            opening.open(cell(id), "100.00", Limits.none());
        }
        other.apply(opening.build()).orThrow();
    }

    @AfterEach
    void closeBooks() throws SQLException {
        books.close();
    }

    /** Statements that say the same, and lock in another order. */
    enum Instead {
        /** In the order of the primary key. */
        ANOTHER_INDEX,
        /** In the order of a list, which here is backwards. */
        A_JOIN;

        private Stage stage() {
            return new Stage().changed(sql -> Stage.locks(sql) ? change(sql) : sql);
        }

        private String change(String sql) {
            return this == A_JOIN
                    ? join(sql)
                    : BY_ADDRESS.matcher(sql).replaceFirst("$1 c FORCE INDEX (PRIMARY) WHERE ($3) IN ($4)$5");
        }
    }

    private static String join(String sql) {
        var parts = BY_ADDRESS.matcher(sql);
        if (!parts.matches()) {
            throw new AssertionError(sql);
        }
        List<String> names = List.of(parts.group(3).split(", "));
        String columns = names.stream().map(name -> "w." + name).collect(Collectors.joining(", "));
        return parts.group(1).replaceAll("(SELECT |, )(?=[a-z`])", "$1c.")
                + " c FORCE INDEX (" + parts.group(2) + ") JOIN (WITH w(" + parts.group(3) + ") AS (VALUES "
                + parts.group(4) + ") SELECT w.* FROM w ORDER BY w.account_id DESC LIMIT 9999) w ON (c."
                + String.join(", c.", names) + ") = (" + columns + ")" + parts.group(5);
    }

    private static Update needs(String key, List<String> ids) {
        Update.Builder update = Update.of(key);
        ids.forEach(id -> update.add(cell(id), "1.00"));
        return update.build();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "&sessionVariables=in_predicate_conversion_threshold=2",
                "&sessionVariables=optimizer_switch='index_merge=off,mrr=on,mrr_sort_keys=on,mrr_cost_based=off'",
                "&sessionVariables=optimizer_max_sel_arg_weight=1"
            })
    void rowsAreLockedInTheOrderOfTheirNames(String options) throws Exception {
        assertThat(lockedBeforeM(new Stage(), options)).containsExactly("A");
    }

    @ParameterizedTest
    @EnumSource
    void otherwiseTheyAreLockedAsThePlanComesToThem(Instead instead) throws Exception {
        assertThat(lockedBeforeM(instead.stage(), "")).containsExactly("Z");
    }

    /** What an update of all three has locked when it comes to M, which a stranger holds. */
    private List<String> lockedBeforeM(Stage stage, String options) throws Exception {
        Ledger ledger = books.ledger(stage.patient(), books.pool(2, options), Duration.ofSeconds(10));
        try (Connection stranger = books.strangerHolding(cell("M"))) {
            Future<Outcome> waits = books.begin(() -> ledger.apply(needs("all-" + System.nanoTime(), IDS)));
            books.awaitBlocked(1);
            List<String> free =
                    books.query("SELECT account_id FROM " + books.table("cell") + " FOR UPDATE SKIP LOCKED");
            stranger.rollback();
            get(waits).orThrow();
            return IDS.stream()
                    .filter(id -> !id.equals("M") && !free.contains(id))
                    .toList();
        }
    }

    @Test
    void sessionsDoNotDeadlock() throws Exception {
        Stage one = new Stage();
        Stage two = new Stage();
        meetAtM(one, two);
        assertThat(one.failures("1213") + two.failures("1213")).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void sessionsWithUnlikePlansDeadlock(Instead instead) throws Exception {
        Stage one = new Stage();
        Stage two = instead.stage();
        meetAtM(one, two);
        assertThat(one.failures("1213") + two.failures("1213")).isEqualTo(1);
    }

    /** One has A and waits at M, the other has Z, if it goes its own way. */
    private void meetAtM(Stage one, Stage two) throws Exception {
        Ledger first = books.ledger(one.patient());
        Ledger second = books.ledger(two.patient());
        try (Connection stranger = books.strangerHolding(cell("M"))) {
            Future<Outcome> byName = books.begin(() -> first.apply(needs("first", IDS)));
            books.awaitBlocked(1);
            Future<Outcome> itsOwnWay = books.begin(() -> second.apply(needs("second", IDS)));
            books.awaitBlocked(2);
            stranger.rollback();
            get(byName).orThrow();
            get(itsOwnWay).orThrow();
        }
        assertThat(cash(other, "Z")).isEqualTo("102.00");
    }

    /** More than go into one statement: the lower ones first. */
    @Test
    void aListThatIsLockedInPiecesDoesNotDeadlockWithAShortOne() throws Exception {
        Stage one = new Stage();
        Stage two = new Stage();
        Ledger first = books.ledger(one.patient());
        Ledger second = books.ledger(two.patient());
        List<String> all = IntStream.range(0, 1000)
                .mapToObj(MariaDbRule4LockStatementTest::more)
                .toList();
        try (Connection stranger = books.strangerHolding(cell(more(50)))) {
            Future<Outcome> list = books.begin(() -> first.apply(needs("all", all)));
            books.awaitBlocked(1);
            Future<Outcome> pair = books.begin(() -> second.apply(needs("pair", List.of(more(60), more(999)))));
            books.await(() -> pair.isDone() || books.blocked() == 2);
            stranger.rollback();
            get(list).orThrow();
            get(pair).orThrow();
        }
        assertThat(one.locksSent()).as("pieces").isGreaterThan(1);
        assertThat(one.failures("1213") + two.failures("1213")).isZero();
        assertThat(cash(other, more(999))).isEqualTo("102.00");
    }

    /** From 1,000 on the server may make a join of a list. */
    @Test
    void noListIsSoLongThatTheServerMakesAJoinOfIt() throws SQLException {
        Stage stage = new Stage();
        Ledger ledger = books.ledger(stage);
        List<String> ids = IntStream.range(0, 1000)
                .mapToObj(MariaDbRule4LockStatementTest::more)
                .toList();
        ledger.apply(needs("all", ids)).orThrow();

        assertThat(stage.locksSent()).isEqualTo(2);
        String address = books.table("cell_address");
        assertThat(plan(900, "FORCE INDEX (" + address + ")"))
                .contains("range", address)
                .doesNotContain("derived");
        assertThat(plan(900, "")).as("where the server is left to itself").contains("ALL");
    }

    private String plan(int elements, String hint) throws SQLException {
        String list = IntStream.range(0, elements)
                .mapToObj(i -> "('', 'account', '" + more(i) + "', 'cash')")
                .collect(Collectors.joining(", "));
        return books.query("EXPLAIN FORMAT=JSON SELECT * FROM " + books.table("cell") + " " + hint
                        + " WHERE (namespace, account_kind, account_id, name) IN (" + list + ") FOR UPDATE")
                .get(0);
    }
}
