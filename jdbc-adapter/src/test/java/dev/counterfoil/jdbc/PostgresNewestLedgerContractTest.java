package dev.counterfoil.jdbc;

/** The contract on the newest version of PostgreSQL that is verified. */
class PostgresNewestLedgerContractTest extends PostgresLedgerContractTest {
    @Override
    PostgresServer.Version version() {
        return PostgresServer.Version.NEWEST;
    }
}
