package dev.counterfoil.jdbc;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are killed while they write to a file. */
class SqliteCrashTest extends CrashContract {
    @TempDir
    Path directory;

    @Override
    String url() {
        return "jdbc:sqlite:" + directory.resolve("books.db");
    }

    @Override
    JdbcLedger open() {
        return JdbcLedger.open(url());
    }

    @Override
    void awaitEndOfKilled() {
        // All that was at work is gone with the process; the next one to open the file cleans up.
    }
}
