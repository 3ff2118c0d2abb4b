package dev.counterfoil.admin;

import java.sql.SQLException;
import picocli.CommandLine.Mixin;

/** A command that opens the ledger as it is there. */
abstract class LedgerCommand extends AdminCommand {
    @Mixin
    private Connecting connecting = new Connecting();

    @Override
    public final Integer call() throws SQLException {
        check();
        try (Books books = connecting.open(this)) {
            Out out = out();
            int code = run(books, out);
            out.flush();
            return code;
        }
    }

    /** Whose books are opened. */
    final String namespace() {
        return connecting.namespace();
    }

    /** A command that changes nothing need not say that it did not. */
    @Override
    boolean changes() {
        return false;
    }

    /** Refuses what can be seen to be wrong before anything is opened. */
    void check() {}

    /** Does it, and gives the exit code. */
    abstract int run(Books books, Out out) throws SQLException;
}
