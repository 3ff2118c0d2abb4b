package dev.counterfoil.testkit;

import dev.counterfoil.Ledger;
import dev.counterfoil.spi.LedgerSettings;
import java.time.InstantSource;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Nested;

/**
 * What every store must do, as tests: the table of what each call means, the guarantees under concurrency, and the same random
 * history as on the memory store. The author of a store extends it and says how to open a ledger:
 *
 * <pre>{@code
 * class MyLedgerContractTest extends LedgerContract {
 *     @TempDir Path directory;
 *     private int stores;
 *
 *     protected Ledger open(LedgerSettings settings) { return MyLedger.open(directory.resolve("db" + ++stores), settings); }
 *
 *     protected Ledger openAgain(LedgerSettings settings) { return MyLedger.open(directory.resolve("db" + stores), settings); }
 * }
 * }</pre>
 *
 * <p>All ledgers are closed after each test, before the {@code @AfterEach} methods of the subclass. A test opens the next
 * store only when it is done with the one before.
 */
public abstract class LedgerContract {
    /** For subclasses. */
    protected LedgerContract() {}

    /**
     * A ledger on a new, empty store.
     *
     * @param settings its namespace, how long a call may take, and whether callers share commits
     */
    protected abstract Ledger open(LedgerSettings settings);

    /**
     * Another ledger on the store that {@link #open} made last, as another process would open it; the one before may be open
     * still, or closed. By default the tests that need this are skipped, which is right only for a store that lives no longer
     * than its ledger.
     *
     * @param settings its namespace, how long a call may take, and whether callers share commits
     */
    protected Ledger openAgain(LedgerSettings settings) {
        return Assumptions.abort("this store lives in one ledger only");
    }

    /**
     * A ledger on a new, empty store that reads the given clock. By default the tests that need this are skipped, which is
     * right where the time is the database's.
     *
     * @param settings its namespace, how long a call may take, and whether callers share commits
     * @param clock the clock, which a test sets back
     */
    protected Ledger open(LedgerSettings settings, InstantSource clock) {
        return Assumptions.abort("this store has no other clock than its own");
    }

    @Nested
    class Keys extends KeysContract {
        Keys() {
            super(LedgerContract.this);
        }
    }

    @Nested
    class Pruning extends PruningContract {
        Pruning() {
            super(LedgerContract.this);
        }
    }

    @Nested
    class Fingerprints extends FingerprintContract {
        Fingerprints() {
            super(LedgerContract.this);
        }
    }

    @Nested
    class References extends ReferencesContract {
        References() {
            super(LedgerContract.this);
        }
    }

    @Nested
    class Balances extends BalancesContract {
        Balances() {
            super(LedgerContract.this);
        }
    }

    @Nested
    class CellLife extends CellsContract {
        CellLife() {
            super(LedgerContract.this);
        }
    }

    @Nested
    class Checks extends ChecksContract {
        Checks() {
            super(LedgerContract.this);
        }
    }

    @Nested
    class Reversals extends ReversalsContract {
        Reversals() {
            super(LedgerContract.this);
        }
    }

    @Nested
    class Receipts extends ReceiptsContract {
        Receipts() {
            super(LedgerContract.this);
        }
    }

    @Nested
    class Atomicity extends AtomicityContract {
        Atomicity() {
            super(LedgerContract.this);
        }
    }

    @Nested
    class Calls extends CallsContract {
        Calls() {
            super(LedgerContract.this);
        }
    }

    @Nested
    class Waiting extends WaitingContract {
        Waiting() {
            super(LedgerContract.this);
        }
    }

    @Nested
    class Decide extends DecideContract {
        Decide() {
            super(LedgerContract.this);
        }
    }

    @Nested
    class StaleReads extends StaleReadsContract {
        StaleReads() {
            super(LedgerContract.this);
        }
    }

    @Nested
    class Reading extends ReadingContract {
        Reading() {
            super(LedgerContract.this);
        }
    }

    @Nested
    class ThePast extends PastContract {
        ThePast() {
            super(LedgerContract.this);
        }
    }

    @Nested
    class Settling extends SettlingContract {
        Settling() {
            super(LedgerContract.this);
        }
    }

    @Nested
    class Statements extends StatementContract {
        Statements() {
            super(LedgerContract.this);
        }
    }

    @Nested
    class FilteredHistory extends FilteredHistoryContract {
        FilteredHistory() {
            super(LedgerContract.this);
        }
    }

    @Nested
    class TrialBalances extends TrialBalanceContract {
        TrialBalances() {
            super(LedgerContract.this);
        }
    }

    @Nested
    class Storage extends StorageContract {
        Storage() {
            super(LedgerContract.this);
        }
    }

    @Nested
    class Verify extends VerifyContract {
        Verify() {
            super(LedgerContract.this);
        }
    }

    @Nested
    class Corrections extends CorrectionContract {
        Corrections() {
            super(LedgerContract.this);
        }
    }

    @Nested
    class Concurrency extends ConcurrencyContract {
        Concurrency() {
            super(LedgerContract.this);
        }
    }

    @Nested
    class Differential extends DifferentialContract {
        Differential() {
            super(LedgerContract.this);
        }
    }
}
