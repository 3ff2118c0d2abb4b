package dev.counterfoil.stress;

import dev.counterfoil.AccountId;
import dev.counterfoil.Ledger;
import dev.counterfoil.memory.MemoryLedger;

/**
 * A ledger and an account of its own for each state of a test. States share a ledger, because making one costs more than the
 * race that is looked for; after some thousand it is replaced, because a ledger in memory forgets nothing.
 */
record Stand(Ledger ledger, AccountId account) {
    private static final int ACCOUNTS_PER_LEDGER = 4096;

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
}
