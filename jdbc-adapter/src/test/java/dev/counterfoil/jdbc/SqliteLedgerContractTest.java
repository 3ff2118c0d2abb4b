package dev.counterfoil.jdbc;

import dev.counterfoil.Ledger;
import dev.counterfoil.spi.LedgerSettings;
import dev.counterfoil.testkit.LedgerContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a file with connections of its own, as {@code JdbcLedger.open} makes it. */
class SqliteLedgerContractTest extends LedgerContract {
    @TempDir
    Path directory;

    private int files;

    @Override
    protected Ledger open(LedgerSettings settings) {
        files++;
        return openAgain(settings);
    }

    @Override
    protected Ledger openAgain(LedgerSettings settings) {
        return JdbcLedger.builder("jdbc:sqlite:" + directory.resolve("books-" + files + ".db"))
                .createSchema()
                .namespace(settings.namespace())
                .timeout(settings.timeout())
                .groupCommit(settings.groupCommit())
                .build();
    }
}
