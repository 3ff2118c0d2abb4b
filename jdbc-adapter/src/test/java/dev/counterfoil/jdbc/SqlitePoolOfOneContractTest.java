package dev.counterfoil.jdbc;

import dev.counterfoil.Ledger;
import dev.counterfoil.spi.LedgerSettings;
import dev.counterfoil.testkit.LedgerContract;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a pool of the caller's that has one connection for all threads. */
@Tag("other-settings")
class SqlitePoolOfOneContractTest extends LedgerContract {
    @TempDir
    Path directory;

    private final List<TestPool> pools = new ArrayList<>();

    @AfterEach
    void closePools() throws SQLException {
        for (TestPool pool : pools) {
            pool.close();
        }
    }

    @Override
    protected Ledger open(LedgerSettings settings) {
        try {
            pools.add(new TestPool(directory.resolve("books-" + pools.size() + ".db"), 1));
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        return openAgain(settings);
    }

    @Override
    protected Ledger openAgain(LedgerSettings settings) {
        return JdbcLedger.builder(pools.get(pools.size() - 1))
                .createSchema()
                .namespace(settings.namespace())
                .timeout(settings.timeout())
                .groupCommit(settings.groupCommit())
                .build();
    }
}
