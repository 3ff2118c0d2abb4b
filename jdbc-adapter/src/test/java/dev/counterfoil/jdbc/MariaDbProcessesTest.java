package dev.counterfoil.jdbc;

/** Several processes on one MariaDB. */
class MariaDbProcessesTest extends ProcessesContract {
    @Override
    TestServer server() {
        return MariaDbServer.get();
    }
}
