package dev.counterfoil.testkit;

import dev.counterfoil.Ledger;
import dev.counterfoil.memory.MemoryLedger;
import dev.counterfoil.spi.LedgerSettings;
import java.time.InstantSource;

class MemoryLedgerContractTest extends LedgerContract {
    @Override
    protected Ledger open(LedgerSettings settings) {
        return open(settings, InstantSource.system());
    }

    @Override
    protected Ledger open(LedgerSettings settings, InstantSource clock) {
        return MemoryLedger.builder()
                .namespace(settings.namespace())
                .timeout(settings.timeout())
                .clock(clock)
                .build();
    }
}
