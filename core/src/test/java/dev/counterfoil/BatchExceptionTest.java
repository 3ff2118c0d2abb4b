package dev.counterfoil;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.memory.MemoryLedger;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BatchExceptionTest {
    private static final BalanceId CASH = AccountId.of("till", "1").balance("cash", Unit.of("SAR", 2));

    private static final BatchException.Result NOT_APPLIED = fault(new NotAppliedException("locked", null));
    private static final BatchException.Result UNKNOWN =
            fault(new OutcomeUnknownException(Key.of("k"), "the link broke", null));

    private final Ledger ledger = MemoryLedger.create();

    private final BatchException.Result applied =
            outcome(Update.of("open").open(CASH).build());
    private final BatchException.Result refused =
            outcome(Update.of("open twice").open(CASH).build());
    private final BatchException.Result keyReused =
            outcome(Update.of("open").add(CASH, "1.00").build());

    @Test
    void theMessageCountsWhatBecameOfTheUpdates() {
        assertThat(new BatchException(List.of(applied, refused, NOT_APPLIED, applied, UNKNOWN, UNKNOWN, applied)))
                .hasMessage("of 7 updates: 3 applied, 1 refused, 1 not applied, 2 unknown; send the same list again");
    }

    @Test
    void aKeyThatWasUsedBeforeIsNoRefusal() {
        assertThat(new BatchException(List.of(keyReused, applied, NOT_APPLIED)))
                .hasMessage("of 3 updates: 1 applied, 0 refused, 1 under a key that was used before, 1 not applied,"
                        + " 0 unknown; send the same list again");
    }

    @Test
    void oneUnknownUpdateMakesTheFateOfAllUnknown() {
        assertThat(new BatchException(List.of(NOT_APPLIED, UNKNOWN)).fate()).isEqualTo(Fate.UNKNOWN);
        assertThat(new BatchException(List.of(applied, NOT_APPLIED)).fate()).isEqualTo(Fate.NOT_APPLIED);
    }

    private BatchException.Result outcome(Update update) {
        return new BatchException.Result(Optional.of(ledger.apply(update)), Optional.empty());
    }

    private static BatchException.Result fault(LedgerException fault) {
        return new BatchException.Result(Optional.empty(), Optional.of(fault));
    }
}
