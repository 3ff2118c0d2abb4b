package dev.counterfoil.examples.harness;

import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.Ledger;
import dev.counterfoil.jdbc.JdbcLedger;
import javax.sql.DataSource;

/** H2 in a file that is deleted at the end. */
final class H2Store implements Store {
    private final DataSource pool;
    private int fresh;

    H2Store(CleanUp cleanUp) {
        // With async: an interrupted caller does not close the file for everybody.
        String url = "jdbc:h2:async:" + cleanUp.newDirectory().resolve("books");
        HikariDataSource opened = new Login(url, "", "").pool();
        cleanUp.atEnd(opened::close);
        pool = opened;
    }

    @Override
    public String about() {
        return "H2 is for tests: a process that is killed loses what it has acknowledged";
    }

    @Override
    public Ledger freshLedger() {
        return JdbcLedger.builder(pool).prefix(freshPrefix()).createSchema().build();
    }

    @Override
    public PlainTable freshTable() {
        return new PlainDatabase(pool, freshPrefix());
    }

    private String freshPrefix() {
        fresh++;
        return "demo_" + fresh + "_";
    }
}
