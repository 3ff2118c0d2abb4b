package dev.counterfoil.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.Ledger;
import dev.counterfoil.spi.LedgerSettings;
import dev.counterfoil.testkit.LedgerContract;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

/** The contract on PostgreSQL, through a pool as an application has one. */
class PostgresLedgerContractTest extends LedgerContract {
    private static final Map<PostgresServer.Version, String> DATABASES = new EnumMap<>(PostgresServer.Version.class);

    private final List<HikariDataSource> pools = new ArrayList<>();
    private String prefix = "";
    private int stores;

    PostgresServer.Version version() {
        return PostgresServer.Version.DEFAULT;
    }

    @Override
    protected Ledger open(LedgerSettings settings) {
        prefix = "t" + Integer.toHexString(System.identityHashCode(this)) + "_" + ++stores + "_";
        return openAgain(settings);
    }

    @Override
    protected Ledger openAgain(LedgerSettings settings) {
        PostgresServer server = PostgresServer.get(version());
        HikariDataSource pool = server.pool(DATABASES.computeIfAbsent(version(), v -> server.newDatabase()), 10);
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
