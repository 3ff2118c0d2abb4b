package dev.counterfoil.jdbc;

import java.sql.SQLException;

/** Rule 2 on PostgreSQL. */
class PostgresRule2KeysTest extends Rule2KeysContract {
    @Override
    ServerBooks books() throws SQLException {
        return new PostgresBooks();
    }
}
