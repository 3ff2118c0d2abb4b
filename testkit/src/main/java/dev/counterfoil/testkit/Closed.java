package dev.counterfoil.testkit;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.counterfoil.HistoryFilter;
import dev.counterfoil.Ledger;
import dev.counterfoil.PageRequest;
import dev.counterfoil.Period;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A ledger that takes no calls, because it is closed or because a decide function asks. */
final class Closed {
    private Closed() {}

    /** Each call that reads the past is refused before anything is sent. */
    static void refuses(Ledger ledger, Instant time) {
        Period period = Period.of(time.minusSeconds(1), time);
        HistoryFilter filter = HistoryFilter.all().withForcedOnly();
        List<ThrowingCallable> calls = List.of(
                () -> ledger.asOf(time, ContractPart.AVAILABLE),
                () -> ledger.asOf(ContractPart.AVAILABLE, 1),
                () -> ledger.asOf(ContractPart.STATUS, 1),
                () -> ledger.asOf(ContractPart.USAGE, 1),
                () -> ledger.statement(ContractPart.AVAILABLE, period, entry -> {}),
                () -> ledger.statement(ContractPart.ACCOUNT, period, entry -> {}),
                () -> ledger.history(ContractPart.AVAILABLE, filter, PageRequest.first(1)),
                () -> ledger.history(ContractPart.STATUS, HistoryFilter.all(), PageRequest.first(1)),
                () -> ledger.history(ContractPart.USAGE, HistoryFilter.all(), PageRequest.first(1)),
                ledger::trialBalance,
                () -> ledger.trialBalance(ContractPart.KIND, ""));
        calls.forEach(call -> assertThatIllegalStateException().isThrownBy(call));
    }
}
