package dev.counterfoil.jdbc;

/** What a verification must find, on PostgreSQL. */
class PostgresDamageTest extends DamageContract {
    PostgresDamageTest() {
        super(JoinedBooks.POSTGRESQL);
    }
}
