package dev.counterfoil.jdbc;

import java.sql.SQLException;

/** The past on PostgreSQL. */
class PostgresSettlingTest extends SettlingContract {
    @Override
    ServerBooks books() throws SQLException {
        return new PostgresBooks();
    }
}
