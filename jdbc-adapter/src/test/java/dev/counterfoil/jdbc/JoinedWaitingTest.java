package dev.counterfoil.jdbc;

import org.junit.jupiter.api.Nested;

/** Who waits for whom in joined transactions, on each database that locks rows. */
class JoinedWaitingTest {
    @Nested
    class OnPostgres extends JoinedWaitingContract {
        OnPostgres() {
            super(JoinedBooks.POSTGRESQL);
        }
    }

    @Nested
    class OnMariaDb extends JoinedWaitingContract {
        OnMariaDb() {
            super(JoinedBooks.MARIADB);
        }
    }

    @Nested
    class OnH2 extends JoinedWaitingContract {
        OnH2() {
            super(JoinedBooks.H2);
        }
    }
}
