package dev.counterfoil.jdbc;

import dev.counterfoil.Ledger;
import dev.counterfoil.spi.LedgerSettings;
import org.junit.jupiter.api.Tag;

/** The contract on H2, where every call has a commit of its own. */
@Tag("other-settings")
class H2OwnCommitsContractTest extends H2LedgerContractTest {
    @Override
    protected Ledger openAgain(LedgerSettings settings) {
        return super.openAgain(settings.withGroupCommit(false));
    }
}
