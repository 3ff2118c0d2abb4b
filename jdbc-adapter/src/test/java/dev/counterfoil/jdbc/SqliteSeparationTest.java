package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Ledger;
import dev.counterfoil.Limits;
import dev.counterfoil.Outcome;
import dev.counterfoil.PageRequest;
import dev.counterfoil.Rejected;
import dev.counterfoil.Update;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What shares a file and must not know of each other. */
@Timeout(60)
class SqliteSeparationTest {
    @TempDir
    Path directory;

    private Path file;
    private String url;

    @BeforeEach
    void names() {
        file = directory.resolve("books.db");
        url = "jdbc:sqlite:" + file;
    }

    @Test
    void ledgersOfTwoPrefixesDoNotSeeEachOther() {
        try (JdbcLedger one =
                        JdbcLedger.builder(url).prefix("one_").createSchema().build();
                JdbcLedger two =
                        JdbcLedger.builder(url).prefix("two_").createSchema().build()) {
            assertDoNotSeeEachOther(one, two);
        }
    }

    @Test
    void oneNameOfATableMayBeginAnother() {
        try (JdbcLedger one =
                        JdbcLedger.builder(url).prefix("a_").createSchema().build();
                JdbcLedger two =
                        JdbcLedger.builder(url).prefix("a_cell_").createSchema().build()) {
            assertDoNotSeeEachOther(one, two);
        }
    }

    @Test
    void ledgersOfTwoNamespacesDoNotSeeEachOther() {
        try (JdbcLedger one = JdbcLedger.open(url);
                JdbcLedger two = one.namespace("two");
                JdbcLedger three = JdbcLedger.builder(url)
                        .namespace("three")
                        .createSchema()
                        .build()) {
            assertDoNotSeeEachOther(one, two);
            assertDoNotSeeEachOther(three.namespace("four"), three.namespace("five"));
            assertThat(three.find("same-key")).isEmpty();
        }
    }

    private static void assertDoNotSeeEachOther(Ledger one, Ledger two) {
        BalanceId cash = AccountId.of("drawer", "same").balance("cash", Till.SAR);
        Update opening = Update.of("same-key").open(cash, "5.00", Limits.none()).build();
        Applied first = one.apply(opening).orThrow();
        assertThat(two.find("same-key")).isEmpty();
        assertThat(two.read(cash.account()).cells()).isEmpty();
        assertThat(two.history(cash, PageRequest.first(9)).items()).isEmpty();
        assertThat(two.accounts("drawer", "", PageRequest.first(9)).items()).isEmpty();
        Outcome missing = two.apply(Update.of("take").take(cash, "1.00").build());
        assertThat(missing).isInstanceOf(Rejected.class);
        assertThat(two.apply(opening).orThrow().replayed()).isFalse();

        Update reference =
                Update.of("ref").reference("invoice/1").add(cash, "1.00").build();
        assertThat(one.apply(reference).orThrow().replayed()).isFalse();
        assertThat(two.apply(reference).orThrow().replayed()).isFalse();
        Update reversal = Update.reversalOf("back", first.receipt()).build();
        assertThat(one.apply(reversal).orThrow().replayed()).isFalse();
        assertThat(two.read(cash.account()).balance(cash)).isEqualByComparingTo("6.00");
        assertThat(two.apply(reversal).orThrow().replayed()).isFalse();
        assertThat(one.find("take")).isEmpty();
    }

    @Test
    void theOwnersTablesInTheSameFileAreLeftAlone() throws SQLException {
        try (PlainSql sql = new PlainSql(file)) {
            sql.run(
                    "CREATE TABLE cell (a TEXT)",
                    "CREATE TABLE counterfoil (a TEXT)",
                    "CREATE TABLE Xcounterfoil_entry (a TEXT)",
                    "INSERT INTO cell VALUES ('mine')",
                    "INSERT INTO counterfoil VALUES ('mine')",
                    "PRAGMA user_version = 7",
                    "PRAGMA application_id = 9");
        }
        try (JdbcLedger ledger = JdbcLedger.open(url);
                PlainSql sql = new PlainSql(file)) {
            Till.apply(ledger, Till.opening());
            sql.run("BEGIN IMMEDIATE", "INSERT INTO cell VALUES ('mine too')", "COMMIT");
            Till.apply(ledger, Till.cent("c-1"));
            assertThat(sql.rows("SELECT a FROM cell")).containsExactly("mine", "mine too");
            assertThat(sql.rows("SELECT a FROM counterfoil")).containsExactly("mine");
            assertThat(sql.rows("SELECT a FROM Xcounterfoil_entry")).isEmpty();
            assertThat(sql.count("PRAGMA user_version")).isEqualTo(7);
            assertThat(sql.count("PRAGMA application_id")).isEqualTo(9);
        }
    }
}
