package dev.counterfoil.jdbc;

/** Pools of connections to MariaDB. */
class MariaDbPoolTest extends PoolContract {
    @Override
    TestServer server() {
        return MariaDbServer.get();
    }

    @Override
    String session() {
        return "SELECT CONNECTION_ID() UNION ALL SELECT CONCAT(variable_name, ' = ', variable_value) FROM"
                + " information_schema.session_variables WHERE variable_name REGEXP"
                + " '_TIMEOUT$|^SQL_MODE$|^TX_|^TRANSACTION_|^AUTOCOMMIT$|^IN_TRANSACTION$|^TIME_ZONE$'";
    }
}
