package dev.counterfoil.jdbc.dialect;

import dev.counterfoil.spi.Deadline;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * MariaDB Galera, a cluster whose nodes all take writes. A ledger finds out by itself that it is in one; hand this in for
 * {@link dev.counterfoil.jdbc.SqlFailures}, or extend it.
 */
public class GaleraDialect extends MariaDbDialect {
    /** The node is not, or no more, among the majority of the cluster. */
    private static final int NOT_READY = 1047;

    /** A transaction begins behind all that was committed before on any node, and not on a node that is cut off. */
    private static final String IN_STEP = "SESSION wsrep_sync_wait = 1, SESSION wsrep_dirty_reads = 0";

    private static final String PREPARE_IN_STEP = PREPARE
            + ", @counterfoil_sync = @@SESSION.wsrep_sync_wait, @counterfoil_dirty = @@SESSION.wsrep_dirty_reads, "
            + IN_STEP;

    private static final String PUT_BACK_STEP =
            ", SESSION wsrep_sync_wait = @counterfoil_sync, SESSION wsrep_dirty_reads = @counterfoil_dirty";

    /** For {@code SqlFailures}, and for dialects that extend this one. */
    public GaleraDialect() {}

    /** Old nodes and other systems do not have the variables. */
    static boolean isNode(Connection connection) throws SQLException {
        Map<String, String> found = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('wsrep_on', 'wsrep_provider')")) {
            while (row.next()) {
                found.put(row.getString(1), row.getString(2));
            }
        }
        return "ON".equals(found.get("wsrep_on"))
                && !List.of("", "none").contains(found.getOrDefault("wsrep_provider", "none"));
    }

    @Override
    public Undo prepare(Connection connection) throws SQLException {
        connection.rollback();
        run(connection, PREPARE_IN_STEP);
        return back -> run(back, PUT_BACK + PUT_BACK_STEP);
    }

    /** Said again each time: a driver that knows several nodes may have gone to another one since, without telling. */
    @Override
    public void begin(Connection connection, Deadline deadline) throws SQLException {
        begin(connection, "READ COMMITTED", "READ WRITE", List.of("SET SESSION autocommit = 0, " + IN_STEP));
    }

    @Override
    public void beginRead(Connection connection, Deadline deadline) throws SQLException {
        begin(connection, "REPEATABLE READ", "READ ONLY", List.of("SET SESSION autocommit = 0, " + IN_STEP));
    }

    /** It helps where the step is the first of its transaction. */
    @Override
    public Undo beginStep(Connection connection, String table, Deadline deadline) throws SQLException {
        Undo undo = super.beginStep(connection, table, deadline);
        run(connection, "SET @counterfoil_step_sync = @@SESSION.wsrep_sync_wait, SESSION wsrep_sync_wait = 1");
        return back -> {
            undo.run(back);
            run(back, "SET SESSION wsrep_sync_wait = @counterfoil_step_sync");
        };
    }

    /** Locks by name are of one node; statements that make tables wait for each other in the whole cluster anyway. */
    @Override
    void lockSchemas(Connection connection, Deadline deadline) {}

    @Override
    void unlockSchemas(Connection connection) {}

    /** Locks are of one node; what was written is compared when it is committed. */
    @Override
    public boolean certifiesWritesOnly() {
        return true;
    }

    /** It answers, and {@code isValid} is true. */
    @Override
    public boolean isCutOff(SQLException failure) {
        return DriverFailure.in(failure, at -> at.getErrorCode() == NOT_READY).getErrorCode() == NOT_READY;
    }
}
