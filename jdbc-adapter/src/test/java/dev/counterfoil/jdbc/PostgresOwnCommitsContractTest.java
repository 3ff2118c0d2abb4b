package dev.counterfoil.jdbc;

/** The contract on PostgreSQL, where every call has a commit of its own. */
class PostgresOwnCommitsContractTest extends PostgresLedgerContractTest {
    @Override
    boolean groupCommit() {
        return false;
    }
}
