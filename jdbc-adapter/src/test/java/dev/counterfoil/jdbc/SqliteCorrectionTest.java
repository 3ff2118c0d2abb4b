package dev.counterfoil.jdbc;

/** Damaged cells are corrected on SQLite. */
class SqliteCorrectionTest extends CorrectionContract {
    SqliteCorrectionTest() {
        super(JoinedBooks.SQLITE);
    }
}
