package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Tables with data in them are taken from one version to the next, on each database. */
@ParameterizedClass
@EnumSource
class SchemaUpgradeTest extends SchemaFixture {
    @Test
    void whatWasThereIsThereAfterwardsAndUpdatesGoOn() throws SQLException {
        List<String> keys;
        List<Object> before;
        try (JdbcLedger ledger = library(1).createSchema().build()) {
            open(ledger);
            keys = traffic(ledger, "one", 30);
            before = seen(ledger, keys);
        }
        try (JdbcLedger ledger = library(2).upgradeSchema().build()) {
            assertThat(version()).isEqualTo("2");
            assertThat(seen(ledger, keys)).isEqualTo(before);
            assertThat(open(ledger).replayed()).isTrue();
            List<String> all = new ArrayList<>(keys);
            all.addAll(traffic(ledger, "two", 30));
            assertSound(ledger, all);
        }
        try (PlainSql sql = sql()) {
            assertThat(sql.count("SELECT count(*) FROM counterfoil_decision WHERE origin = 'before'"))
                    .isEqualTo(61);
        }
    }

    @Test
    void whatWasUpgradedIsWhatIsMadeAnew() throws SQLException {
        library(1).prefix("old_").createSchema().build().close();
        library(2).prefix("old_").upgradeSchema().build().close();
        library(2).prefix("new_").createSchema().build().close();
        library(1).prefix("first_").createSchema().build().close();
        assertThat(shape("old_")).isEqualTo(shape("new_")).isNotEqualTo(shape("first_"));

        library(3).prefix("old_").upgradeSchema().build().close();
        library(3).prefix("newest_").createSchema().build().close();
        assertThat(shape("old_")).isEqualTo(shape("newest_")).isNotEqualTo(shape("new_"));
    }

    @Test
    void onlyTheTablesWithThePrefixAreUpgraded() throws SQLException {
        make(1);
        try (JdbcLedger other = library(1).prefix("other_").createSchema().build()) {
            open(other);
            upgradeTo(2);
            assertThat(version()).isEqualTo("2");
            assertThat(version("other_")).isEqualTo("1");
            traffic(other, "t", 5);
        }
    }

    @Test
    void onlyTheTablesInTheSchemaAreUpgraded() throws SQLException {
        assumeFalse(books == JoinedBooks.SQLITE, "SQLite has no schemas");
        String schema = "money_" + System.nanoTime();
        make(1);
        try (JdbcLedger here = library(1).build();
                JdbcLedger there = library(1).schema(schema).createSchema().build()) {
            open(there);
            library(2).schema(schema).upgradeSchema().build().close();
            assertThat(version(schema + ".counterfoil_")).isEqualTo("2");
            assertThat(version()).isEqualTo("1");
            open(here);
            traffic(there, "t", 5);
        }
        run("DROP SCHEMA " + schema + (books == JoinedBooks.MARIADB ? "" : " CASCADE"));
    }

    @Test
    void namespacesAreUpgradedTogether() {
        try (JdbcLedger ledger = library(1).namespace("a").createSchema().build()) {
            open(ledger);
            open(ledger.namespace("b"));
        }
        try (JdbcLedger ledger = library(2).namespace("a").upgradeSchema().build()) {
            traffic(ledger, "t", 5);
            assertThat(open(ledger.namespace("b")).replayed()).isTrue();
            assertThat(Till.cash(ledger.namespace("b"), 0)).isEqualByComparingTo("100.00");
        }
    }

    @Test
    void theTablesOfTheVersionBeforeAreLeftAloneUntilSomebodyAsks() throws SQLException {
        make(1);
        try (JdbcLedger ledger = library(2).createSchema().build()) {
            open(ledger);
        }
        assertThat(version()).isEqualTo("1");
        upgradeTo(2);
        upgradeTo(2);
        assertThat(version()).isEqualTo("2");
    }

    @Test
    void severalStepsAreTakenOneAfterTheOther() throws SQLException {
        List<String> keys;
        try (JdbcLedger ledger = library(1).createSchema().build()) {
            open(ledger);
            keys = traffic(ledger, "one", 10);
        }
        try (JdbcLedger ledger = library(3).upgradeSchema().build()) {
            assertThat(version()).isEqualTo("3");
            assertSound(ledger, keys);
        }
    }

    @Test
    void thePoolsOwnSettingsDoNotMatter() throws SQLException {
        HikariConfig settings = new HikariConfig();
        pool.copyStateTo(settings);
        settings.setAutoCommit(false);
        settings.setTransactionIsolation("TRANSACTION_SERIALIZABLE");
        try (HikariDataSource strict = new HikariDataSource(settings)) {
            library(1, strict).createSchema().build().close();
            try (JdbcLedger ledger = library(3, strict).upgradeSchema().build()) {
                open(ledger);
            }
            try (Connection connection = strict.getConnection()) {
                assertThat(connection.getAutoCommit()).isFalse();
                assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
            }
        }
        assertThat(version()).isEqualTo("3");
    }

    @Test
    void whoUpgradesWhereNothingIsMakesNothing() {
        assertThatThrownBy(() -> upgradeTo(2))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("are not there");
        try (JdbcLedger ledger = library(2).createSchema().upgradeSchema().build()) {
            open(ledger);
        }
    }

    /** At every statement there is, before it took effect and after, the last of all being the commit. */
    @Test
    void anUpgradeThatBreaksOffDoesNoHarmAndIsDoneAgain() throws SQLException {
        int statements = 0;
        boolean through = false;
        while (!through) {
            for (boolean after : new boolean[] {false, true}) {
                String prefix = (after ? "after" : "before") + statements + "_";
                through = brokenAt(statements, after, prefix);
            }
            statements++;
        }
        assertThat(statements).isBetween(6, 9);
    }

    /** True if it went through, because there is no such statement. */
    private boolean brokenAt(int number, boolean after, String prefix) throws SQLException {
        AtomicInteger left = new AtomicInteger(number);
        Between scissors = new Between() {
            @Override
            void before(String sql) throws SQLException {
                cut(sql, !after);
            }

            @Override
            void after(String sql) throws SQLException {
                cut(sql, after);
            }

            private void cut(String sql, boolean here) throws SQLException {
                boolean ofTheStep = sql.equals("COMMIT") || (sql.contains(prefix) && !sql.startsWith("SELECT"));
                if (here && ofTheStep && left.getAndDecrement() == 0) {
                    throw new SQLException("cut", "58000");
                }
            }
        };
        library(1).prefix(prefix).createSchema().build().close();
        boolean through = false;
        try {
            library(2, scissors.on(pool)).prefix(prefix).upgradeSchema().build().close();
            through = left.get() >= 0;
        } catch (SchemaException e) {
            assertThat(e).hasMessageContaining("cut");
        }
        try (JdbcLedger old = library(1).prefix(prefix).build()) {
            open(old);
        }
        try (JdbcLedger ledger = library(2).prefix(prefix).upgradeSchema().build()) {
            assertThat(open(ledger).replayed()).isTrue();
        }
        assertThat(version(prefix)).isEqualTo("2");
        return through;
    }
}
