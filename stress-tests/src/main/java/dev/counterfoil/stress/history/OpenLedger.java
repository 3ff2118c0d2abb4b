package dev.counterfoil.stress.history;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.Ledger;
import dev.counterfoil.jdbc.JdbcLedger;
import dev.counterfoil.jdbc.SchemaException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A ledger in a database, with its pool.
 *
 * @param ledger the ledger
 * @param pool its connections; null for SQLite, which needs none
 */
public record OpenLedger(JdbcLedger ledger, @Nullable HikariDataSource pool) implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;

    /** One in a database that may just be starting again. */
    public static OpenLedger of(String url, int connections, Duration timeout, Commits commits) {
        HikariDataSource pool = url.startsWith("jdbc:sqlite:") ? null : pool(url, connections, timeout);
        JdbcLedger.Builder builder = pool == null ? JdbcLedger.builder(url) : JdbcLedger.builder(pool);
        builder.createSchema().timeout(timeout).groupCommit(commits == Commits.SHARED);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            try {
                return new OpenLedger(builder.build(), pool);
            } catch (SchemaException e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
        }
    }

    private static HikariDataSource pool(String url, int connections, Duration timeout) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(0);
        config.setInitializationFailTimeout(-1);
        config.setConnectionTimeout(Math.max(500, timeout.toMillis()));
        return new HikariDataSource(config);
    }

    /** The same ledger for callers half of whose updates join transactions of their own. */
    Ledger joining() {
        return new JoinedCalls(ledger, Objects.requireNonNull(pool, "pool"));
    }

    /** Takes a connection from the ledger's pool, and gives it back after a while. */
    void holdOne(Duration time) {
        try (Connection connection = Objects.requireNonNull(pool, "pool").getConnection()) {
            connection.setAutoCommit(false);
            Thread.sleep(time.toMillis());
        } catch (SQLException | InterruptedException e) {
            // There was none for it either, or the pool is closed.
        }
    }

    @Override
    public void close() {
        ledger.close();
        if (pool != null) {
            pool.close();
        }
    }
}
