package dev.counterfoil.benchmarks.suites;

import dev.counterfoil.benchmarks.load.Draw;
import dev.counterfoil.benchmarks.peers.GuardedPeer;
import dev.counterfoil.benchmarks.peers.HibernatePeer;
import dev.counterfoil.benchmarks.peers.LedgerSubject;
import dev.counterfoil.benchmarks.peers.LockingPeer;
import dev.counterfoil.benchmarks.peers.NaiveBatchPeer;
import dev.counterfoil.benchmarks.peers.StatementPeer;
import dev.counterfoil.benchmarks.servers.PostgresServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Transfers on PostgreSQL: a few hot accounts, many accounts, one caller to a thousand; and at half of that load. */
final class PostgresSuite {
    static final Contender LEDGER = Contender.ours("Counterfoil", place -> LedgerSubject.onPostgres(place, true));
    private static final Contender ALONE =
            Contender.ours("Counterfoil, no group commit", place -> LedgerSubject.onPostgres(place, false));
    private static final Contender LOCKING = Contender.byHand("FOR UPDATE in order", LockingPeer::new);
    private static final Contender GUARDED = Contender.byHand("guarded UPDATE", GuardedPeer::new);
    private static final Contender STATEMENT = Contender.byHand("one statement (CTE)", StatementPeer::new);
    private static final Contender HIBERNATE = Contender.other("Hibernate, @Version", HibernatePeer::new);
    private static final Contender BATCH = Contender.other("naive batch", NaiveBatchPeer::new);
    private static final List<Contender> MAIN = List.of(LEDGER, LOCKING, GUARDED, STATEMENT);
    static final List<Contender> ALL = List.of(LEDGER, LOCKING, GUARDED, STATEMENT, ALONE, HIBERNATE);

    private final PostgresServer server;
    private final Run run;

    PostgresSuite(PostgresServer server, Run run) {
        this.server = server;
        this.run = run;
    }

    void run() throws Exception {
        Plan plan = run.plan();
        Draw two = Draw.uniform(2);
        Draw zipf = Draw.zipf(1_000);
        Draw wide = Draw.uniform(plan.wideAccounts());
        Pools hot = calibrated("2 accounts, 64 callers", two, 64);
        Pools spread = calibrated("10,000 accounts, 256 callers", Draw.uniform(10_000), 256);
        String suite = "PostgreSQL, 2 accounts";
        for (int callers : plan.hotCallers()) {
            List<Contender> contenders = plan.everywhere() || callers == 64 ? ALL : MAIN;
            half(suite, two, callers, compare(suite, contenders, two, callers, hot), hot);
        }
        for (int callers : plan.zipfCallers()) {
            List<Contender> contenders = plan.everywhere() || callers == 64 ? with(ALL, BATCH) : with(MAIN, BATCH);
            List<Measured> unused = compare("PostgreSQL, 1,000 accounts, Zipf", contenders, zipf, callers, spread);
        }
        suite = String.format(Locale.ROOT, "PostgreSQL, %,d accounts", plan.wideAccounts());
        for (int callers : plan.wideCallers()) {
            List<Contender> contenders = plan.everywhere() || callers == 256 ? ALL : MAIN;
            half(suite, wide, callers, compare(suite, contenders, wide, callers, spread), spread);
        }
    }

    private static List<Contender> with(List<Contender> some, Contender one) {
        return Stream.concat(some.stream(), Stream.of(one)).toList();
    }

    private Pools calibrated(String name, Draw draw, int callers) throws Exception {
        return Pools.calibrated(name, () -> new PostgresGround(server), ALL, run.closed(draw, callers), run);
    }

    private List<Measured> compare(String suite, List<Contender> contenders, Draw draw, int callers, Pools pools)
            throws Exception {
        String name = Run.callers(callers);
        List<Measured> all = new Comparison(suite, name, run)
                .run(() -> new PostgresGround(server), contenders, pools::of, run.closed(draw, callers));
        Measured.report(run.results(), suite, name, callers, all);
        return all;
    }

    /** At a fixed rate: each at half of what it did when as much was sent as it took. */
    private void half(String suite, Draw draw, int callers, List<Measured> full, Pools pools) throws Exception {
        List<Measured> byHand = Measured.bestByHand(full).stream().toList();
        if (callers != 256 || byHand.isEmpty() || full.get(0).isVoid()) {
            return;
        }
        List<Measured> both = new ArrayList<>(full.subList(0, 1));
        both.addAll(byHand);
        String name = "half of full load, of " + Run.callers(callers);
        List<Measured> all = new Comparison(suite, name, run)
                .run(
                        () -> new PostgresGround(server),
                        both.stream().map(Measured::contender).toList(),
                        pools::of,
                        contender -> run.closed(draw, callers)
                                .at(both.stream()
                                                .filter(one -> one.contender().equals(contender))
                                                .mapToDouble(Measured::rate)
                                                .sum()
                                        / 2));
        Measured.reportLatencies(run.results(), suite, name, callers, all);
    }
}
