package dev.counterfoil.jdbc;

import dev.counterfoil.Ledger;
import dev.counterfoil.spi.LedgerSettings;
import org.junit.jupiter.api.Tag;

/** The contract on a file, where every call has a commit of its own. */
@Tag("other-settings")
class SqliteOwnCommitsContractTest extends SqliteLedgerContractTest {
    @Override
    protected Ledger openAgain(LedgerSettings settings) {
        return super.openAgain(settings.withGroupCommit(false));
    }
}
