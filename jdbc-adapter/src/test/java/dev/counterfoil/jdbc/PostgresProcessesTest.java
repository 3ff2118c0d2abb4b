package dev.counterfoil.jdbc;

/** Several processes on one PostgreSQL. */
class PostgresProcessesTest extends ProcessesContract {
    @Override
    TestServer server() {
        return PostgresServer.get();
    }
}
