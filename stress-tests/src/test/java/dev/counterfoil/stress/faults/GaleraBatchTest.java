package dev.counterfoil.stress.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Ledger;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.jdbc.dialect.Dialect;
import dev.counterfoil.jdbc.dialect.GaleraDialect;
import dev.counterfoil.spi.Deadline;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A transaction that another node ends while a batch of its statements is on the way. */
@Tag("galera")
@Timeout(300)
class GaleraBatchTest {
    private static final int CELLS = 40;
    private static final int UPDATES = 250;

    /** Begins its transactions in sessions that commit what stands in none. */
    private static final class WithAutocommit extends GaleraDialect {
        @Override
        public void begin(Connection connection, Deadline deadline) throws SQLException {
            connection.rollback();
            try (Statement statement = connection.createStatement()) {
                statement.addBatch("SET SESSION autocommit = 1, SESSION wsrep_sync_wait = 1");
                statement.addBatch("SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
                statement.addBatch("START TRANSACTION");
                statement.executeBatch();
            }
        }
    }

    @Test
    void whatIsLeftOfItsBatchIsNotApplied() throws Exception {
        assertThat(changesWithoutAnEntry(new GaleraDialect())).isZero();
    }

    @Test
    void withAutocommitWhatIsLeftOfItIsAppliedWithoutTheRest() throws Exception {
        assertThat(changesWithoutAnEntry(new WithAutocommit())).isPositive();
    }

    /** Two nodes change many cells at once, and nobody fails; how many changes of cells have no entry. */
    private static long changesWithoutAnEntry(Dialect dialect) throws Exception {
        try (GaleraFixture galera = new GaleraFixture()) {
            List<Ledger> ledgers = List.of(galera.ledger(0, dialect), galera.ledger(1, dialect));
            Update.Builder opening = Update.of("open");
            for (int i = 0; i < CELLS; i++) {
                opening.open(cell(i));
            }
            ledgers.get(0).apply(opening.build()).orThrow();
            ExecutorService executor = Executors.newFixedThreadPool(ledgers.size());
            try {
                List<Future<?>> all = new ArrayList<>();
                for (int i = 0; i < ledgers.size(); i++) {
                    int node = i;
                    all.add(executor.submit(() -> change(ledgers.get(node), node)));
                }
                for (Future<?> one : all) {
                    one.get();
                }
            } finally {
                executor.shutdownNow();
            }
            try (Connection connection = galera.pool(0).getConnection();
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT (SELECT sum(version) FROM counterfoil_cell)"
                            + " - (SELECT count(*) FROM counterfoil_entry)")) {
                row.next();
                System.out.println("changes without an entry: " + row.getLong(1));
                return row.getLong(1);
            }
        }
    }

    private static BalanceId cell(int i) {
        return AccountId.of("till", Integer.toString(i)).balance("cash", Unit.of("SAR", 2));
    }

    /** The first node changes many cells, the second one of them. */
    private static void change(Ledger ledger, int node) {
        SplittableRandom random = new SplittableRandom(node);
        for (int n = 0; n < UPDATES; n++) {
            Update.Builder update = Update.of("n" + node + "-" + n);
            int first = random.nextInt(CELLS);
            for (int i = 0; i < (node == 0 ? CELLS : 1); i++) {
                update.add(cell((first + i) % CELLS), "1.00");
            }
            assertThat(ledger.apply(update.build())).isInstanceOf(Applied.class);
        }
    }
}
