package dev.counterfoil.testkit;

import dev.counterfoil.Ledger;
import dev.counterfoil.memory.MemoryLedger;
import dev.counterfoil.spi.LedgerSettings;

class MemoryLedgerContractTest extends LedgerContract {
    @Override
    protected Ledger open(LedgerSettings settings) {
        return MemoryLedger.builder()
                .namespace(settings.namespace())
                .timeout(settings.timeout())
                .build();
    }
}
