package dev.counterfoil.jdbc.internal;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Surrogate ids in blocks: a sequence gives the number of a block, and the ids in it need no more visits. Ids that a rolled
 * back transaction used, or that a process leaves behind, are never given again. They say nothing of order.
 */
final class IdBlocks {
    private static final long SIZE = 1000;

    private final String nextBlock;
    private final Queue<Long> spare = new ArrayDeque<>();
    private long next;
    private long end;

    /** Ids from the blocks that a query counts. */
    IdBlocks(String nextBlock) {
        this.nextBlock = nextBlock;
    }

    /** Where fewer than so many ids are left, adds the query for another block, which so takes no round trip of its own. */
    void addTo(Questions questions, int needed) {
        synchronized (this) {
            if (end - next + spare.size() * SIZE >= needed) {
                return;
            }
        }
        questions.add(nextBlock, row -> keep(firstId(row)));
    }

    private synchronized void keep(long first) {
        spare.add(first);
    }

    private static long firstId(ResultSet row) throws SQLException {
        return Math.multiplyExact(row.getLong(1), SIZE);
    }

    /** The next id. Nobody waits for another's visit to the server: two that come at once take a block each. */
    long next(Connection connection) throws SQLException {
        synchronized (this) {
            if (next == end && !spare.isEmpty()) {
                begin(spare.remove());
            }
            if (next != end) {
                return next++;
            }
        }
        long first = visit(connection);
        synchronized (this) {
            begin(first);
            return next++;
        }
    }

    private void begin(long first) {
        next = first;
        end = first + SIZE;
    }

    private long visit(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(nextBlock)) {
            row.next();
            return firstId(row);
        }
    }

    /** Takes another block for the next id. */
    synchronized void forget() {
        next = end;
        spare.clear();
    }
}
