package dev.counterfoil.jdbc;

import org.junit.jupiter.api.Tag;

/** The contract on PostgreSQL, where every call has a commit of its own. */
@Tag("other-settings")
class PostgresOwnCommitsContractTest extends PostgresLedgerContractTest {
    @Override
    boolean groupCommit() {
        return false;
    }
}
