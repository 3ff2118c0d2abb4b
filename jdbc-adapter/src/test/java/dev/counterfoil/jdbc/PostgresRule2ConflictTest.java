package dev.counterfoil.jdbc;

import static dev.counterfoil.jdbc.PostgresBooks.cell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.counterfoil.Applied;
import dev.counterfoil.BatchException;
import dev.counterfoil.Ledger;
import dev.counterfoil.NotAppliedException;
import dev.counterfoil.Update;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rule 2, whose index it was: a violation of one of ours is tried again, a violation of a user's own is the update's fault. */
@Timeout(60)
class PostgresRule2ConflictTest {
    private PostgresBooks books;

    @BeforeEach
    void openA() throws SQLException {
        books = new PostgresBooks();
        books.ledger().apply(PostgresBooks.opening("A")).orThrow();
    }

    @AfterEach
    void closeBooks() throws SQLException {
        books.close();
    }

    private static Update.Builder adds(String key) {
        return Update.of(key).add(cell("A"), "1.00");
    }

    /** As servers of these languages say it: the words differ, and the marks about the name of the index too. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "duplicate key value violates unique constraint \"%\"",
                "doppelter Schlüsselwert verletzt Unique-Constraint »%«",
                "la valeur d''une clé dupliquée rompt la contrainte unique « % »",
                "llave duplicada viola restricción de unicidad «%»",
                "重複したキー値は一意性制約\"%\"違反となります"
            })
    void ourConflictsAreKnownInEveryLanguageOfTheServer(String words) throws SQLException {
        books.run("CREATE SEQUENCE " + books.table("conflicts"));
        books.run("CREATE FUNCTION " + books.table("conflict") + "() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                + " IF nextval('" + books.table("conflicts") + "') = 1 THEN RAISE '" + words + "', '"
                + books.table("decision_key") + "' USING ERRCODE = 'unique_violation'; END IF; RETURN NEW; END $$");
        books.run("CREATE TRIGGER conflict BEFORE INSERT ON " + books.table("decision")
                + " FOR EACH ROW EXECUTE FUNCTION " + books.table("conflict") + "()");
        Stage stage = new Stage();

        assertThat(books.ledger(stage).apply(adds("k").build())).isInstanceOf(Applied.class);
        assertThat(stage.failures("23505")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"users_own", "users_%"})
    void aUsersOwnUniqueIndexIsNoConflictOfOurs(String index) throws SQLException {
        books.run("CREATE UNIQUE INDEX " + index.replace("%", books.table("decision_key")) + " ON "
                + books.table("decision") + " (metadata)");
        Stage stage = new Stage();
        Ledger ledger = books.ledger(stage, books.pool(2), Duration.ofSeconds(5));
        // The server quotes the value, which looks like a name of ours.
        String metadata = '"' + books.table("decision_key") + '"';
        ledger.apply(adds("k").metadata(metadata).build()).orThrow();

        assertThatThrownBy(() -> ledger.apply(adds("k-2").metadata(metadata).build()))
                .isInstanceOf(NotAppliedException.class);
        assertThat(stage.failures("23505")).as("tries").isEqualTo(1);
    }

    @Test
    void theOthersOfAListGoOnWithoutTheOneThatAUsersIndexRefuses() throws SQLException {
        // The server names it as it would name one of ours: after the table.
        books.run("CREATE UNIQUE INDEX ON " + books.table("decision") + " (metadata)");
        Ledger ledger = books.ledger();
        ledger.apply(adds("k").metadata("m").build()).orThrow();

        assertThatThrownBy(() -> ledger.applyEach(List.of(
                        adds("k-2").build(),
                        adds("k-3").metadata("m").build(),
                        adds("k-4").build())))
                .isInstanceOf(BatchException.class)
                .hasMessageStartingWith("of 3 updates: 2 applied, 0 refused, 1 not applied");
        assertThat(PostgresBooks.cash(ledger, "A")).isEqualTo("103.00");
    }
}
