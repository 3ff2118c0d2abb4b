package dev.counterfoil.benchmarks;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.Balance;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Ledger;
import dev.counterfoil.Limits;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.memory.MemoryLedger;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** The ledger in memory, called as an application calls it. */
final class LedgerBooks implements Books {
    private final Ledger ledger = MemoryLedger.create();
    private final List<BalanceId> balances = new ArrayList<>();

    LedgerBooks(int accounts) {
        Unit unit = Unit.of("SAR", 2);
        for (int i = 0; i < accounts; i++) {
            BalanceId balance = AccountId.of("account", Integer.toString(i)).balance("available", unit);
            ledger.apply(Update.of("open-" + i)
                            .open(balance, FIRST, Limits.nonNegative())
                            .build())
                    .orThrow();
            balances.add(balance);
        }
    }

    @Override
    public int accounts() {
        return balances.size();
    }

    @Override
    public boolean transfer(String key, int from, int to, BigDecimal amount) {
        Update update = Update.of(key)
                .transfer(balances.get(from), balances.get(to), amount)
                .build();
        return ledger.apply(update) instanceof Applied;
    }

    @Override
    public BigDecimal balance(int account) {
        return read(account).amount();
    }

    @Override
    public long version(int account) {
        return read(account).version();
    }

    private Balance read(int account) {
        BalanceId balance = balances.get(account);
        return ledger.read(balance.account()).find(balance).orElseThrow();
    }
}
