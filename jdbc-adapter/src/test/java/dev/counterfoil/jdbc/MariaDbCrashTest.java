package dev.counterfoil.jdbc;

/** Processes that are killed while they write to MariaDB. */
class MariaDbCrashTest extends ServerClientsCrashContract {
    @Override
    TestServer server() {
        return MariaDbServer.get();
    }
}
