package dev.counterfoil.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.Ledger;
import dev.counterfoil.spi.LedgerSettings;
import dev.counterfoil.testkit.LedgerContract;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** The contract on MariaDB, through a pool as an application has one. */
class MariaDbLedgerContractTest extends LedgerContract {
    private final List<HikariDataSource> pools = new ArrayList<>();
    private String prefix = "";
    private int stores;

    private static final class Database {
        private static final String NAME = MariaDbServer.get().newDatabase();
    }

    /** A pool of connections to the database that all tests of a class share. */
    protected HikariDataSource pool() {
        return MariaDbServer.get().pool(Database.NAME, 10, "");
    }

    @Override
    protected Ledger open(LedgerSettings settings) {
        prefix = "t" + Integer.toHexString(System.identityHashCode(this)) + "_" + ++stores + "_";
        return openAgain(settings);
    }

    @Override
    protected Ledger openAgain(LedgerSettings settings) {
        HikariDataSource pool = pool();
        pools.add(pool);
        return JdbcLedger.builder(pool)
                .createSchema()
                .prefix(prefix)
                .namespace(settings.namespace())
                .timeout(settings.timeout())
                .groupCommit(settings.groupCommit())
                .build();
    }

    @AfterEach
    void closePools() {
        pools.forEach(HikariDataSource::close);
        pools.clear();
    }
}
