package dev.counterfoil.benchmarks.suites;

import dev.counterfoil.benchmarks.load.Draw;
import dev.counterfoil.benchmarks.load.Load;
import dev.counterfoil.benchmarks.peers.GuardedPeer;
import dev.counterfoil.benchmarks.peers.LedgerSubject;
import dev.counterfoil.benchmarks.peers.LockingPeer;
import dev.counterfoil.benchmarks.peers.StatementPeer;
import dev.counterfoil.benchmarks.report.Results;
import dev.counterfoil.benchmarks.servers.PostgresServer;
import java.util.List;
import java.util.Locale;

/** Transfers on PostgreSQL: a few hot accounts, many accounts, one caller to a thousand. */
final class PostgresSuite {
    static final Contender LEDGER = Contender.ours("Counterfoil", place -> LedgerSubject.onPostgres(place, true));
    static final Contender ALONE =
            Contender.ours("Counterfoil, no group commit", place -> LedgerSubject.onPostgres(place, false));
    static final Contender LOCKING = Contender.byHand("FOR UPDATE in order", LockingPeer::new);
    static final Contender GUARDED = Contender.byHand("guarded UPDATE", GuardedPeer::new);
    static final Contender STATEMENT = Contender.byHand("one statement (CTE)", StatementPeer::new);
    private static final List<Contender> ALL = List.of(LEDGER, ALONE, LOCKING, GUARDED, STATEMENT);

    private final PostgresServer server;
    private final Plan plan;
    private final Results results;
    private final Progress progress;

    PostgresSuite(PostgresServer server, Plan plan, Results results, Progress progress) {
        this.server = server;
        this.plan = plan;
        this.results = results;
        this.progress = progress;
    }

    void run() throws Exception {
        Draw two = Draw.uniform(2);
        Draw zipf = Draw.zipf(1_000);
        Draw wide = Draw.uniform(plan.wideAccounts());
        Pools hot = calibrated("2 accounts, 64 callers", two, 64);
        Pools spread = calibrated("10,000 accounts, 256 callers", Draw.uniform(10_000), 256);
        for (int callers : plan.hotCallers()) {
            compare("2 accounts", two, callers, hot);
        }
        for (int callers : plan.zipfCallers()) {
            compare("1,000 accounts, Zipf", zipf, callers, spread);
        }
        for (int callers : plan.wideCallers()) {
            compare(String.format(Locale.ROOT, "%,d accounts", plan.wideAccounts()), wide, callers, spread);
        }
    }

    private Pools calibrated(String name, Draw draw, int callers) throws Exception {
        return Pools.calibrated(
                name, () -> new PostgresGround(server), ALL, load(draw, callers), plan, progress, results);
    }

    private Load load(Draw draw, int callers) {
        return Load.closed(draw, callers, plan.warmUp(), plan.measured());
    }

    private void compare(String accounts, Draw draw, int callers, Pools pools) throws Exception {
        String suite = "PostgreSQL, " + accounts;
        String name = String.format(Locale.ROOT, callers == 1 ? "%,d caller" : "%,d callers", callers);
        List<Measured> all = new Comparison(suite, name, progress)
                .run(() -> new PostgresGround(server), ALL, pools::of, load(draw, callers), plan.rounds(), results);
        Measured.report(results, suite, name, callers, all);
    }
}
