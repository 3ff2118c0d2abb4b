package dev.counterfoil.jdbc;

import static dev.counterfoil.jdbc.ServerBooks.cell;
import static dev.counterfoil.jdbc.ServerBooks.get;
import static dev.counterfoil.jdbc.ServerBooks.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.counterfoil.Applied;
import dev.counterfoil.Ledger;
import dev.counterfoil.Limits;
import dev.counterfoil.NotAppliedException;
import dev.counterfoil.Outcome;
import dev.counterfoil.Rejected;
import dev.counterfoil.Update;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Traps of MariaDB, each with what becomes of who does not know it. */
@Timeout(60)
class MariaDbTrapsTest {
    private static final List<String> LOOK_ALIKES = List.of("e", "E", "é", "É", "e ", "ê");

    private MariaDbBooks books;
    private Ledger other;

    @BeforeEach
    void openA() throws SQLException {
        books = new MariaDbBooks();
        other = books.ledger();
        other.apply(ServerBooks.opening("A")).orThrow();
    }

    @AfterEach
    void closeBooks() throws SQLException {
        books.close();
    }

    /** A deadlock would undo all. */
    @Test
    void aLockThatDoesNotComeUndoesItsStatementOnlySoTheLedgerUndoesTheRest() throws Exception {
        sendAnUpdateThatGetsNoFurtherThanItsNewCell(new Stage());
        books.assertSound();
        assertThat(books.count(books.table("cell"))).isEqualTo(1);
    }

    @Test
    void withoutTheRollbackAnUpdateWouldBeAppliedByHalf() throws Exception {
        sendAnUpdateThatGetsNoFurtherThanItsNewCell(new Stage().with("ROLLBACK", "COMMIT"));
        assertThat(books.count(books.table("cell"))).isEqualTo(2);
        assertThatThrownBy(books::assertSound).isInstanceOf(AssertionError.class);
    }

    /** A stranger holds its key, for longer than it waits. */
    private void sendAnUpdateThatGetsNoFurtherThanItsNewCell(Stage stage) throws SQLException {
        Ledger ledger = books.ledger(stage, books.pool(2), Duration.ofMillis(1500));
        try (Connection stranger = books.stranger()) {
            stranger.setAutoCommit(false);
            run(
                    stranger,
                    "INSERT INTO " + books.table("decision") + " (id, namespace, scope, `key`, fingerprint_version,"
                            + " fingerprint, outcome, balanced, recorded_at) VALUES (-1, '', '', 'k', 1, '', 'CLOSED',"
                            + " 0, UTC_TIMESTAMP())");
            Update opening =
                    Update.of("k").open(cell("X"), "5.00", Limits.none()).build();
            assertThatThrownBy(() -> ledger.apply(opening)).isInstanceOf(NotAppliedException.class);
            assertThat(stage.failures("1205")).isPositive();
            stranger.rollback();
        }
    }

    /** PostgreSQL would have undone the first. */
    @Test
    void toWhoCommitsAfterAFailedStatementAllLooksWell() throws SQLException {
        String mine = books.table("mine");
        books.run("CREATE TABLE " + mine + " (k INT PRIMARY KEY)");
        try (Connection plain = books.stranger()) {
            plain.setAutoCommit(false);
            run(plain, "INSERT INTO " + mine + " VALUES (1)");
            assertThatThrownBy(() -> run(plain, "INSERT INTO " + mine + " VALUES (2), (1)"))
                    .isInstanceOf(SQLException.class);
            plain.commit();
        }
        assertThat(books.query("SELECT k FROM " + mine)).as("half of it").containsExactly("1");
    }

    @Test
    void aKeyThatWasCommittedDuringTheWaitIsSeen() throws Exception {
        Stage stage = new Stage();
        assertThat(sendsAgainDuringTheCommit(stage, "").replayed()).isTrue();
        assertThat(stage.failures("1062")).isZero();
    }

    /** And the unique index lets no second one through: what is lost is time. */
    @Test
    void withAnEarlierSnapshotItWouldNotBeSeen() throws Exception {
        Stage stage = early();
        assertThat(sendsAgainDuringTheCommit(stage, "").replayed()).isTrue();
        assertThat(stage.failures("1062")).isPositive();
    }

    /** The default from 11.6.2 on. */
    @Test
    void withAnEarlierSnapshotAndSnapshotIsolationItIsAConflictAndTriedAgain() throws Exception {
        Stage stage = early();
        String on = "&sessionVariables=innodb_snapshot_isolation=ON";
        assertThat(sendsAgainDuringTheCommit(stage, on).replayed()).isTrue();
        assertThat(stage.failures("1020")).isPositive();
        assertThat(stage.failures("1062")).isZero();
    }

    /** In READ COMMITTED there is no conflict, whatever the server's default is. */
    @Test
    void withSnapshotIsolationTheLedgerHasNoMoreConflictsThanWithout() throws Exception {
        Stage stage = new Stage();
        String on = "&sessionVariables=innodb_snapshot_isolation=ON";
        assertThat(sendsAgainDuringTheCommit(stage, on).replayed()).isTrue();
        assertThat(stage.failures("1020")).isZero();
    }

    private static Stage early() {
        return new Stage()
                .with("ISOLATION LEVEL READ COMMITTED", "ISOLATION LEVEL REPEATABLE READ")
                .with("START TRANSACTION READ WRITE", "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ WRITE");
    }

    /** The answer to an update that was sent again, and waited for its cell while the first one committed. */
    private Applied sendsAgainDuringTheCommit(Stage stage, String options) throws Exception {
        Update update = Update.of("k").add(cell("A"), "1.00").build();
        Stage first = new Stage().stopsBeforeCommit();
        Ledger one = books.ledger(first);
        Ledger two = books.ledger(stage.patient(), books.pool(2, options), Duration.ofSeconds(10));
        Future<Outcome> original = books.begin(() -> one.apply(update));
        first.awaitStopped();
        Future<Outcome> again = books.begin(() -> two.apply(update));
        books.awaitBlocked(1);
        first.letGo();
        get(original).orThrow();
        assertThat(ServerBooks.cash(other, "A")).isEqualTo("101.00");
        return get(again).orThrow();
    }

    @Test
    void keysNamesAndReferencesThatLookAlikeAreDifferent() throws SQLException {
        for (String text : LOOK_ALIKES) {
            assertThat(opens(other, text)).as("<%s>", text).isFalse();
        }
        for (String text : LOOK_ALIKES) {
            assertThat(opens(other, text)).as("<%s>", text).isTrue();
            assertThat(ServerBooks.cash(other, text)).isEqualTo("1.00");
        }
        books.assertSound();
    }

    private static boolean opens(Ledger ledger, String text) {
        // Keys have no letters but those of ASCII.
        String key = text.matches("\\p{ASCII}+") ? text : "key " + LOOK_ALIKES.indexOf(text);
        return ledger.apply(Update.of(key)
                        .open(cell(text), "1.00", Limits.none())
                        .reference(key)
                        .build())
                .orThrow()
                .replayed();
    }

    /** As a table has it where nothing is said. */
    @Test
    void inTheUsualCollationTheyAreTheSame() throws SQLException {
        for (String table : List.of("cell", "decision")) {
            books.run("ALTER TABLE " + books.table(table) + " CONVERT TO CHARACTER SET utf8mb4");
        }
        Ledger ledger = books.ledger(new Stage(), books.pool(2), Duration.ofMillis(500));
        opens(ledger, "e");
        for (String text : LOOK_ALIKES.subList(1, LOOK_ALIKES.size())) {
            assertThatThrownBy(() -> opens(ledger, text)).as("<%s>", text).isInstanceOf(RuntimeException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"INSERT IGNORE INTO", "REPLACE INTO"})
    void whatHidesADuplicateTakesAKeyForAnother(String insert) throws SQLException {
        String mine = books.table("mine");
        try (Connection plain = books.stranger()) {
            run(plain, "SET SESSION sql_mode = ''");
            run(plain, "CREATE TABLE " + mine + " (k VARBINARY(3) PRIMARY KEY)");
            run(plain, insert + " " + mine + " VALUES ('abc-1')");
            run(plain, insert + " " + mine + " VALUES ('abc-2')");
        }
        assertThat(books.query("SELECT k FROM " + mine)).containsExactly("abc");
    }

    @Test
    void theLedgerSendsNoStatementThatHidesADuplicateOrCutsAValue() throws SQLException {
        Stage stage = new Stage();
        Ledger ledger = books.ledger(stage);
        ledger.apply(Update.of("k").open(cell("X"), "5.00", Limits.none()).build());
        ledger.apply(Update.of("k").open(cell("X"), "5.00", Limits.none()).build());
        ledger.apply(Update.of("k-2").openIfAbsent(cell("X")).build());
        assertThat(ledger.apply(Update.of("k-3").take(cell("none"), "1.00").build()))
                .isInstanceOf(Rejected.class);
        assertThat(stage.sent("INSERT INTO")).isPositive();
        for (String part : List.of("IGNORE ", "DUPLICATE", "REPLACE INTO", "LOW_PRIORITY")) {
            assertThat(stage.sent(part)).as(part).isZero();
        }
        assertThat(stage.sent("STRICT_ALL_TABLES")).isPositive();
    }

    /** To whom it happens it looks like a network that is down; to try again would help as little as there. */
    @Test
    void aStatementThatIsTooLongKillsTheConnection() throws SQLException {
        String mine = books.table("mine");
        books.run("CREATE TABLE " + mine + " (v LONGTEXT)");
        try (Connection plain = books.stranger();
                PreparedStatement insert = plain.prepareStatement("INSERT INTO " + mine + " VALUES (?)")) {
            insert.setString(1, "x".repeat(17 * 1024 * 1024));
            SQLException lost = catchThrowableOfType(SQLException.class, insert::executeUpdate);

            assertThat(lost.getSQLState()).startsWith("08");
            assertThat(plain.isValid(1)).isFalse();
        }
    }
}
