package dev.counterfoil.benchmarks.suites;

import dev.counterfoil.Outcome;
import dev.counterfoil.Update;
import dev.counterfoil.benchmarks.load.Transfer;
import dev.counterfoil.benchmarks.peers.LedgerSubject;
import dev.counterfoil.benchmarks.peers.Place;
import dev.counterfoil.benchmarks.report.Row;
import dev.counterfoil.benchmarks.servers.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * {@code applyEach} of a thousand transfers beside the least that a server can do for the same rows: {@code INSERT … SELECT} of
 * them from its own memory into the same tables, and an update of the cells, in one transaction. Batch by batch in turn.
 */
final class ApplyEachSuite {
    private static final String SUITE = "PostgreSQL, applyEach";
    private static final String NAME = "1,000 updates, 1,000 accounts";
    private static final int UPDATES = 1_000;
    private static final int ACCOUNTS = 1_000;

    /** What the ledger has written and the copy has not, ready in memory; this is not measured. */
    private static final List<String> STAGE = List.of(
            "TRUNCATE new_decision, new_entry, new_cell",
            "INSERT INTO new_decision SELECT * FROM ledger.counterfoil_decision WHERE id > (SELECT max(id) FROM"
                    + " copy.counterfoil_decision)",
            "INSERT INTO new_entry SELECT e.* FROM copy.counterfoil_cell c JOIN ledger.counterfoil_entry e"
                    + " ON e.cell_id = c.id AND e.sequence > c.version",
            "INSERT INTO new_cell SELECT n.* FROM ledger.counterfoil_cell n JOIN copy.counterfoil_cell c"
                    + " ON c.id = n.id AND c.version <> n.version",
            "ANALYZE new_decision",
            "ANALYZE new_entry",
            "ANALYZE new_cell");

    private static final List<String> COPY = List.of(
            "INSERT INTO copy.counterfoil_decision SELECT * FROM new_decision",
            "INSERT INTO copy.counterfoil_entry SELECT * FROM new_entry",
            "UPDATE copy.counterfoil_cell c SET amount = n.amount, version = n.version, last_scope = n.last_scope,"
                    + " last_key = n.last_key, last_at = n.last_at FROM new_cell n WHERE c.id = n.id");

    private static final List<String> TABLES = List.of("counterfoil_cell", "counterfoil_decision", "counterfoil_entry");

    private final PostgresServer server;
    private final Run run;
    private final SplittableRandom random = new SplittableRandom(UPDATES);
    private int batches;

    ApplyEachSuite(PostgresServer server, Run run) {
        this.server = server;
        this.run = run;
    }

    void run() throws Exception {
        String database = "apply_each";
        server.create(database);
        try (Connection connection = DriverManager.getConnection(server.url(database, "public"));
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA ledger");
            statement.execute("CREATE SCHEMA copy");
            Place copy = new Place(server.url(database, "copy"), 2, 1);
            LedgerSubject.onPostgres(copy, true).close();
            try (LedgerSubject ledger =
                    LedgerSubject.onPostgres(new Place(server.url(database, "ledger"), ACCOUNTS, 4), true)) {
                prepare(statement);
                measure(ledger, connection, statement);
                audit(statement);
            }
        } finally {
            server.drop(database);
        }
    }

    private static void prepare(Statement statement) throws SQLException {
        statement.execute("SET temp_buffers = '64MB'");
        for (String table : TABLES) {
            statement.execute("TRUNCATE copy." + table);
            statement.execute("INSERT INTO copy." + table + " SELECT * FROM ledger." + table);
            statement.execute(
                    "CREATE TEMPORARY TABLE " + table.replace("counterfoil", "new") + " (LIKE ledger." + table + ")");
        }
        statement.execute("VACUUM ANALYZE");
    }

    private void measure(LedgerSubject ledger, Connection connection, Statement statement) throws SQLException {
        batch(ledger);
        stage(statement);
        copy(connection, statement);
        List<Double> ours = new ArrayList<>();
        List<Double> theirs = new ArrayList<>();
        long end = System.nanoTime()
                + 2L * run.plan().rounds() * run.plan().measured().toNanos();
        long warm = System.nanoTime() + run.plan().warmUp().toNanos() * 2;
        while (System.nanoTime() < end) {
            double one = UPDATES / batch(ledger);
            stage(statement);
            double other = UPDATES / copy(connection, statement);
            if (System.nanoTime() > warm) {
                ours.add(one);
                theirs.add(other);
            }
        }
        String peer = "INSERT … SELECT of the same rows";
        double other = Measured.middle(theirs);
        run.results().add(row("Counterfoil, applyEach", ours).beside(peer, other));
        run.results().add(row(peer, theirs));
        run.progress()
                .line(String.format(
                        java.util.Locale.ROOT,
                        "%s: %,.0f updates/s, the rows alone %,.0f/s, %d batches of each",
                        SUITE,
                        Measured.middle(ours),
                        other,
                        ours.size()));
    }

    private static Row row(String subject, List<Double> rates) {
        return Row.of(
                SUITE,
                NAME,
                UPDATES,
                subject,
                "throughput",
                Measured.middle(rates),
                "updates/s",
                Measured.quartiles(rates));
    }

    private double batch(LedgerSubject ledger) {
        List<Update> updates = new ArrayList<>();
        batches++;
        for (int i = 0; i < UPDATES; i++) {
            int from = random.nextInt(ACCOUNTS);
            int to = (from + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
            updates.add(ledger.update(new Transfer("batch-" + batches + "-" + i, from, to, 1 + random.nextInt(1_000))));
        }
        long start = System.nanoTime();
        List<Outcome> outcomes = ledger.ledger().applyEach(updates);
        double seconds = (System.nanoTime() - start) / 1e9;
        if (!outcomes.stream().allMatch(LedgerSubject::isApplied)) {
            run.results().fault(SUITE + ": a transfer within the limits was refused");
        }
        return seconds;
    }

    private static void stage(Statement statement) throws SQLException {
        for (String sql : STAGE) {
            statement.execute(sql);
        }
    }

    private static double copy(Connection connection, Statement statement) throws SQLException {
        connection.setAutoCommit(false);
        long start = System.nanoTime();
        for (String sql : COPY) {
            statement.execute(sql);
        }
        connection.commit();
        double seconds = (System.nanoTime() - start) / 1e9;
        connection.setAutoCommit(true);
        return seconds;
    }

    /** Both have the same rows, and as many as were sent. */
    private void audit(Statement statement) throws SQLException {
        for (String table : TABLES) {
            check(
                    statement,
                    "rows of " + table + " that differ",
                    0,
                    "SELECT count(*) FROM (SELECT * FROM ledger." + table + " EXCEPT ALL SELECT * FROM copy." + table
                            + ") AS missing");
        }
        check(
                statement,
                "entries",
                2L * batches * UPDATES,
                "SELECT count(*) FROM copy.counterfoil_entry WHERE sequence > 1");
        check(
                statement,
                "cents",
                ACCOUNTS * Transfer.FIRST_CENTS,
                "SELECT (sum(amount) * 100)::bigint FROM ledger.counterfoil_cell");
    }

    private void check(Statement statement, String what, long right, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            row.next();
            if (row.getLong(1) != right) {
                run.results().fault(SUITE + ": " + what + ": should be " + right + ", are " + row.getLong(1));
            }
        }
    }
}
