package dev.counterfoil.jdbc.internal;

import dev.counterfoil.spi.Deadline;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;

/**
 * How a transaction of our own begins on PostgreSQL: in one text with its first statement, so that it takes no round trip.
 * Nothing of it outlives the transaction.
 */
final class Begin {
    /** How long a lock is waited for before the group goes on without those who need it. */
    private static final int LOCK_MILLIS = 500;

    /** A client that has vanished keeps its locks, or its old view, no longer than this. */
    private static final int IDLE_MILLIS = 5_000;

    /**
     * Every row is found through an index, one after the other. Left to itself the server reads whole tables where it
     * believes them small: before it has looked at them for the first time, and in plans that a connection keeps from then.
     * So there is one plan for whatever is bound, and the server need not make one each time.
     */
    private static final String PLANS = "set_config('enable_seqscan', 'off', true),"
            + " set_config('enable_bitmapscan', 'off', true), set_config('enable_hashjoin', 'off', true),"
            + " set_config('enable_mergejoin', 'off', true), set_config('plan_cache_mode', 'force_generic_plan', true)";

    /** Not READ WRITE, which would write where the operator has made the server read-only. */
    static final String WRITING = text("READ COMMITTED");

    static final String READING = text("REPEATABLE READ READ ONLY");

    /** Ends a transaction that reads, in one text with its last statement: the driver then finds nothing left to commit. */
    static final String END_READING = "COMMIT";

    /** The results that come before those of the first statement proper: the count of SET, and the row of the settings. */
    static final int RESULTS = 2;

    private Begin() {}

    private static String text(String mode) {
        return "SET TRANSACTION ISOLATION LEVEL " + mode
                + "; SELECT set_config('lock_timeout', ?, true), set_config('statement_timeout', ?, true),"
                + " set_config('idle_in_transaction_session_timeout', ?, true), " + PLANS + "; ";
    }

    /** Binds its parameters, which are the first; how many. */
    static int bind(PreparedStatement statement, Deadline deadline) throws SQLException {
        long left = Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline.remainingNanos()));
        statement.setString(1, Long.toString(Math.min(LOCK_MILLIS, left)));
        statement.setString(2, Long.toString(left));
        statement.setString(3, Long.toString(IDLE_MILLIS));
        return 3;
    }
}
