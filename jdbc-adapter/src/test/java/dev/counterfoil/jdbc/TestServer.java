package dev.counterfoil.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;

/** A database server as tests of whole ledgers and processes use it. */
interface TestServer {
    /** A new, empty database; its name. */
    String newDatabase();

    /** Where a database is, for drivers. */
    String url(String database);

    /** A pool of connections to a database; the caller closes it. */
    HikariDataSource pool(String database, int size);

    /** A database as its operator sees it. */
    PlainSql sql(String database);

    /** Waits until nobody else is connected to a database: killed clients' last statements have ended too. */
    void awaitNoClients(String database) throws SQLException;
}
