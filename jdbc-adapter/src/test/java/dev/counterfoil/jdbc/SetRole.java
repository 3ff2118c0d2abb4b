package dev.counterfoil.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import javax.sql.DataSource;

/** The connections of another pool of PostgreSQL as a role without a password would have them. */
final class SetRole implements AutoCloseable {
    private final HikariDataSource pool;

    SetRole(HikariDataSource like, String role) {
        HikariConfig config = new HikariConfig();
        like.copyStateTo(config);
        like.close();
        config.setConnectionInitSql("SET ROLE " + role);
        pool = new HikariDataSource(config);
    }

    DataSource asRole() {
        return pool;
    }

    @Override
    public void close() {
        pool.close();
    }
}
