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

    /** The next id. */
    synchronized long next(Connection connection) throws SQLException {
        if (next == end) {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(nextBlock)) {
                row.next();
                next = Math.multiplyExact(row.getLong(1), SIZE);
                end = next + SIZE;
            }
        }
        return next++;
    }

    /** Takes another block for the next id. */
    synchronized void forget() {
        next = end;
    }
}
