package dev.counterfoil.jdbc;

import org.junit.jupiter.api.Tag;

/** The contract on the oldest version of PostgreSQL that is verified. */
@Tag("other-settings")
class PostgresOldestLedgerContractTest extends PostgresLedgerContractTest {
    @Override
    PostgresServer.Version version() {
        return PostgresServer.Version.OLDEST;
    }
}
