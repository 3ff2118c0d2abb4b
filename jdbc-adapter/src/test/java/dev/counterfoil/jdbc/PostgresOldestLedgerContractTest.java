package dev.counterfoil.jdbc;

import org.junit.jupiter.api.BeforeAll;

/** The contract on the oldest version of PostgreSQL that is verified. */
class PostgresOldestLedgerContractTest extends PostgresLedgerContractTest {
    @Override
    PostgresServer.Version version() {
        return PostgresServer.Version.OLDEST;
    }

    @BeforeAll
    static void assumeThere() {
        PostgresServer.Version.OLDEST.assumeThere();
    }
}
