package dev.counterfoil.testkit;

import static dev.counterfoil.testkit.BrokenLedgerTest.caught;

import dev.counterfoil.BalanceEntry;
import dev.counterfoil.BalanceId;
import dev.counterfoil.CellId;
import dev.counterfoil.HistoryFilter;
import dev.counterfoil.Ledger;
import dev.counterfoil.NotSettledException;
import dev.counterfoil.Page;
import dev.counterfoil.PageRequest;
import dev.counterfoil.Past;
import dev.counterfoil.Period;
import dev.counterfoil.Statement;
import dev.counterfoil.TrialBalance;
import dev.counterfoil.spi.BalanceTally;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The contract of reading back can fail: each ledger here does one thing wrong. */
class BrokenPastTest {
    private static PastContract past(LedgerContract contract) {
        return new PastContract(contract) {};
    }

    private static StatementContract statements(LedgerContract contract) {
        return new StatementContract(contract) {};
    }

    @Test
    void aTotalOverSeveralChunksIsSeen() {
        caught(
                c -> new TrialBalanceContract(c) {},
                TrialBalanceContract::theTotalNeverWaversBesideTransfers,
                sound -> new DelegatingLedger(sound) {
                    @Override
                    public TrialBalance trialBalance(String kind, String idPrefix) {
                        BalanceTally tally = new BalanceTally();
                        Instant asOf = Instant.EPOCH;
                        for (String begin : List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "n")) {
                            TrialBalance chunk = super.trialBalance(kind, begin);
                            chunk.lines()
                                    .forEach(line -> tally.add(line.kind(), line.name(), line.unit(), line.sums()));
                            asOf = chunk.asOf();
                        }
                        return new TrialBalance(tally.lines(), asOf);
                    }
                });
    }

    /** Answers for the latest time that it can. */
    private static class Silent extends DelegatingLedger {
        Silent(Ledger sound) {
            super(sound);
        }

        @Override
        public Past asOf(Instant time, CellId... cells) {
            try {
                return super.asOf(time, cells);
            } catch (NotSettledException e) {
                return super.asOf(e.answerable(), cells);
            }
        }
    }

    @Test
    void anAnswerForATimeThatHasNotPassedIsSeen() {
        caught(BrokenPastTest::past, PastContract::aTimeThatHasNotPassedIsRefusedWithOneThatCanBeAnswered, Silent::new);
    }

    @Test
    void anAnswerForTheMicrosecondThatIsNotOverIsSeen() {
        caught(
                BrokenPastTest::past,
                PastContract::updatesOfOneMicrosecondAreSeenTogetherAndOnlyWhenItHasPassed,
                Silent::new);
    }

    @Test
    void anAnswerWithoutWhatWasRecordedAtTheTimeIsSeen() {
        caught(
                BrokenPastTest::past,
                PastContract::aRandomHistoryIsReadBackAsItWas,
                sound -> new DelegatingLedger(sound) {
                    @Override
                    public Past asOf(Instant time, CellId... cells) {
                        return super.asOf(time.minus(1, ChronoUnit.MICROS), cells);
                    }
                });
    }

    @Test
    void aPeriodWithItsEndIsSeen() {
        caught(
                BrokenPastTest::statements,
                StatementContract::statementsOfPeriodsThatFollowEachOtherShareNothing,
                sound -> new DelegatingLedger(sound) {
                    @Override
                    public Statement statement(BalanceId cell, Period period, Consumer<? super BalanceEntry> entries) {
                        return super.statement(
                                cell, Period.of(period.from(), period.to().plus(1, ChronoUnit.MICROS)), entries);
                    }
                });
    }

    @Test
    void aPageWhoseNextLeavesSomethingOutIsSeen() {
        caught(
                c -> new FilteredHistoryContract(c) {},
                FilteredHistoryContract::filtersGiveWhatMeetsThemInAnyPages,
                sound -> new DelegatingLedger(sound) {
                    @Override
                    public Page<BalanceEntry> history(BalanceId cell, HistoryFilter filter, PageRequest page) {
                        Page<BalanceEntry> found = super.history(cell, filter, page);
                        return new Page<>(
                                found.items(),
                                found.next()
                                        .map(next -> new PageRequest(
                                                next.limit(),
                                                Long.toString(Long.parseLong(String.valueOf(next.cursor())) + 1))),
                                found.asOf());
                    }
                });
    }
}
