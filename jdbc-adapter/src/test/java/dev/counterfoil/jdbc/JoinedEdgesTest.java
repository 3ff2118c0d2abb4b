package dev.counterfoil.jdbc;

import static java.sql.Connection.TRANSACTION_READ_COMMITTED;
import static java.sql.Connection.TRANSACTION_REPEATABLE_READ;
import static java.sql.Connection.TRANSACTION_SERIALIZABLE;

import org.junit.jupiter.api.Nested;

/** Which connections a ledger joins, and what it leaves of itself in them, on each database. */
class JoinedEdgesTest {
    @Nested
    class OnSqlite extends JoinedEdgesContract {
        OnSqlite() {
            super(JoinedBooks.SQLITE, TRANSACTION_SERIALIZABLE);
        }
    }

    @Nested
    class OnPostgres extends JoinedEdgesContract {
        OnPostgres() {
            super(
                    JoinedBooks.POSTGRESQL,
                    TRANSACTION_READ_COMMITTED,
                    TRANSACTION_REPEATABLE_READ,
                    TRANSACTION_SERIALIZABLE);
        }
    }

    @Nested
    class OnMariaDb extends JoinedEdgesContract {
        OnMariaDb() {
            super(JoinedBooks.MARIADB, TRANSACTION_READ_COMMITTED);
        }
    }

    @Nested
    class OnH2 extends JoinedEdgesContract {
        OnH2() {
            super(JoinedBooks.H2, TRANSACTION_READ_COMMITTED);
        }
    }
}
