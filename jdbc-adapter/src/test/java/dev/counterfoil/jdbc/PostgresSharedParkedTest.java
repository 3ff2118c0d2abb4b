package dev.counterfoil.jdbc;

import java.sql.SQLException;

/** Parked cells on PostgreSQL, where callers share commits. */
class PostgresSharedParkedTest extends ParkedContract {
    @Override
    ServerBooks books() throws SQLException {
        return new PostgresBooks().shared();
    }
}
