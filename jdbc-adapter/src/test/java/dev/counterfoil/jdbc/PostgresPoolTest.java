package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.Test;

/** Pools of connections to PostgreSQL. */
class PostgresPoolTest extends PoolContract {
    @Override
    TestServer server() {
        return PostgresServer.get();
    }

    @Override
    String session() {
        return "SELECT pg_backend_pid()::text UNION ALL SELECT name || ' = ' || setting FROM pg_settings WHERE name ~"
                + " '_timeout$|^default_transaction_|^synchronous_commit$|^enable_|^search_path$'";
    }

    @Test
    void aPoolOfConnectionsThatOnlyReadIsRefusedInClearWords() {
        try (HikariDataSource pool = pool(config -> {});
                JdbcLedger ledger = JdbcLedger.builder(pool).createSchema().build()) {
            Till.apply(ledger, Till.opening());
        }
        try (HikariDataSource readers = pool(config -> config.setReadOnly(true))) {
            assertThatThrownBy(() -> JdbcLedger.builder(readers).build())
                    .isInstanceOf(SchemaException.class)
                    .hasMessageContaining("read-only to this process");
        }
    }
}
