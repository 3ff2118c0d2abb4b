package dev.counterfoil.jdbc;

/** Processes that are killed while they write to PostgreSQL. */
class PostgresCrashTest extends ServerClientsCrashContract {
    @Override
    TestServer server() {
        return PostgresServer.get();
    }
}
