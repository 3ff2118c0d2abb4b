package dev.counterfoil.jdbc;

import java.sql.SQLException;

/** The past on MariaDB. */
class MariaDbSettlingTest extends SettlingContract {
    @Override
    ServerBooks books() throws SQLException {
        return new MariaDbBooks();
    }
}
