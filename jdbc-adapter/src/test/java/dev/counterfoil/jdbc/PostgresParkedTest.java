package dev.counterfoil.jdbc;

import java.sql.SQLException;

/** Parked cells on PostgreSQL. */
class PostgresParkedTest extends ParkedContract {
    @Override
    ServerBooks books() throws SQLException {
        return new PostgresBooks();
    }
}
