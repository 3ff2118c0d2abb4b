package dev.counterfoil.jdbc;

import org.junit.jupiter.api.Nested;

/** The ledger inside a caller's own transaction, on each database. */
class JoinedTest {
    @Nested
    class OnSqlite extends JoinedContract {
        OnSqlite() {
            super(JoinedBooks.SQLITE);
        }
    }

    @Nested
    class OnPostgres extends JoinedContract {
        OnPostgres() {
            super(JoinedBooks.POSTGRESQL);
        }
    }

    @Nested
    class OnMariaDb extends JoinedContract {
        OnMariaDb() {
            super(JoinedBooks.MARIADB);
        }
    }

    @Nested
    class OnH2 extends JoinedContract {
        OnH2() {
            super(JoinedBooks.H2);
        }
    }
}
