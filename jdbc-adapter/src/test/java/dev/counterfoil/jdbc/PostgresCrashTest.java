package dev.counterfoil.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;

/** Processes that are killed while they write to a server. */
class PostgresCrashTest extends CrashContract {
    private final PostgresServer server = PostgresServer.get();
    private final String database = server.newDatabase();
    private HikariDataSource pool = server.pool(database, 2);

    @Override
    String url() {
        return server.url(database);
    }

    @Override
    JdbcLedger open() {
        return JdbcLedger.builder(pool).createSchema().build();
    }

    @Override
    void awaitEndOfKilled() throws SQLException {
        pool.close();
        server.awaitNoClients(database);
        pool = server.pool(database, 2);
    }

    @AfterEach
    void closePool() {
        pool.close();
    }
}
