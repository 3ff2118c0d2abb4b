package dev.counterfoil.jdbc;

/** Damaged cells are corrected on MariaDB. */
class MariaDbCorrectionTest extends CorrectionContract {
    MariaDbCorrectionTest() {
        super(JoinedBooks.MARIADB);
    }
}
