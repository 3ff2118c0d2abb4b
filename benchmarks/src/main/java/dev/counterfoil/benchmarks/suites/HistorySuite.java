package dev.counterfoil.benchmarks.suites;

import dev.counterfoil.benchmarks.load.Draw;
import dev.counterfoil.benchmarks.load.Standing;
import dev.counterfoil.benchmarks.load.Subject;
import dev.counterfoil.benchmarks.load.Transfer;
import dev.counterfoil.benchmarks.peers.LedgerSubject;
import dev.counterfoil.benchmarks.peers.Place;
import dev.counterfoil.benchmarks.report.Row;
import dev.counterfoil.benchmarks.servers.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What an update costs in a ledger with a long history, beside one without. */
final class HistorySuite {
    private static final String SUITE = "PostgreSQL, length of history";
    private static final int ACCOUNTS = 1_000;
    private static final int CALLERS = 64;
    private static final int CONNECTIONS = 8;

    private final PostgresServer server;
    private final Run run;

    HistorySuite(PostgresServer server, Run run) {
        this.server = server;
        this.run = run;
    }

    void run() throws Exception {
        List<Contender> contenders = new ArrayList<>();
        List<Integer> lengths = new ArrayList<>(List.of(0));
        lengths.addAll(run.plan().entries());
        for (int entries : lengths) {
            contenders.add(Contender.ours(name(entries), place -> open(place, entries)));
        }
        List<Measured> all = new Comparison(SUITE, Run.callers(CALLERS), run)
                .run(
                        () -> new PostgresGround(server),
                        contenders,
                        unused -> CONNECTIONS,
                        run.closed(Draw.uniform(ACCOUNTS), CALLERS));
        if (all.stream().anyMatch(Measured::isVoid)) {
            return;
        }
        double empty = 1_000 / all.get(0).rate();
        for (int i = 0; i < all.size(); i++) {
            List<Double> rounds =
                    all.get(i).slots().stream().map(slot -> 1_000 / slot.rate()).toList();
            Row row = Row.of(
                    SUITE,
                    Run.callers(CALLERS),
                    lengths.get(i),
                    name(lengths.get(i)),
                    "cost",
                    1_000 / all.get(i).rate(),
                    "ms/transfer",
                    Measured.spread(rounds));
            run.results().add(i == 0 ? row : row.beside(name(0), empty));
        }
    }

    private static String name(int entries) {
        return String.format(Locale.ROOT, "Counterfoil, %,d entries before", entries);
    }

    private Subject open(Place place, int entries) throws Exception {
        LedgerSubject subject = LedgerSubject.onPostgres(place, true);
        boolean there = subject.transfer(new Transfer("sample", 0, 1, 100));
        if (!there || !subject.transfer(new Transfer("sample back", 1, 0, 100))) {
            throw new IllegalStateException("a transfer within the limits was refused");
        }
        if (entries > 0) {
            fill(place.url(), entries / ACCOUNTS / 2 * 2);
            run.progress().line(SUITE + ": " + name(entries));
        }
        return new Aged(subject, entries / ACCOUNTS / 2 * 2);
    }

    /** Writes rows as transfers would have left them, with keys in no order, as those of users are. */
    private static void fill(String url, int entriesOfEach) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (String sql : List.of(
                    """
                    INSERT INTO counterfoil_decision (id, namespace, scope, key, fingerprint_version, fingerprint, outcome,
                      balanced, recorded_at, detail)
                    SELECT -n, namespace, scope, md5(n::text), fingerprint_version, fingerprint, outcome, balanced,
                      recorded_at, detail
                    FROM generate_series(1, %1$d * (SELECT count(*) FROM counterfoil_cell) / 2) AS n,
                      (SELECT * FROM counterfoil_decision WHERE key = 'sample') AS sample""",
                    """
                    INSERT INTO counterfoil_entry (cell_id, sequence, decision_id, position, type, delta, amount,
                      recorded_at)
                    SELECT c.id, c.version + n, -1 - ((c.account_id::bigint / 2) * %1$d + n - 1), c.account_id::bigint %% 2,
                      'INCREMENT', CASE n %% 2 WHEN 1 THEN 1 ELSE -1 END, c.amount + n %% 2, c.last_at
                    FROM generate_series(1, %1$d) AS n, counterfoil_cell c ORDER BY n, c.id""",
                    "UPDATE counterfoil_cell SET version = version + %1$d",
                    "ANALYZE counterfoil_cell",
                    "VACUUM ANALYZE counterfoil_decision",
                    "VACUUM ANALYZE counterfoil_entry",
                    "VACUUM counterfoil_cell")) {
                statement.execute(String.format(Locale.ROOT, sql, entriesOfEach));
            }
        }
    }

    /** A ledger with a history that no caller was told of. */
    private record Aged(LedgerSubject subject, int entriesOfEach) implements Subject {
        @Override
        public boolean transfer(Transfer transfer) {
            return subject.transfer(transfer);
        }

        @Override
        public Standing standing() throws SQLException {
            Standing all = subject.standing();
            long before = (long) entriesOfEach * ACCOUNTS;
            return new Standing(
                    all.cents(),
                    all.entries() - before - 4,
                    all.crooked(),
                    all.applied() - before / 2 - 2,
                    all.rejected());
        }

        @Override
        public void close() {
            subject.close();
        }
    }
}
