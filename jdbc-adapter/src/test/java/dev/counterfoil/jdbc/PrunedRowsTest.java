package dev.counterfoil.jdbc;

import org.junit.jupiter.api.Nested;

/** The rows of what is pruned, on each database. */
class PrunedRowsTest {
    @Nested
    class OnSqlite extends PrunedRowsContract {
        OnSqlite() {
            super(JoinedBooks.SQLITE);
        }
    }

    @Nested
    class OnPostgres extends PrunedRowsContract {
        OnPostgres() {
            super(JoinedBooks.POSTGRESQL);
        }
    }

    @Nested
    class OnMariaDb extends PrunedRowsContract {
        OnMariaDb() {
            super(JoinedBooks.MARIADB);
        }
    }

    @Nested
    class OnH2 extends PrunedRowsContract {
        OnH2() {
            super(JoinedBooks.H2);
        }
    }
}
