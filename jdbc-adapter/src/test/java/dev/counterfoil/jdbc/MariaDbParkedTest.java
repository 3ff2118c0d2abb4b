package dev.counterfoil.jdbc;

import java.sql.SQLException;

/** Parked cells on MariaDB. */
class MariaDbParkedTest extends ParkedContract {
    @Override
    ServerBooks books() throws SQLException {
        return new MariaDbBooks();
    }
}
