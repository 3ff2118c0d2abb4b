package dev.counterfoil.jdbc;

/** High load on MariaDB. */
class MariaDbLoadTest extends LoadContract {
    @Override
    TestServer server() {
        return MariaDbServer.get();
    }
}
