package dev.counterfoil.jdbc;

/** Damaged cells are corrected on H2. */
class H2CorrectionTest extends CorrectionContract {
    H2CorrectionTest() {
        super(JoinedBooks.H2);
    }
}
