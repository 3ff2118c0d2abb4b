package dev.counterfoil.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.counterfoil.AccountId;
import dev.counterfoil.BalanceId;
import dev.counterfoil.CellId;
import dev.counterfoil.HistoryFilter;
import dev.counterfoil.Ledger;
import dev.counterfoil.PageRequest;
import dev.counterfoil.Period;
import dev.counterfoil.RegisterId;
import dev.counterfoil.Unit;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Bad input to the calls that read the past is refused before the store is touched. */
class PastBadInputTest {
    private static final BalanceId A = AccountId.of("a", "1").balance("b", Unit.of("SAR", 2));
    private static final Instant TIME = Instant.EPOCH;
    private static final Period PERIOD = Period.of(TIME, TIME.plusSeconds(1));
    private static final PageRequest PAGE = PageRequest.first(1);

    private final FakeStore store = FakeStore.following();
    private final Ledger ledger = new StoreLedger(store, LedgerSettings.defaults());

    @Test
    void what_is_null_is_refused() {
        List<ThrowingCallable> calls = List.of(
                () -> ledger.asOf((BalanceId) null, 1),
                () -> ledger.asOf((Instant) null, A),
                () -> ledger.asOf(TIME, (CellId[]) null),
                () -> ledger.asOf(TIME, A, null),
                () -> ledger.statement((BalanceId) null, PERIOD, entry -> {}),
                () -> ledger.statement((AccountId) null, PERIOD, entry -> {}),
                () -> ledger.statement(A, null, entry -> {}),
                () -> ledger.statement(A, PERIOD, null),
                () -> ledger.statement(A.account(), null, entry -> {}),
                () -> ledger.statement(A.account(), PERIOD, null),
                () -> ledger.history((RegisterId) null, HistoryFilter.all(), PAGE),
                () -> ledger.history(A, null, PAGE),
                () -> ledger.history(A, HistoryFilter.all(), null),
                () -> ledger.trialBalance(null, ""),
                () -> ledger.trialBalance("a", null));
        calls.forEach(
                call -> assertThatExceptionOfType(NullPointerException.class).isThrownBy(call));
        assertThat(store.calls()).isZero();
    }

    @Test
    void what_is_out_of_its_range_is_refused() {
        CellId[] tooMany = IntStream.rangeClosed(0, 1000)
                .mapToObj(i -> A.account().register("r" + i))
                .toArray(CellId[]::new);
        CellId otherUnit = A.account().balance("b", Unit.of("USD", 2));
        List<ThrowingCallable> calls = List.of(
                () -> ledger.asOf(A, 0),
                () -> ledger.asOf(A, Long.MIN_VALUE),
                () -> ledger.asOf(TIME),
                () -> ledger.asOf(TIME, tooMany),
                () -> ledger.asOf(TIME, A, otherUnit),
                () -> ledger.history(A, HistoryFilter.all(), PageRequest.after("x", 1)),
                () -> ledger.history(
                        A.account().register("r"), HistoryFilter.all().withForcedOnly(), PAGE),
                () -> ledger.trialBalance("a/b", ""),
                () -> ledger.trialBalance("", ""));
        calls.forEach(call -> assertThatIllegalArgumentException().isThrownBy(call));
        assertThat(store.calls()).isZero();
    }
}
