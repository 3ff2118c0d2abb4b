package dev.counterfoil.jdbc;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** What a verification must find, on SQLite. */
class SqliteDamageTest extends DamageContract {
    SqliteDamageTest() {
        super(JoinedBooks.SQLITE);
    }

    /** A column of any other database would refuse it. */
    @Test
    void amountsThatAreNoNumbers() throws SQLException {
        damage(
                "UPDATE {cell} SET amount = 'abc' WHERE id = " + id(0),
                "UPDATE {cell} SET minimum = '1E+999999999' WHERE id = " + id(1),
                "UPDATE {entry} SET delta = 'much' WHERE sequence = 2 AND cell_id = " + id(2));
        assertFound(
                "BAD_AMOUNT drawer/0:cash",
                "BAD_AMOUNT drawer/1:cash",
                "CELL_DIFFERS drawer/0:cash",
                "CELL_DIFFERS drawer/1:cash",
                "BAD_AMOUNT drawer/2:cash #2 take",
                "DECISION_WITHOUT_ENTRY drawer/2:cash #2 take");
    }
}
