package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.Applied;
import dev.counterfoil.Key;
import dev.counterfoil.VerifyRequest;
import java.sql.SQLException;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged cells are corrected on SQLite. */
class SqliteCorrectionTest extends CorrectionContract {
    SqliteCorrectionTest() {
        super(JoinedBooks.SQLITE);
    }

    /** With the first nothing can be read or applied; the second would be handed on to all that comes, here and elsewhere. */
    @ParameterizedTest
    @ValueSource(strings = {"no time", "2999-01-01T00:00:00.000000Z"})
    void aTimeThatWasChangedByHandIsSetBackAndNotHandedOn(String time) throws SQLException {
        damage("UPDATE {cell} SET last_at = '" + time + "' WHERE id = " + id(0));
        assertThat(findings(VerifyRequest.all())).containsExactly("CELL_DIFFERS drawer/0:cash");

        Applied applied = ledger.restoreFromEntries(Key.of("repair"), Till.drawer(0), "the time was changed by hand")
                .orThrow();

        assertThat(applied.receipt().recordedAt()).isBefore(Instant.parse("2998-01-01T00:00:00Z"));
        assertFound();
        Till.apply(ledger, transfer("t-6"));
        assertThat(Till.cash(ledger, 0)).isEqualTo("95.00");
    }
}
