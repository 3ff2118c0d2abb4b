package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.Update;
import dev.counterfoil.Verification;
import dev.counterfoil.VerifyRequest;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What a verification must find: each kind of damage, planted by plain SQL as an operator, a bug or an attacker would do it, is
 * found where it is, and nothing else.
 */
abstract class DamageContract extends DamageFixture {
    private static final String COPIED =
            "namespace, scope, {key}, fingerprint_version, fingerprint, outcome, reference,"
                    + " reverses_scope, reverses_key, balanced, recorded_at, effective_at, metadata, detail";

    DamageContract(JoinedBooks books) {
        super(books, false);
    }

    @Test
    void wholeBooksHaveNothingWrong() {
        Verification verification = ledger.verify(VerifyRequest.all());
        assertThat(verification.sound()).as(verification.first()::toString).isTrue();
        assertThat(verification.cells()).isEqualTo(6);
        assertThat(verification.cellsInAll()).isEqualTo(6);
        assertThat(verification.entries()).isEqualTo(7 + 7 + 2 + 3 + 2 + 4);
        assertThat(verification.decisions()).isEqualTo(15);
        assertThat(verification.pruned()).isZero();
    }

    private void damageCell(String id, String change) throws SQLException {
        damage("UPDATE {cell} SET " + change + " WHERE id = " + id);
    }

    private void damageEntry(int drawer, int sequence, String change) throws SQLException {
        damage("UPDATE {entry} SET " + change + " WHERE cell_id = " + id(drawer) + " AND sequence = " + sequence);
    }

    private void deleteEntries(int drawer, String which) throws SQLException {
        damage("DELETE FROM {entry} WHERE cell_id = " + id(drawer) + " AND " + which);
    }

    @Test
    void aBalanceThatWasChangedByHand() throws SQLException {
        damageCell(id(0), "amount = '1000000.00'");
        assertFound("CELL_DIFFERS drawer/0:cash");
    }

    @Test
    void twoBalancesThatWereChangedByHandSoThatTheirSumStays() throws SQLException {
        damageCell(id(0), "amount = '0.00'");
        damageCell(id(1), "amount = '200.00'");
        assertFound("CELL_DIFFERS drawer/0:cash", "CELL_DIFFERS drawer/1:cash");
    }

    @Test
    void limitsThatWereChangedByHand() throws SQLException {
        damageCell(id(0), "minimum = NULL");
        damageCell(id(1), "minimum = '-5'");
        damageCell(id(2), "maximum = '1000000'");
        assertFound("CELL_DIFFERS drawer/0:cash", "CELL_DIFFERS drawer/1:cash", "CELL_DIFFERS drawer/2:cash");
    }

    @Test
    void aCellThatWasClosedByHand() throws SQLException {
        damageCell(id(0), "closed = 1");
        assertFound("CELL_DIFFERS drawer/0:cash");
    }

    @Test
    void aTextAndACountThatWereChangedByHand() throws SQLException {
        damageCell(id(STATUS), "{value} = 'shipped'");
        damageCell(id(LOG), "records = 2");
        assertFound("CELL_DIFFERS order/7:log", "CELL_DIFFERS order/7:status");
    }

    @Test
    void aCellThatNamesAnotherUpdateAsItsLast() throws SQLException {
        damageCell(id(0), "last_key = 't-1'");
        assertFound("CELL_DIFFERS drawer/0:cash");
    }

    /** What comes next would be recorded then, in all cells that it touches. */
    @Test
    void aTimeThatWasChangedByHand() throws SQLException {
        damageCell(id(0), "last_at = " + timeOf(0, 1));
        assertFound("CELL_DIFFERS drawer/0:cash");
    }

    private String timeOf(int drawer, int sequence) throws SQLException {
        return "(SELECT recorded_at FROM {entry} WHERE cell_id = " + id(drawer) + " AND sequence = " + sequence + ")";
    }

    @Test
    void aRowThatWasSetBack() throws SQLException {
        damageCell(id(0), "amount = '97.00', version = 6, last_key = 't-4'");
        assertFound("CELL_DIFFERS drawer/0:cash");
    }

    @Test
    void aVersionThatRunsAheadOfTheEntries() throws SQLException {
        damageCell(id(0), "version = 9");
        assertFound("SEQUENCE_GAP drawer/0:cash #8");
    }

    @Test
    void anEntryThatIsMissingInTheMiddle() throws SQLException {
        deleteEntries(0, "sequence = 4");
        assertFound("SEQUENCE_GAP drawer/0:cash #4", "DECISION_WITHOUT_ENTRY drawer/0:cash #4 t-3");
    }

    @Test
    void theLastEntryIsMissing() throws SQLException {
        deleteEntries(0, "sequence = 7");
        assertFound("SEQUENCE_GAP drawer/0:cash #7", "DECISION_WITHOUT_ENTRY drawer/0:cash #7 t-5");
    }

    @Test
    void allEntriesAreMissing() throws SQLException {
        deleteEntries(2, "sequence > 0");
        assertFound(
                "SEQUENCE_GAP drawer/2:cash #1",
                "DECISION_WITHOUT_ENTRY drawer/2:cash #1 open",
                "DECISION_WITHOUT_ENTRY drawer/2:cash #2 take");
    }

    /** Nothing in the row of the cell tells of it: only the decision does. */
    @Test
    void theLastEntryIsMissingAndTheRowWasSetBackWithIt() throws SQLException {
        deleteEntries(0, "sequence = 7");
        damageCell(id(0), "amount = '97.00', version = 6, last_key = 't-4', last_at = " + timeOf(0, 6));
        assertFound("DECISION_WITHOUT_ENTRY drawer/0:cash #7 t-5");
    }

    @Test
    void aCellThatIsGone() throws SQLException {
        String gone = id(2);
        damage("DELETE FROM {cell} WHERE id = " + gone, "DELETE FROM {entry} WHERE cell_id = " + gone);
        assertFound("DECISION_WITHOUT_ENTRY drawer/2:cash #1 open", "DECISION_WITHOUT_ENTRY drawer/2:cash #2 take");
    }

    @Test
    void anEntryThatIsThereTwice() throws SQLException {
        String columns = "cell_id, sequence, decision_id, position, type, delta, amount, minimum, maximum, forced,"
                + " {value}, payload, records, recorded_at";
        damage("INSERT INTO {entry} (" + columns + ") SELECT " + columns + " FROM {entry} WHERE cell_id = " + id(0)
                + " AND sequence = 3");
        assertFound("SEQUENCE_REPEATED drawer/0:cash #3 t-2");
    }

    @Test
    void aChangeThatWasChanged() throws SQLException {
        damageEntry(0, 3, "delta = '-2.00'");
        assertFound(
                "AFTER_DIFFERS drawer/0:cash #3 t-2",
                "CELL_DIFFERS drawer/0:cash",
                "DECISION_WITHOUT_ENTRY drawer/0:cash #3 t-2",
                "NOT_BALANCED t-2");
    }

    /** What follows it does not follow from it any more. */
    @Test
    void anAmountAfterAnEntryThatWasChanged() throws SQLException {
        damageEntry(0, 3, "amount = '50.00'");
        assertFound(
                "AFTER_DIFFERS drawer/0:cash #3 t-2",
                "AFTER_DIFFERS drawer/0:cash #4 t-3",
                "DECISION_WITHOUT_ENTRY drawer/0:cash #3 t-2");
    }

    @Test
    void aTextAfterAnEntryThatWasChanged() throws SQLException {
        damage("UPDATE {entry} SET {value} = 'lost' WHERE sequence = 1 AND cell_id = " + id(STATUS));
        assertFound("DECISION_WITHOUT_ENTRY order/7:status #1 open");
    }

    @Test
    void aCountAfterAnEntryThatWasChanged() throws SQLException {
        damage("UPDATE {entry} SET records = 7 WHERE sequence = 3 AND cell_id = " + id(LOG));
        assertFound(
                "AFTER_DIFFERS order/7:log #3 note-b",
                "AFTER_DIFFERS order/7:log #4 note-c",
                "DECISION_WITHOUT_ENTRY order/7:log #3 note-b");
    }

    @Test
    void amountsWithMoreDigitsThanTheUnitHas() throws SQLException {
        damageCell(id(0), "amount = '97.005'");
        damageEntry(2, 2, "amount = '99.001'");
        assertFound(
                "BAD_AMOUNT drawer/0:cash",
                "CELL_DIFFERS drawer/0:cash",
                "BAD_AMOUNT drawer/2:cash #2 take",
                "DECISION_WITHOUT_ENTRY drawer/2:cash #2 take");
    }

    @Test
    void anAmountThatIsMissing() throws SQLException {
        damageEntry(2, 2, "amount = NULL");
        assertFound("BAD_AMOUNT drawer/2:cash #2 take", "DECISION_WITHOUT_ENTRY drawer/2:cash #2 take");
    }

    @Test
    void anEntryOfATypeThatIsNone() throws SQLException {
        damageEntry(0, 7, "type = 'GIFT'");
        assertFound("BAD_ROW drawer/0:cash #7 t-5", "DECISION_WITHOUT_ENTRY drawer/0:cash #7 t-5");
    }

    @Test
    void aDecisionThatIsGone() throws SQLException {
        damage("DELETE FROM {decision} WHERE id = " + decision("t-3"));
        assertFound("ENTRY_WITHOUT_DECISION drawer/0:cash #4", "ENTRY_WITHOUT_DECISION drawer/1:cash #4");
    }

    @Test
    void aDecisionThatListsWhatIsNotThere() throws SQLException {
        damage("UPDATE {decision} SET detail = replace(detail, '\"sequence\":4,\"delta\":\"-', "
                + "'\"sequence\":40,\"delta\":\"-') WHERE id = " + decision("t-3"));
        assertFound("DECISION_WITHOUT_ENTRY drawer/0:cash #40 t-3", "ENTRY_WITHOUT_DECISION drawer/0:cash #4 t-3");
    }

    @Test
    void detailsThatCannotBeRead() throws SQLException {
        damage(
                "UPDATE {decision} SET detail = '{\"entries\":[' WHERE id = " + decision("t-3"),
                "UPDATE {decision} SET detail = '[]' WHERE id = " + decision("no"));
        assertFound("BAD_ROW no", "BAD_ROW t-3");
    }

    @Test
    void detailsThatWerePrunedAreNoDamage() throws SQLException {
        damage("UPDATE {decision} SET detail = NULL, metadata = NULL WHERE id = " + decision("t-3"));
        assertFound();
        assertThat(ledger.verify(VerifyRequest.all()).pruned()).isOne();
    }

    @Test
    void anEntryThatWasMovedToAnotherDecision() throws SQLException {
        damageEntry(0, 4, "decision_id = " + decision("t-4"));
        assertFound("DECISION_WITHOUT_ENTRY drawer/0:cash #4 t-3", "ENTRY_WITHOUT_DECISION drawer/0:cash #4 t-4");
    }

    /** All rows of the cell and the receipt agree; only the sum is not zero. */
    @Test
    void aTransferThatMakesMoney() throws SQLException {
        damageEntry(0, 7, "delta = '-0.50', amount = '96.50'");
        damageCell(id(0), "amount = '96.50'");
        damage("UPDATE {decision} SET detail = replace(detail, '\"delta\":\"-1.00\",\"after\":\"96.00\"',"
                + " '\"delta\":\"-0.50\",\"after\":\"96.50\"') WHERE id = " + decision("t-5"));
        assertFound("NOT_BALANCED t-5");
    }

    /** All rows of the cell and the receipt agree; only the limit was in force. */
    @Test
    void anEntryThatPassesALimit() throws SQLException {
        damageEntry(2, 2, "delta = '-300.00', amount = '-200.00'");
        damageCell(id(2), "amount = '-200.00'");
        damage("UPDATE {decision} SET detail = replace(detail, '\"delta\":\"-1.00\",\"after\":\"99.00\"',"
                + " '\"delta\":\"-300.00\",\"after\":\"-200.00\"') WHERE id = " + decision("take"));
        assertFound("LIMIT_PASSED drawer/2:cash #2 take");
    }

    private void copyDecision(String key) throws SQLException {
        damage("INSERT INTO {decision} (id, " + COPIED + ") SELECT id + 1000000000, " + COPIED
                + " FROM {decision} WHERE id = " + decision(key));
    }

    @Test
    void aKeyThatWasDecidedTwice() throws SQLException {
        copyDecision("no");
        assertFound("KEY_TWICE no");
    }

    /** The copy says that it left entries, which another decision left. */
    @Test
    void aKeyThatWasAppliedTwice() throws SQLException {
        damage("UPDATE {decision} SET reference = NULL WHERE id = " + decision("take"));
        copyDecision("take");
        assertFound("KEY_TWICE take", "DECISION_WITHOUT_ENTRY drawer/2:cash #2 take");
    }

    @Test
    void aReferenceThatIsHeldTwice() throws SQLException {
        damage("UPDATE {decision} SET reference = 'invoice-1' WHERE id = " + decision("gift"));
        List<String> found = findings(VerifyRequest.all());
        assertThat(found).hasSize(1);
        assertThat(found.get(0)).matches("REFERENCE_TWICE (take|gift)");
    }

    @Test
    void anUpdateThatWasReversedTwice() throws SQLException {
        damage("UPDATE {decision} SET reverses_key = 't-1' WHERE id = " + decision("back-2"));
        assertFound("REVERSED_TWICE t-1");
    }

    @Test
    void ofOneKindOfAccountOnlyItsDamageIsFound() throws SQLException {
        damageCell(id(0), "amount = '1.00'");
        damageCell(id(STATUS), "{value} = 'shipped'");
        damageEntry(0, 4, "decision_id = " + decision("t-4"));
        assertThat(findings(VerifyRequest.of("order", ""))).containsExactly("CELL_DIFFERS order/7:status");
        assertThat(findings(VerifyRequest.of("drawer", "0")))
                .containsExactly("CELL_DIFFERS drawer/0:cash", "ENTRY_WITHOUT_DECISION drawer/0:cash #4 t-4");
        assertThat(findings(VerifyRequest.of("drawer", "1")))
                // The other half of its transfer.
                .containsExactly("DECISION_WITHOUT_ENTRY drawer/0:cash #4 t-3");
        assertThat(findings(VerifyRequest.of("nobody", ""))).isEmpty();
    }

    @Test
    void sinceLastOnlyWhatIsNewIsReadAndItsDamageIsFound() throws SQLException {
        VerifyRequest sinceLast = VerifyRequest.all().sinceLast();
        assertThat(ledger.verify(sinceLast).entries()).isEqualTo(25);
        assertThat(ledger.verify(sinceLast).entries()).isZero();
        Till.apply(ledger, transfer("t-6"));
        Till.apply(ledger, Update.of("note-d").append(LOG, "d").build());
        Verification next = ledger.verify(sinceLast);
        assertThat(next.sound()).isTrue();
        assertThat(next.entries()).isEqualTo(3);
        assertThat(next.cells()).isEqualTo(6);

        Till.apply(ledger, transfer("t-7"));
        damageEntry(0, 9, "amount = '1.00'");
        damageCell(id(3), "amount = '0.00'");
        for (int i = 0; i < 2; i++) {
            // Of what is damaged no checkpoint is kept, so it is found again.
            assertThat(findings(sinceLast))
                    .contains("AFTER_DIFFERS drawer/0:cash #9 t-7", "CELL_DIFFERS drawer/3:cash")
                    .doesNotContain("CELL_DIFFERS drawer/1:cash");
        }
        // What lies behind a checkpoint is for a verification of all.
        damageEntry(1, 3, "amount = '1.00'");
        assertThat(findings(sinceLast)).noneMatch(finding -> finding.contains("drawer/1:cash"));
        assertThat(findings(VerifyRequest.all())).contains("AFTER_DIFFERS drawer/1:cash #3 t-2");
    }
}
