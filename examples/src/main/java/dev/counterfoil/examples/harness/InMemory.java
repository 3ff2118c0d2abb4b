package dev.counterfoil.examples.harness;

import dev.counterfoil.Ledger;
import dev.counterfoil.memory.MemoryLedger;

/** The memory of this process. */
final class InMemory implements Store {
    @Override
    public String about() {
        return "";
    }

    @Override
    public Ledger freshLedger() {
        return MemoryLedger.create();
    }

    @Override
    public PlainTable freshTable() {
        return new PlainMap();
    }
}
