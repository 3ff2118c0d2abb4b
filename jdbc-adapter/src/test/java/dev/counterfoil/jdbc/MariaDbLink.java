package dev.counterfoil.jdbc;

import dev.counterfoil.testkit.FlakyLink;

/** MariaDB behind a link. */
final class MariaDbLink implements LinkedServer {
    private static final class Database {
        private static final String NAME = MariaDbServer.get().newDatabase();
    }

    @Override
    public FlakyLink link() {
        return FlakyLink.toMariaDb("127.0.0.1", port());
    }

    @Override
    public int port() {
        return MariaDbServer.get().port();
    }

    @Override
    public String url(String host, int port) {
        return "jdbc:mariadb://" + host + ":" + port + "/" + Database.NAME + "?user=root&sslMode=disable";
    }

    @Override
    public String countLockWaits() {
        return "SELECT count(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'";
    }
}
