package dev.counterfoil.jdbc;

import java.sql.SQLException;

/** Rule 1 on MariaDB. */
class MariaDbRule1TornViewTest extends Rule1TornViewContract {
    @Override
    ServerBooks books() throws SQLException {
        return new MariaDbBooks();
    }
}
