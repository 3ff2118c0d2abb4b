package dev.counterfoil.stress.faults;

import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.Ledger;
import dev.counterfoil.jdbc.JdbcLedger;
import dev.counterfoil.spi.LedgerSettings;
import dev.counterfoil.testkit.LedgerContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

/** The contract on one node of a Galera cluster. */
@Tag("galera")
class GaleraLedgerContractTest extends LedgerContract {
    private GaleraFixture galera;
    private String prefix = "";
    private int stores;

    @BeforeEach
    void start() throws Exception {
        galera = new GaleraFixture();
    }

    @Override
    protected Ledger open(LedgerSettings settings) {
        prefix = "t" + ++stores + "_";
        return openAgain(settings);
    }

    @Override
    protected Ledger openAgain(LedgerSettings settings) {
        HikariDataSource pool = galera.pool(0);
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
        if (galera != null) {
            galera.close();
        }
    }
}
