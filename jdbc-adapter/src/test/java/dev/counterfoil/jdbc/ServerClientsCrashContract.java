package dev.counterfoil.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;

/** Processes that are killed while they write to a server, which lives on. */
abstract class ServerClientsCrashContract extends CrashContract {
    private final TestServer server = server();
    private final String database = server.newDatabase();
    private HikariDataSource pool = server.pool(database, 2);

    /** The server, which other tests use too. */
    abstract TestServer server();

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
