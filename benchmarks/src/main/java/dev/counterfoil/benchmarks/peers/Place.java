package dev.counterfoil.benchmarks.peers;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.util.concurrent.TimeUnit;

/**
 * Where a subject's tables are to be.
 *
 * @param url of an empty schema or database
 * @param accounts how many to open
 * @param connections the size of the pool
 */
public record Place(String url, int accounts, int connections) {
    /** A pool of that size, all of it open. */
    HikariDataSource pool() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(connections);
        // Longer than any caller waits here: a thousand of them may stand in line for two connections.
        config.setConnectionTimeout(TimeUnit.MINUTES.toMillis(2));
        return new HikariDataSource(config);
    }
}
