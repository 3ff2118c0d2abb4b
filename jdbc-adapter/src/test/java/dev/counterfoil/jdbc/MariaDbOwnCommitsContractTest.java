package dev.counterfoil.jdbc;

import dev.counterfoil.Ledger;
import dev.counterfoil.spi.LedgerSettings;
import org.junit.jupiter.api.Tag;

/** The contract on MariaDB, where every call has a commit of its own. */
@Tag("other-settings")
class MariaDbOwnCommitsContractTest extends MariaDbLedgerContractTest {
    @Override
    protected Ledger openAgain(LedgerSettings settings) {
        return super.openAgain(settings.withGroupCommit(false));
    }
}
