package dev.counterfoil.jdbc;

/** What a verification must find, on MariaDB. */
class MariaDbDamageTest extends DamageContract {
    MariaDbDamageTest() {
        super(JoinedBooks.MARIADB);
    }
}
