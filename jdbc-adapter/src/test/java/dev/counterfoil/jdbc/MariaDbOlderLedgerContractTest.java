package dev.counterfoil.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.Tag;

/** The contract on the older of the two versions of MariaDB, through statements prepared by the server. */
@Tag("other-settings")
class MariaDbOlderLedgerContractTest extends MariaDbLedgerContractTest {
    private static final class Database {
        private static final String NAME = MariaDbServer.older().newDatabase();
    }

    @Override
    protected HikariDataSource pool() {
        return MariaDbServer.older().pool(Database.NAME, 10, "&useServerPrepStmts=true&useBulkStmts=true");
    }
}
