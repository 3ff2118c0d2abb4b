package dev.counterfoil.spi;

import static dev.counterfoil.spi.Verifying.found;
import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.Verification;
import dev.counterfoil.VerifyListener;
import dev.counterfoil.VerifyRequest;
import dev.counterfoil.spi.CellRow.CellState;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each kind of damage is found, and nothing else. */
class VerifyFindingsTest {
    private static final String MONEY = "a:money";
    private static final String A_MONEY = " acc/a:money";

    private final DamagedBooks books = Verifying.books();

    private void cell(String name, String component, @Nullable Object value) {
        books.cell(name, row -> With.changed(row, component, value));
    }

    private void state(String name, String component, @Nullable Object value) {
        books.cell(name, row -> {
            CellState state = With.changed(row.state(), component, value);
            return With.changed(row, "state", state);
        });
    }

    private void entry(String cell, long sequence, String component, @Nullable Object value) {
        books.entry(cell, sequence, row -> With.changed(row, component, value));
    }

    private void decision(String key, String component, @Nullable Object value) {
        books.decision(key, row -> With.changed(row, component, value));
    }

    private static VerifyRequest some() {
        return VerifyRequest.of("acc", "");
    }

    @Test
    void soundBooksAreFoundSound() {
        for (VerifyRequest request : List.of(VerifyRequest.all(), some(), some().sinceLast())) {
            Verification result = Verifying.verify(books, request, new VerifyListener() {});
            assertThat(result.sound()).isTrue();
            assertThat(result.cellsInAll()).isEqualTo(4);
            assertThat(result.cells()).isEqualTo(4);
            assertThat(result.entries()).isEqualTo(13);
            assertThat(result.pruned()).isZero();
        }
        Verification all = Verifying.verify(books, VerifyRequest.all(), new VerifyListener() {});
        assertThat(all.decisions()).isEqualTo(7);
        assertThat(all.toString()).isEqualTo("4 cells, 13 entries, 7 decisions: sound");
    }

    @ParameterizedTest
    @CsvSource({
        "a:money,amount,1000.00",
        "a:money,amount,79.99",
        "a:money,minimum,0",
        "a:money,minimum,",
        "a:money,maximum,1000.01",
        "a:money,value,x",
        "a:status,value,NEW",
        "a:status,amount,1",
    })
    void aCellThatIsNotItsEntriesIsFound(String cell, String component, @Nullable String value) {
        state(cell, component, value);
        assertThat(found(books)).containsExactly("CELL_DIFFERS acc/" + cell);
        assertThat(found(books, some())).containsExactly("CELL_DIFFERS acc/" + cell);
    }

    @Test
    void aCountAClosingAndALastUpdateThatNoEntryTellsAreFound() {
        state("a:log", "records", 3L);
        state(MONEY, "closed", true);
        cell("a:status", "lastKey", "k1");
        assertThat(found(books))
                .containsExactly("CELL_DIFFERS acc/a:log", "CELL_DIFFERS acc/a:money", "CELL_DIFFERS acc/a:status");
        Verification result = Verifying.verify(books, VerifyRequest.all(), new VerifyListener() {});
        assertThat(result.first().get(1).expected()).isEqualTo("closed false");
        assertThat(result.first().get(1).observed()).isEqualTo("closed true");
        assertThat(result.first()).allMatch(finding -> finding.correctable());
    }

    @Test
    void aCellThatWasSetBackIsFoundAlthoughItAgreesWithItsEntriesThere() {
        cell(MONEY, "version", 3L);
        state(MONEY, "amount", "50.00");
        state(MONEY, "minimum", "0");
        state(MONEY, "maximum", null);
        cell(MONEY, "lastKey", "k4");
        assertThat(found(books, some())).containsExactly("CELL_DIFFERS" + A_MONEY);
        Verification result = Verifying.verify(books, VerifyRequest.all(), new VerifyListener() {});
        assertThat(result.first().get(0).expected()).contains("amount 80.00", "version 5");
        assertThat(result.first().get(0).observed()).contains("amount 50.00", "version 3");
    }

    @Test
    void aCellThatWasSetBackWithItsEntriesIsFoundByTheDecisions() {
        books.entries.remove(books.entry(MONEY, 5));
        cell(MONEY, "version", 4L);
        state(MONEY, "amount", "50.00");
        cell(MONEY, "lastKey", "k6");
        cell(MONEY, "lastAt", books.entry(MONEY, 4).recordedAt());
        assertThat(found(books)).containsExactly("DECISION_WITHOUT_ENTRY" + A_MONEY + " #5");
        assertThat(found(books, some()))
                .as("the other entry of that update is there")
                .containsExactly("DECISION_WITHOUT_ENTRY" + A_MONEY + " #5");
    }

    @Test
    void missingEntriesAreFoundOncePerGap() {
        books.entries.remove(books.entry(MONEY, 2));
        books.entries.remove(books.entry(MONEY, 3));
        cell("b:money", "version", 5L);
        books.entries.remove(books.entry("a:log", 1));
        books.entries.remove(books.entry("a:status", 1));
        books.entries.remove(books.entry("a:status", 2));
        assertThat(found(books))
                .containsExactlyInAnyOrder(
                        "SEQUENCE_GAP acc/a:money #2",
                        "SEQUENCE_GAP acc/b:money #4",
                        "SEQUENCE_GAP acc/a:log #1",
                        "SEQUENCE_GAP acc/a:status #1",
                        "DECISION_WITHOUT_ENTRY acc/a:money #2",
                        "DECISION_WITHOUT_ENTRY acc/a:money #3",
                        "DECISION_WITHOUT_ENTRY acc/a:log #1",
                        "DECISION_WITHOUT_ENTRY acc/a:status #1",
                        "DECISION_WITHOUT_ENTRY acc/a:status #2");
    }

    @Test
    void anEntryThatIsThereTwiceIsFound() {
        books.entries.add(books.entry(MONEY, 3));
        assertThat(found(books)).containsExactly("SEQUENCE_REPEATED" + A_MONEY + " #3");
        assertThat(found(books, some())).containsExactly("SEQUENCE_REPEATED" + A_MONEY + " #3");
    }

    @Test
    void anAmountThatWasChangedGivesTwoFindingsInItsCell() {
        entry(MONEY, 3, "amount", "-5.00");
        assertThat(found(books))
                .containsExactly(
                        "AFTER_DIFFERS" + A_MONEY + " #3",
                        "AFTER_DIFFERS" + A_MONEY + " #4",
                        "DECISION_WITHOUT_ENTRY" + A_MONEY + " #3");
    }

    @Test
    void aChangeThatWasChangedIsFoundInTheEntryAndInTheSum() {
        entry(MONEY, 3, "delta", "-10.00");
        assertThat(found(books, some()))
                .containsExactlyInAnyOrder(
                        "AFTER_DIFFERS" + A_MONEY + " #3",
                        "CELL_DIFFERS" + A_MONEY,
                        "DECISION_WITHOUT_ENTRY" + A_MONEY + " #3");
    }

    @Test
    void anEntryThatMustNotMoveMoneyIsFoundWhereItDoes() {
        entry(MONEY, 4, "delta", "5.00");
        entry(MONEY, 4, "amount", "55.00");
        entry(MONEY, 5, "delta", "25.00");
        assertThat(found(books))
                .containsExactlyInAnyOrder(
                        "AFTER_DIFFERS" + A_MONEY + " #4",
                        "DECISION_WITHOUT_ENTRY" + A_MONEY + " #4",
                        "DECISION_WITHOUT_ENTRY" + A_MONEY + " #5",
                        "NOT_BALANCED");
    }

    @Test
    void aTextOrACountThatDoesNotFollowIsFound() {
        entry("a:log", 2, "records", 7L);
        assertThat(found(books))
                .containsExactly(
                        "AFTER_DIFFERS acc/a:log #2",
                        "AFTER_DIFFERS acc/a:log #3",
                        "DECISION_WITHOUT_ENTRY acc/a:log #2");
    }

    @Test
    void aLimitThatWasPassedIsFoundUnlessSomebodyHadAskedTo() {
        entry(MONEY, 1, "minimum", "60");
        assertThat(found(books)).containsExactly("LIMIT_PASSED" + A_MONEY + " #3");
        entry(MONEY, 3, "forced", "because");
        assertThat(found(books)).isEmpty();
    }

    @Test
    void limitsAreDirectional() {
        entry(MONEY, 4, "minimum", "90");
        state(MONEY, "minimum", "90");
        assertThat(found(books)).as("an increase below the minimum is welcome").isEmpty();
        entry(MONEY, 4, "maximum", "79.99");
        state(MONEY, "maximum", "79.99");
        assertThat(found(books)).containsExactly("LIMIT_PASSED" + A_MONEY + " #5");
    }

    @Test
    void entriesWhoseDecisionIsGoneOrWasRefusedAreFound() {
        long id = books.decision("k4").id();
        books.decisions.remove(books.decision("k4"));
        for (String cell : List.of(MONEY, "a:status", "a:log")) {
            long sequence = books.entries.stream()
                    .filter(row -> row.decisionId() == id
                            && row.cellId() == books.cells.get(cell).id())
                    .findFirst()
                    .orElseThrow()
                    .sequence();
            entry(cell, sequence, "outcome", null);
            entry(cell, sequence, "scope", null);
            entry(cell, sequence, "key", null);
        }
        assertThat(found(books))
                .containsExactly(
                        "ENTRY_WITHOUT_DECISION acc/a:log #2",
                        "ENTRY_WITHOUT_DECISION acc/a:money #3",
                        "ENTRY_WITHOUT_DECISION acc/a:status #2");
    }

    @Test
    void anEntryThatItsDecisionDoesNotTellIsFound() {
        books.entries.add(With.changed(
                With.changed(With.changed(books.entry(MONEY, 5), "sequence", 6L), "amount", "110.00"),
                "decisionId",
                books.decision("k6").id()));
        cell(MONEY, "version", 6L);
        state(MONEY, "amount", "110.00");
        assertThat(found(books)).containsExactly("ENTRY_WITHOUT_DECISION" + A_MONEY + " #6");
        assertThat(found(books, some())).containsExactly("ENTRY_WITHOUT_DECISION" + A_MONEY + " #6");
        decision("k6", "entries", null);
        assertThat(found(books)).as("it was pruned").isEmpty();
    }

    @Test
    void anUpdateThatDoesNotSumToZeroIsFound() {
        entry("b:money", 2, "delta", "31.00");
        assertThat(found(books))
                .contains("NOT_BALANCED", "AFTER_DIFFERS acc/b:money #2", "DECISION_WITHOUT_ENTRY acc/b:money #2");
        assertThat(found(books, VerifyRequest.of("acc", "a")))
                .as("seen from the other account, once")
                .containsExactly("DECISION_WITHOUT_ENTRY acc/b:money #2", "NOT_BALANCED");
    }

    @Test
    void keysReferencesAndReversalsThatAreThereTwiceAreFound() {
        int place = books.decisions.indexOf(books.decision("k5"));
        books.decisions.add(place, With.changed(books.decision("k5"), "id", 99L));
        decision("k4", "reference", "ref-1");
        decision("k6", "reversesKey", "k3");
        decision("k6", "reversesScope", "");
        assertThat(found(books)).containsExactlyInAnyOrder("KEY_TWICE", "REFERENCE_TWICE", "REVERSED_TWICE");
        assertThat(found(books, some())).containsExactlyInAnyOrder("REFERENCE_TWICE", "REVERSED_TWICE");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "null",
            value = {"abc", "80.001", "null", "1E2", "''", "123456789012345678901234567890123456789"})
    void amountsThatAreNoneAreFound(@Nullable String amount) {
        state(MONEY, "amount", amount);
        assertThat(found(books)).containsExactly("BAD_AMOUNT" + A_MONEY, "CELL_DIFFERS" + A_MONEY);
        state(MONEY, "amount", "80.00");
        entry(MONEY, 3, "delta", amount);
        assertThat(found(books))
                .containsExactly("BAD_AMOUNT" + A_MONEY + " #3", "DECISION_WITHOUT_ENTRY" + A_MONEY + " #3");
        entry(MONEY, 3, "delta", "-20.00");
        entry(MONEY, 3, "amount", amount);
        assertThat(found(books))
                .containsExactly("BAD_AMOUNT" + A_MONEY + " #3", "DECISION_WITHOUT_ENTRY" + A_MONEY + " #3");
    }

    @Test
    void zerosBehindThePointAreNoDamage() {
        state(MONEY, "amount", "80.000000000000000000");
        entry(MONEY, 3, "delta", "-20.000000000000000000");
        state(MONEY, "maximum", "1000.00");
        assertThat(found(books)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "null",
            value = {"unit,null", "unit,' '", "lastKey,''", "name,''"})
    void rowsOfCellsThatTheLedgerDoesNotWriteAreFound(String component, @Nullable String value) {
        books.decisions.clear();
        cell(MONEY, component, value);
        assertThat(found(books, some()).stream().filter(text -> text.startsWith("BAD_ROW")))
                .hasSize(1);
    }

    @Test
    void aBalanceThatWasMadeToCountSomethingElseIsFound() {
        cell("b:money", "unit", "EUR");
        assertThat(found(books))
                .containsExactly(
                        "ENTRY_WITHOUT_DECISION acc/b:money #1",
                        "ENTRY_WITHOUT_DECISION acc/b:money #2",
                        "ENTRY_WITHOUT_DECISION acc/b:money #3");
    }

    @Test
    void aKindOfCellThatThereIsNotIsFound() {
        cell(MONEY, "kind", "PURSE");
        assertThat(found(books)).containsExactly("BAD_ROW" + A_MONEY);
        cell(MONEY, "kind", "BALANCE");
        cell(MONEY, "accountKind", "");
        assertThat(found(books)).contains("BAD_ROW");
    }

    @Test
    void rowsOfEntriesThatTheLedgerDoesNotWriteAreFound() {
        entry(MONEY, 3, "type", "GIFT");
        entry("b:money", 2, "type", "APPEND");
        entry("a:status", 2, "value", null);
        entry("a:log", 3, "type", "");
        assertThat(found(books))
                .filteredOn(text -> !text.startsWith("DECISION"))
                .containsExactlyInAnyOrder(
                        "BAD_ROW acc/a:log #3",
                        "BAD_ROW acc/a:money #3",
                        "BAD_ROW acc/b:money #2",
                        "BAD_ROW acc/a:status #2");
    }

    @Test
    void entriesBeforeTheOpeningOrOfAClosedCellAreFound() {
        entry(MONEY, 4, "type", "CLOSE");
        entry("b:money", 2, "type", "OPEN");
        assertThat(found(books)).contains("BAD_ROW acc/a:money #5", "BAD_ROW acc/b:money #2");
    }

    @Test
    void rowsOfDecisionsThatTheLedgerDoesNotWriteAreFound() {
        decision("k5", "outcome", "NO");
        decision("k6", "entries", null);
        decision("k6", "unreadable", "no JSON");
        decision("k2", "key", "");
        assertThat(found(books)).containsExactlyInAnyOrder("BAD_ROW", "BAD_ROW", "BAD_ROW");
    }

    @Test
    void aPrunedDecisionIsCountedAndNoFinding() {
        decision("k6", "entries", null);
        Verification result = Verifying.verify(books, VerifyRequest.all(), new VerifyListener() {});
        assertThat(result.sound()).isTrue();
        assertThat(result.pruned()).isEqualTo(1);
    }

    @Test
    void moreFindingsThanAreKeptAreCountedAndTold() {
        for (int i = 0; i < 150; i++) {
            long id = 1000L + i;
            CellRow row = With.changed(With.changed(books.cells.get(MONEY), "id", id), "accountId", "x" + i);
            books.cells.put("x" + i, row);
        }
        assertThat(found(books)).hasSize(150).containsOnlyOnce("SEQUENCE_GAP acc/x0:money #1");
    }
}
