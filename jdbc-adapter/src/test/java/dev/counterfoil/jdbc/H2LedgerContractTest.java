package dev.counterfoil.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.Ledger;
import dev.counterfoil.spi.LedgerSettings;
import dev.counterfoil.testkit.LedgerContract;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** The contract on H2 in memory, through a pool as an application has one. */
class H2LedgerContractTest extends LedgerContract {
    private final List<HikariDataSource> pools = new ArrayList<>();
    private String name = "";
    private int stores;

    @Override
    protected Ledger open(LedgerSettings settings) {
        name = "books" + Integer.toHexString(System.identityHashCode(this)) + "_" + ++stores;
        return openAgain(settings);
    }

    @Override
    protected Ledger openAgain(LedgerSettings settings) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:h2:mem:" + name);
        config.setMaximumPoolSize(10);
        config.setMinimumIdle(1);
        HikariDataSource pool = new HikariDataSource(config);
        pools.add(pool);
        return JdbcLedger.builder(pool)
                .createSchema()
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
