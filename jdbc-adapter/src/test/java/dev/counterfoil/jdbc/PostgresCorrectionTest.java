package dev.counterfoil.jdbc;

/** Damaged cells are corrected on PostgreSQL. */
class PostgresCorrectionTest extends CorrectionContract {
    PostgresCorrectionTest() {
        super(JoinedBooks.POSTGRESQL);
    }
}
