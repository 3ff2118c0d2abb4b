package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.AccountId;
import dev.counterfoil.Fate;
import dev.counterfoil.JournalId;
import dev.counterfoil.LedgerException;
import dev.counterfoil.Update;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A disk, or a table space, that is full: what a caller is told is true, nothing is lost, and it goes on when there is room.
 * Not H2: it loses what it has not written yet, acknowledged or not; here it was the tables themselves.
 */
@Timeout(240)
class FullDiskTest {
    private static final JournalId NOTES = AccountId.of("book", "1").journal("notes");

    @Test
    void onPostgres() throws Exception {
        try (SmallDisk disk = SmallDisk.ofMebibytes(8);
                PostgresServer server = PostgresServer.start()) {
            String database = server.newDatabase();
            try (PlainSql operator = server.sql(database);
                    HikariDataSource pool = server.pool(database, 2)) {
                JdbcLedger.builder(pool).createSchema().build().close();
                operator.run("CREATE TABLESPACE small LOCATION '" + disk.path() + "'");
                for (String table : new String[] {"cell", "entry", "decision"}) {
                    operator.run("ALTER TABLE counterfoil_" + table + " SET TABLESPACE small");
                }
                goesOnWhenThereIsRoom(pool, disk);
            }
        }
    }

    @Test
    void onMariaDb() throws Exception {
        MariaDbServer server = MariaDbServer.get();
        String database = server.newDatabase();
        try (SmallDisk disk = SmallDisk.at(server.data().resolve(database), 12);
                HikariDataSource pool = server.pool(database, 2, "")) {
            try {
                goesOnWhenThereIsRoom(pool, disk);
            } finally {
                dropTables(server, database);
            }
        }
    }

    /** Not the database: its directory is the disk. */
    private static void dropTables(MariaDbServer server, String database) throws SQLException {
        try (PlainSql operator = new PlainSql(server.url(database, ""))) {
            for (String table : operator.rows("SHOW TABLES")) {
                operator.run("DROP TABLE " + table);
            }
        }
    }

    @Test
    void onSqlite() throws Exception {
        try (SmallDisk disk = SmallDisk.ofMebibytes(8);
                HikariDataSource pool =
                        FailuresContract.pool("jdbc:sqlite:" + disk.path().resolve("books.db"))) {
            goesOnWhenThereIsRoom(pool, disk);
        }
    }

    /** What no database can make shorter. */
    private static Update note(int n) {
        StringBuilder text = new StringBuilder();
        new SplittableRandom(n).ints(20_000, '!', '~').forEach(c -> text.append((char) c));
        return Update.of("note-" + n)
                .transfer(Till.drawer(0), Till.drawer(1), "0.01")
                .append(NOTES, text.toString())
                .build();
    }

    private static void goesOnWhenThereIsRoom(HikariDataSource pool, SmallDisk disk) throws Exception {
        try (JdbcLedger ledger = JdbcLedger.builder(pool)
                .createSchema()
                .timeout(Duration.ofSeconds(3))
                .build()) {
            Till.apply(ledger, Till.opening());
            Till.apply(ledger, Update.of("open-notes").open(NOTES).build());
            Till.apply(ledger, note(0));
            disk.fill();
            int n = 1;
            LedgerException full = null;
            while (full == null) {
                try {
                    Till.apply(ledger, note(n));
                    n++;
                    assertThat(n).as("notes on a full disk").isLessThan(2_000);
                } catch (LedgerException e) {
                    full = e;
                }
            }
            assertThat(full.fate()).as("%s", full).isEqualTo(Fate.NOT_APPLIED);
            assertThat(ledger.find("note-" + n)).isEmpty();
            assertThat(ledger.read(NOTES.account()).count(NOTES))
                    .as("acknowledged")
                    .isEqualTo(n);

            disk.free();
            assertThat(Till.apply(ledger, note(n)).replayed()).isFalse();
            Till.apply(ledger, note(n + 1));
            assertThat(ledger.read(NOTES.account()).count(NOTES)).isEqualTo(n + 2);
            assertThat(Till.cash(ledger, 1)).isEqualTo(BigDecimal.valueOf(10_000 + n + 2, 2));
        }
    }
}
