package dev.counterfoil.jdbc.internal;

import dev.counterfoil.Key;
import dev.counterfoil.jdbc.dialect.Dialect;
import dev.counterfoil.spi.Deadline;
import dev.counterfoil.spi.PruneStep;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes the details of decisions, in the order of their keys, which an index has. Rows are looked at without a lock and then
 * changed one by one through the primary key, so that nothing else is locked, and nobody's uncommitted row is waited for.
 */
final class PruneSql {
    private final Dialect dialect;
    private final Rows rows;
    private final String inScope;
    private final String behindScope;
    private final String prune;

    PruneSql(Dialect dialect, Tables tables, Rows rows) {
        this.dialect = dialect;
        this.rows = rows;
        String order = Tables.columns(dialect, "namespace, scope, key");
        String key = dialect.column("key");
        String select =
                "SELECT id, scope, " + key + ", recorded_at, CASE WHEN detail IS NULL THEN 0 ELSE 1 END AS whole"
                        + " FROM " + tables.decision + " WHERE namespace = ? AND ";
        // Two ranges of the index: not every database finds one in a comparison of pairs.
        inScope = select + "scope = ? AND " + key + " > ? ORDER BY " + order + " LIMIT ?";
        behindScope = select + "scope > ? ORDER BY " + order + " LIMIT ?";
        prune = "UPDATE " + tables.decision + " SET metadata = NULL, detail = NULL WHERE id = ? AND detail IS NOT NULL";
    }

    /** A decision on the way. */
    private record Passed(long id, Key key, boolean due) {}

    PruneStep.Done run(Connection connection, PruneStep step, Deadline deadline) throws SQLException {
        if (dialect.sending() == Dialect.Sending.ARRAYS) {
            begin(connection, deadline);
        }
        Instant clock = dialect.clock(connection);
        if (!step.allowedAt(clock)) {
            return new PruneStep.Done(clock, 0, null);
        }
        List<Passed> passed = passed(connection, step);
        long count = prune(connection, passed);
        boolean more = passed.size() == step.limit();
        return new PruneStep.Done(
                clock, count, more ? passed.get(passed.size() - 1).key() : null);
    }

    /** Nothing has been sent of a transaction that writes. */
    private static void begin(Connection connection, Deadline deadline) throws SQLException {
        Questions questions = new Questions(Questions.texts());
        questions.add(
                Begin.WRITING + "SELECT 1", (select, bound) -> Begin.bind(select, deadline), Begin.RESULTS, row -> {});
        questions.ask(connection, "");
    }

    private List<Passed> passed(Connection connection, PruneStep step) throws SQLException {
        Key after = step.after();
        String scope = after == null ? "" : after.scope();
        List<Passed> passed = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(inScope)) {
            select.setString(1, step.namespace());
            select.setString(2, scope);
            select.setString(3, after == null ? "" : after.value());
            select.setInt(4, step.limit());
            read(select, step, passed);
        }
        if (passed.size() < step.limit()) {
            try (PreparedStatement select = connection.prepareStatement(behindScope)) {
                select.setString(1, step.namespace());
                select.setString(2, scope);
                select.setInt(3, step.limit() - passed.size());
                read(select, step, passed);
            }
        }
        return passed;
    }

    private void read(PreparedStatement select, PruneStep step, List<Passed> passed) throws SQLException {
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                Key key = Key.of(row.getString("scope"), row.getString("key"));
                boolean whole = row.getInt("whole") != 0;
                boolean due = whole && rows.time(row, "recorded_at").isBefore(step.recordedBefore());
                passed.add(new Passed(row.getLong("id"), key, due));
            }
        }
    }

    private long prune(Connection connection, List<Passed> passed) throws SQLException {
        List<Passed> due = passed.stream().filter(Passed::due).toList();
        if (due.isEmpty()) {
            return 0;
        }
        try (PreparedStatement update = connection.prepareStatement(prune)) {
            for (Passed row : due) {
                update.setLong(1, row.id());
                update.addBatch();
            }
            long count = 0;
            for (int changed : update.executeBatch()) {
                // A driver that sends them as one does not say of each what it changed.
                count += changed == Statement.SUCCESS_NO_INFO ? 1 : changed;
            }
            return count;
        }
    }
}
