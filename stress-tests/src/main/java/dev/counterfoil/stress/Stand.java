package dev.counterfoil.stress;

import dev.counterfoil.AccountId;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Ledger;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.memory.MemoryLedger;

/**
 * A ledger and an account of its own for each state of a test. States share a ledger, because making one costs more than the
 * race that is looked for; after some thousand it is replaced, because a ledger in memory forgets nothing.
 */
record Stand(Ledger ledger, AccountId account) {
    private static final int ACCOUNTS_PER_LEDGER = 4096;
    private static final Unit ONE = Unit.of("ONE", 0);

    private static Ledger current = MemoryLedger.create();
    private static int accounts;

    static synchronized Stand next() {
        if (accounts == ACCOUNTS_PER_LEDGER) {
            current = MemoryLedger.create();
            accounts = 0;
        }
        accounts++;
        return new Stand(current, AccountId.of("stand", Integer.toString(accounts)));
    }

    /** A key of this account alone: keys are unique in a ledger, and states share it. */
    String key(String name) {
        return account.id() + "/" + name;
    }

    /** A balance of this account. */
    BalanceId balance(String name) {
        return balance(account, name);
    }

    static BalanceId balance(AccountId account, String name) {
        return account.balance(name, ONE);
    }

    /** Another account of this state alone. */
    AccountId other(String kind) {
        return AccountId.of(kind, account.id());
    }

    /** Begins an update under a key of this account. */
    Update.Builder update(String key) {
        return Update.of(key(key));
    }

    /** The amount of a balance. */
    int amount(BalanceId balance) {
        return ledger.read(balance.account()).balance(balance).intValueExact();
    }
}
