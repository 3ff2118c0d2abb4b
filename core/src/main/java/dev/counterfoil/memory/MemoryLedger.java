package dev.counterfoil.memory;

import dev.counterfoil.Ledger;
import dev.counterfoil.spi.LedgerSettings;
import dev.counterfoil.spi.LedgerStore;
import dev.counterfoil.spi.StoreLedger;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;

/**
 * Makes ledgers that live in the memory of this process: for tests, simulations and caches. Everything is kept, history and
 * decisions included, until the ledger is let go; nothing survives the process.
 *
 * <p>Updates of different accounts do not wait for each other; reads and updates are linearizable.
 */
public final class MemoryLedger {
    private MemoryLedger() {}

    /** An empty ledger. */
    public static Ledger create() {
        return builder().build();
    }

    /** Begins an empty ledger with settings of its own. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * An empty store, for a ledger that is put together by hand, such as one for tests.
     *
     * @param clock where the recorded times come from
     */
    public static LedgerStore store(InstantSource clock) {
        return new MemoryStore(Objects.requireNonNull(clock, "clock"));
    }

    /** The settings of a ledger in memory. Not safe for use by several threads at once. */
    public static final class Builder {
        private LedgerSettings settings = LedgerSettings.defaults();
        private InstantSource clock = InstantSource.system();

        private Builder() {}

        /** The namespace: empty (the default), or 1 to 64 bytes in UTF-8. */
        public Builder namespace(String namespace) {
            settings = settings.withNamespace(namespace);
            return this;
        }

        /** How long a call may take: above zero, at most a day; 10 seconds by default. */
        public Builder timeout(Duration timeout) {
            settings = settings.withTimeout(timeout);
            return this;
        }

        /** Where the recorded times come from; the machine's clock by default. */
        public Builder clock(InstantSource clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /** The ledger. */
        public Ledger build() {
            return new StoreLedger(new MemoryStore(clock), settings);
        }
    }
}
