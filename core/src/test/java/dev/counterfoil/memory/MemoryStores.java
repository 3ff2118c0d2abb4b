package dev.counterfoil.memory;

import dev.counterfoil.spi.LedgerStore;
import java.time.InstantSource;

/** Memory stores for tests of other packages. */
public final class MemoryStores {
    private MemoryStores() {}

    /** An empty one. */
    public static LedgerStore create() {
        return new MemoryStore(InstantSource.system());
    }
}
