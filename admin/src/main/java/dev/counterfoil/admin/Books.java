package dev.counterfoil.admin;

import dev.counterfoil.jdbc.JdbcLedger;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A ledger that was opened for a command.
 *
 * @param ledger the ledger
 * @param cells knows which cells there are
 * @param end gives back what else is held
 */
record Books(JdbcLedger ledger, CellLookUp cells, Runnable end) implements AutoCloseable {
    @Override
    public void close() {
        try {
            ledger.close();
        } finally {
            end.run();
        }
    }

    /** Opens a connection. */
    interface Opener {
        /** Opens it; the caller closes it. */
        Connection open() throws SQLException;
    }

    /**
     * Where connections come from.
     *
     * @param pool those to a server, null for a file
     * @param opener one of them
     * @param end gives them all back
     */
    record Source(@Nullable DataSource pool, Opener opener, Runnable end) {}
}
