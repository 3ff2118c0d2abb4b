package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;

/** High load on PostgreSQL. */
class PostgresLoadTest extends LoadContract {
    @Override
    TestServer server() {
        return PostgresServer.get();
    }

    @Override
    void checkServer(PlainSql sql, String database) throws SQLException {
        assertThat(sql.count("SELECT deadlocks FROM pg_stat_database WHERE datname = ?", database))
                .as("deadlocks, whether a caller saw them or not")
                .isZero();
    }
}
