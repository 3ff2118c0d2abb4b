package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a ledger says of tables that it cannot work on, on each database: always what to do. */
@ParameterizedClass
@EnumSource
class SchemaErrorsTest extends SchemaFixture {
    /** However it is asked for. */
    private void refused(String... parts) {
        for (JdbcLedger.Builder builder :
                List.of(library(1), library(1).createSchema(), library(1).upgradeSchema())) {
            refused(builder).hasMessageContainingAll(parts);
        }
    }

    private static AbstractThrowableAssert<?, ?> refused(JdbcLedger.Builder builder) {
        return assertThatThrownBy(builder::build).isInstanceOf(SchemaException.class);
    }

    private void setVersion(String version) throws SQLException {
        run("UPDATE counterfoil_meta SET " + value() + " = '" + version + "' WHERE name = 'schema_version'");
    }

    @Test
    void missingTablesComeWithTheScriptThatMakesThem() {
        String folder = LaterLibrary.dialect(books, 2).schemaFolder();
        refused(library(1))
                .hasMessageContainingAll("counterfoil_… are not there", "call createSchema()")
                .hasMessageContaining("dev/counterfoil/jdbc/schema/" + folder + "/counterfoil-1.sql");
        refused(library(2)).hasMessageContaining("/counterfoil-2.sql");
    }

    @Test
    void whoHasTheWrongPrefixLearnsWhichOnesThereAre() throws SQLException {
        library(1).prefix("mine_").createSchema().build().close();
        run("CREATE TABLE other_meta (name varchar(9))");
        refused(library(1))
                .hasMessageContaining("such tables were seen as ")
                .hasMessageContaining("mine_…")
                .hasMessageNotContaining("other_");
    }

    @Test
    void whoHasTheWrongSchemaLearnsWhichOnesThereAre() throws SQLException {
        if (books == JoinedBooks.SQLITE) {
            refused(library(1).schema("money")).hasMessageContaining("SQLite has no schemas");
            return;
        }
        String schema = "money_" + System.nanoTime();
        library(1).schema(schema).createSchema().build().close();
        refused(library(1)).hasMessageContaining(schema + ".counterfoil_…");
        refused(library(1).schema("elsewhere"))
                .hasMessageContaining("not there in schema elsewhere")
                .hasMessageContaining(schema + ".counterfoil_…");
        run("DROP SCHEMA " + schema + (books == JoinedBooks.MARIADB ? "" : " CASCADE"));
    }

    @Test
    void aNewerVersionNeedsANewerLibrary() throws SQLException {
        make(1);
        setVersion("2");
        refused("have schema version 2", "knows version 1:", "use the version of the library", "a newer one");
        assertThat(version()).isEqualTo("2");
    }

    @Test
    void aVersionThatNobodyWroteIsNotGuessedAt() throws SQLException {
        make(1);
        for (String odd : List.of("0", "-1", "next", "1.5", "01", "99999999999")) {
            setVersion(odd);
            refused("have schema version " + odd, "no library of ours has written that");
        }
    }

    @Test
    void tablesWithoutAVersionAreHalfMade() throws SQLException {
        make(1);
        run("DELETE FROM counterfoil_meta");
        refused("have no schema version", "run it again", "choose another prefix or schema");
    }

    @Test
    void tablesThatAreThereInPartAreNamed() throws SQLException {
        make(1);
        run("DROP TABLE counterfoil_entry");
        refused("counterfoil_entry is missing beside the others");
    }

    @Test
    void aTableOfSomebodyElseIsLeftAlone() throws SQLException {
        run("CREATE TABLE counterfoil_meta (a varchar(9))", "INSERT INTO counterfoil_meta VALUES ('b')");
        refused("counterfoil_meta is not of this library", "choose another prefix or schema");
        try (PlainSql sql = sql()) {
            assertThat(sql.rows("SELECT * FROM counterfoil_meta")).containsExactly("b");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cell", "decision", "entry", "checkpoint"})
    void aTableOfSomebodyElseUnderOneOfOurNamesIsSeenBeforeAnythingIsMade(String table) throws SQLException {
        run("CREATE TABLE counterfoil_" + table + " (id integer)");
        refused("counterfoil_" + table + " is not of this library", "choose another prefix or schema");
        Set<String> there = new TreeSet<>();
        try (Connection connection = pool.getConnection();
                ResultSet rows = connection.getMetaData().getTables(connection.getCatalog(), null, "%", null)) {
            while (rows.next()) {
                there.add(rows.getString("TABLE_NAME").toLowerCase(Locale.ROOT));
            }
        }
        assertThat(there).filteredOn(name -> name.startsWith("counterfoil_")).containsExactly("counterfoil_" + table);
    }

    /** Where each statement commits. */
    @Test
    void ourOwnTablesThatAreHalfMadeAreCompleted() throws SQLException {
        assumeTrue(books == JoinedBooks.MARIADB || books == JoinedBooks.H2);
        make(1);
        run("DROP TABLE counterfoil_meta", "DROP TABLE counterfoil_decision");
        make(1);
        assertThat(version()).isEqualTo("1");
    }

    @Test
    void aStepThatHasNoScriptIsNamed() {
        make(1);
        refused(library(4).upgradeSchema()).hasMessageContaining("no script").hasMessageContaining("3-to-4");
    }
}
