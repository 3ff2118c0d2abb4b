package dev.counterfoil.jdbc;

/** The contract on a file, where every call has a commit of its own. */
class SqliteOwnCommitsContractTest extends SqliteLedgerContractTest {
    @Override
    boolean groupCommit() {
        return false;
    }
}
