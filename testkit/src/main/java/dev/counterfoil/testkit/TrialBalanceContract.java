package dev.counterfoil.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.counterfoil.AccountId;
import dev.counterfoil.Balance;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Cell;
import dev.counterfoil.Limits;
import dev.counterfoil.TrialBalance;
import dev.counterfoil.TrialBalance.Line;
import dev.counterfoil.TrialBalance.Sums;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Balances summed up. */
abstract class TrialBalanceContract extends ContractPart {
    private static final int WRITERS = 4;
    private static final int ANSWERS = 60;
    private static final int PURSES = 12;

    TrialBalanceContract(LedgerContract store) {
        super(store);
    }

    private static Sums sums(long balances, String sum, String positive, String negative) {
        return new Sums(balances, amount(sum), amount(positive), amount(negative));
    }

    private static BalanceId cash(String kind, String id, Unit unit) {
        return AccountId.of(kind, id).balance("cash", unit);
    }

    @Test
    void balancesAreSummedUpByKindNameAndUnit() {
        Unit milli = Unit.of("SAR", 3);
        applied(update().open(cash("purse", "1", SAR), "10.00", Limits.none())
                .open(cash("purse", "2", SAR), "-3.50", Limits.none())
                .open(cash("purse", "3", SAR))
                .open(cash("purse", "4", milli), "0.125", Limits.none())
                .open(cash("Purse", "1", SAR), "-6.50", Limits.none())
                .open(AccountId.of("purse", "1").balance("Cash", POINTS), "7", Limits.none())
                .open(AccountId.of("purse", "1").register("cash-note"), "5")
                .open(AccountId.of("till", "1").journal("log")));
        applied(update().close(cash("purse", "3", SAR)));
        ledger.namespace("tenant")
                .apply(Update.of("t")
                        .open(cash("purse", "1", SAR), "99.00", Limits.none())
                        .build())
                .orThrow();

        TrialBalance all = ledger.trialBalance();
        assertThat(all.lines())
                .containsExactly(
                        new Line("Purse", "cash", SAR, sums(1, "-6.50", "0.00", "-6.50")),
                        new Line("purse", "Cash", POINTS, sums(1, "7", "7", "0")),
                        new Line("purse", "cash", SAR, sums(3, "6.50", "10.00", "-3.50")),
                        new Line("purse", "cash", milli, sums(1, "0.125", "0.125", "0.000")));
        assertThat(all.totals())
                .containsOnlyKeys(SAR, milli, POINTS)
                .containsEntry(SAR, sums(4, "0.00", "10.00", "-10.00"));
        assertThat(all.total(SAR)).isEqualTo("0.00");
        assertThat(all.total(Unit.of("EUR", 2))).isEqualTo("0.00");
        assertThat(all.asOf())
                .isAfterOrEqualTo(
                        ledger.read(AccountId.of("purse", "3")).cells().get(0).lastRecordedAt());

        assertThat(ledger.trialBalance("purse", "").lines())
                .isEqualTo(all.lines().subList(1, 4));
        assertThat(ledger.trialBalance("purse", "2").lines())
                .containsExactly(new Line("purse", "cash", SAR, sums(1, "-3.50", "0.00", "-3.50")));
        assertThat(ledger.trialBalance("purse", "%").lines()).isEmpty();
        assertThat(ledger.trialBalance("till", "").totals()).isEmpty();
        assertThat(ledger.namespace("tenant").trialBalance().total(SAR)).isEqualTo("99.00");
        assertThat(ledger.namespace("nobody").trialBalance().lines()).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> ledger.trialBalance("", ""));
    }

    @Test
    void theLongestAmountsAreSummedUpExactly() {
        Unit wei = Unit.of("wei", 18);
        Unit whole = Unit.of("whole", 0);
        BigDecimal great = new BigDecimal("99999999999999999999.999999999999999999");
        BigDecimal greater = new BigDecimal("9".repeat(38));
        Update.Builder open = update();
        for (int i = 0; i < 30; i++) {
            open.open(cash("great", "w" + i, wei), great, Limits.none());
            open.open(cash("great", "n" + i, whole), greater, Limits.none());
        }
        open.open(cash("great", "small", wei), new BigDecimal("-0.000000000000000001"), Limits.none());
        applied(open);
        TrialBalance all = ledger.trialBalance();
        BigDecimal sum = great.multiply(BigDecimal.valueOf(30));
        assertThat(Objects.requireNonNull(all.totals().get(wei)).positive()).isEqualTo(sum);
        assertThat(Objects.requireNonNull(all.totals().get(wei)).negative())
                .isEqualTo(new BigDecimal("-0.000000000000000001"));
        assertThat(all.total(wei)).isEqualTo(sum.subtract(new BigDecimal("0.000000000000000001")));
        assertThat(all.total(whole)).isEqualTo(greater.multiply(BigDecimal.valueOf(30)));
    }

    @Test
    void aRandomHistoryIsSummedUpAsItsCellsAre() {
        Seed seed = Seed.of("trial balance");
        RandomHistory history = new RandomHistory(seed, "sums-");
        for (int i = 0; i < 60; i++) {
            history.learn(history.next().on(ledger));
        }
        TrialBalance all = ledger.trialBalance(RandomHistory.KIND, "");
        BigDecimal expected = BigDecimal.ZERO;
        long balances = 0;
        for (Cell cell : Books.of(ledger, List.of(RandomHistory.KIND)).cells()) {
            if (cell instanceof Balance balance && balance.id().unit().equals(SAR)) {
                expected = expected.add(balance.amount());
                balances++;
            }
        }
        assertThat(all.total(SAR)).as("%s", seed).isEqualByComparingTo(expected);
        assertThat(all.lines().stream()
                        .filter(line -> line.unit().equals(SAR))
                        .mapToLong(line -> line.sums().balances())
                        .sum())
                .isEqualTo(balances);
    }

    @Test
    void theTotalNeverWaversBesideTransfers() throws Exception {
        Update.Builder open = update();
        for (int i = 0; i < PURSES; i++) {
            open.open(cash("purse", Integer.toString(i), SAR), "100.00", Limits.none());
        }
        applied(open);
        Seed seed = Seed.of("a steady total");
        AtomicBoolean asking = new AtomicBoolean(true);
        List<TrialBalance> seen = new ArrayList<>();
        Crowd.ask(WRITERS + 1, thread -> () -> {
            if (thread == WRITERS) {
                try {
                    for (int i = 0; i < ANSWERS; i++) {
                        seen.add(i % 2 == 0 ? ledger.trialBalance() : ledger.trialBalance("purse", ""));
                    }
                } finally {
                    asking.set(false);
                }
                return null;
            }
            Seed own = seed.split(thread);
            for (int i = 0; asking.get(); i++) {
                transfer(own, thread, i);
            }
            return null;
        });
        assertThat(seen)
                .as("%s", seed)
                .allSatisfy(one -> assertThat(one.total(SAR)).isEqualByComparingTo("1200"));
    }

    /** Between purses, and now and then to one that is opened for it. */
    private void transfer(Seed own, int thread, int number) {
        int purse = own.below(PURSES);
        BalanceId from = cash("purse", Integer.toString(purse), SAR);
        Update.Builder update = Update.of(thread + "-" + number);
        if (number < 300 && own.percent(10)) {
            BalanceId fresh = cash("purse", "new-" + thread + "-" + number, SAR);
            update.open(fresh).transfer(from, fresh, "1.00");
        } else {
            int other = (purse + 1 + own.below(PURSES - 1)) % PURSES;
            update.transfer(from, cash("purse", Integer.toString(other), SAR), "1.00");
        }
        ledger.apply(update.build()).orThrow();
    }
}
