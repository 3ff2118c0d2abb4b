package dev.counterfoil.jdbc;

import dev.counterfoil.testkit.FlakyLink;

/** PostgreSQL behind a link. */
final class PostgresLink implements LinkedServer {
    private static final class Database {
        private static final String NAME = PostgresServer.get().newDatabase();
    }

    @Override
    public FlakyLink link() {
        return FlakyLink.toPostgres("127.0.0.1", port());
    }

    @Override
    public int port() {
        return PostgresServer.get().port();
    }

    @Override
    public String url(String host, int port) {
        return "jdbc:postgresql://" + host + ":" + port + "/" + Database.NAME
                + "?user=postgres&sslmode=disable&gssEncMode=disable";
    }

    @Override
    public String countLockWaits() {
        return "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    }
}
