package dev.counterfoil.jdbc.internal;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Surrogate ids in blocks: a sequence gives the number of a block, and the ids in it need no more visits. Ids that a rolled
 * back transaction used, or that a process leaves behind, are never given again. They say nothing of order.
 */
final class IdBlocks {
    private static final long SIZE = 1000;

    private final String nextBlock;
    private long next;
    private long end;

    /** Ids from the blocks that a query counts. */
    IdBlocks(String nextBlock) {
        this.nextBlock = nextBlock;
    }

    /** The next id. Nobody waits for another's visit to the server: two that come at once take a block each. */
    long next(Connection connection) throws SQLException {
        synchronized (this) {
            if (next != end) {
                return next++;
            }
        }
        long first = Math.multiplyExact(block(connection), SIZE);
        synchronized (this) {
            next = first + 1;
            end = first + SIZE;
        }
        return first;
    }

    private long block(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(nextBlock)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Takes another block for the next id. */
    synchronized void forget() {
        next = end;
    }
}
