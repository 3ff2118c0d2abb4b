package dev.counterfoil.jdbc;

import org.junit.jupiter.api.Tag;

/** The contract on a file, where every call has a commit of its own. */
@Tag("other-settings")
class SqliteOwnCommitsContractTest extends SqliteLedgerContractTest {
    @Override
    boolean groupCommit() {
        return false;
    }
}
