package dev.counterfoil.jdbc;

/** The contract on the oldest version of PostgreSQL that is verified. */
class PostgresOldestLedgerContractTest extends PostgresLedgerContractTest {
    @Override
    PostgresServer.Version version() {
        return PostgresServer.Version.OLDEST;
    }
}
