package dev.counterfoil.stress.faults;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.jdbc.JdbcLedger;
import dev.counterfoil.jdbc.dialect.Dialect;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** Ledgers on the nodes of the one cluster that all tests share. */
final class GaleraFixture implements AutoCloseable {
    private static int databases;

    private final GaleraCluster cluster;
    private final String database = "t" + databases++;
    private final List<Runnable> closings = new ArrayList<>();

    private static final class Shared {
        private static final GaleraCluster CLUSTER = start();

        private static GaleraCluster start() {
            try {
                // It ends with this process.
                return new GaleraCluster(true);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    /** Without the programs the test is skipped, and says what is missing. */
    GaleraFixture() throws SQLException, IOException {
        String missing = GaleraPrograms.missing();
        if (!missing.isEmpty()) {
            System.out.println(missing);
        }
        Assumptions.assumeTrue(missing.isEmpty(), missing);
        cluster = Shared.CLUSTER;
        cluster.create(database);
    }

    GaleraCluster cluster() {
        return cluster;
    }

    String database() {
        return database;
    }

    /** The connections of one node. */
    HikariDataSource pool(int node) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(cluster.url(node, database));
        config.setMaximumPoolSize(10);
        config.setMinimumIdle(0);
        HikariDataSource pool = new HikariDataSource(config);
        closings.add(pool::close);
        return pool;
    }

    /** A ledger on one node, each of whose calls has a transaction of its own, as it is. */
    JdbcLedger ledger(int node) {
        return closed(builder(node).build());
    }

    /** A ledger that keeps the rules of another dialect. */
    JdbcLedger ledger(int node, Dialect dialect) {
        return closed(builder(node).dialect(dialect).build());
    }

    private JdbcLedger.Builder builder(int node) {
        return JdbcLedger.builder(pool(node)).createSchema().groupCommit(false).timeout(Duration.ofSeconds(30));
    }

    private JdbcLedger closed(JdbcLedger ledger) {
        closings.add(ledger::close);
        return ledger;
    }

    @Override
    public void close() {
        for (int i = closings.size() - 1; i >= 0; i--) {
            closings.get(i).run();
        }
    }
}
