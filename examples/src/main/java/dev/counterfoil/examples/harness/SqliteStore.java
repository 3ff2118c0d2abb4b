package dev.counterfoil.examples.harness;

import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.Ledger;
import dev.counterfoil.jdbc.JdbcLedger;
import java.nio.file.Path;
import javax.sql.DataSource;

/** SQLite in files that are deleted at the end. */
final class SqliteStore implements Store {
    private final Path directory;
    private final DataSource plain;
    private int ledgers;
    private int tables;

    SqliteStore(CleanUp cleanUp) {
        directory = cleanUp.newDirectory();
        // What a careful application sets: a log that readers do not block, and patience with other writers.
        String url = "jdbc:sqlite:" + directory.resolve("plain.db")
                + "?journal_mode=WAL&synchronous=NORMAL&busy_timeout=30000";
        HikariDataSource pool = new Login(url, "", "").pool();
        cleanUp.atEnd(pool::close);
        plain = pool;
    }

    @Override
    public String about() {
        return "";
    }

    @Override
    public Ledger freshLedger() {
        ledgers++;
        return JdbcLedger.open("jdbc:sqlite:" + directory.resolve("books-" + ledgers + ".db"));
    }

    @Override
    public PlainTable freshTable() {
        tables++;
        return new PlainDatabase(plain, "plain_" + tables + "_");
    }
}
