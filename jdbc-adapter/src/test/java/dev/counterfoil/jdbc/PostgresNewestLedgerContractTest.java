package dev.counterfoil.jdbc;

import org.junit.jupiter.api.BeforeAll;

/** The contract on the newest version of PostgreSQL that is verified. */
class PostgresNewestLedgerContractTest extends PostgresLedgerContractTest {
    @Override
    PostgresServer.Version version() {
        return PostgresServer.Version.NEWEST;
    }

    @BeforeAll
    static void assumeThere() {
        PostgresServer.Version.NEWEST.assumeThere();
    }
}
