package dev.counterfoil.jdbc;

import java.sql.SQLException;

/** Rule 1 on PostgreSQL. */
class PostgresRule1TornViewTest extends Rule1TornViewContract {
    @Override
    ServerBooks books() throws SQLException {
        return new PostgresBooks();
    }
}
