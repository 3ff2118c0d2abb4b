package dev.counterfoil.jdbc;

import java.sql.SQLException;
import org.junit.jupiter.api.Tag;

/** Parked cells on MariaDB, where callers share commits. */
@Tag("other-settings")
class MariaDbSharedParkedTest extends ParkedContract {
    @Override
    ServerBooks books() throws SQLException {
        return new MariaDbBooks().shared();
    }
}
