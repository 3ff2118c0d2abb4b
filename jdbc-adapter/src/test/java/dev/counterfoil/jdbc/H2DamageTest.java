package dev.counterfoil.jdbc;

/** What a verification must find, on H2. */
class H2DamageTest extends DamageContract {
    H2DamageTest() {
        super(JoinedBooks.H2);
    }
}
