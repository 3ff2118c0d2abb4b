package dev.counterfoil.benchmarks.load;

import java.sql.SQLException;

/**
 * Balances between which money is moved, with a limit at zero: what every contender of the load driver can do. A transfer
 * counts once under its key, and a repeat gets the answer of then; it leaves an entry in both balances. A refusal is kept under
 * its key too.
 */
public interface Subject extends AutoCloseable {
    /**
     * Moves money, and comes back when that is durable.
     *
     * @return false where the limit refuses it
     * @throws Exception if it could not be done, which makes the run void
     */
    boolean transfer(Transfer transfer) throws Exception;

    /** What stands in the books, from a look at the tables that is no part of what is measured. */
    Standing standing() throws Exception;

    /** How often work was done again because of others, as far as it is counted. */
    default long conflicts() {
        return 0;
    }

    @Override
    void close() throws SQLException;
}
