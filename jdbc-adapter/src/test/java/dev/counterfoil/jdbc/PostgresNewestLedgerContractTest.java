package dev.counterfoil.jdbc;

import org.junit.jupiter.api.Tag;

/** The contract on the newest version of PostgreSQL that is verified. */
@Tag("other-settings")
class PostgresNewestLedgerContractTest extends PostgresLedgerContractTest {
    @Override
    PostgresServer.Version version() {
        return PostgresServer.Version.NEWEST;
    }
}
