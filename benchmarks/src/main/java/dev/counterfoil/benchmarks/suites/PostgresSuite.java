package dev.counterfoil.benchmarks.suites;

import dev.counterfoil.benchmarks.load.Draw;
import dev.counterfoil.benchmarks.peers.GuardedPeer;
import dev.counterfoil.benchmarks.peers.HibernatePeer;
import dev.counterfoil.benchmarks.peers.LedgerSubject;
import dev.counterfoil.benchmarks.peers.LockingPeer;
import dev.counterfoil.benchmarks.peers.NaiveBatchPeer;
import dev.counterfoil.benchmarks.peers.StatementPeer;
import dev.counterfoil.benchmarks.servers.PostgresServer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Transfers on PostgreSQL: a few hot accounts, many accounts, one caller to a thousand; and at half of that load. */
final class PostgresSuite {
    static final Contender LEDGER = Contender.ours("Counterfoil", place -> LedgerSubject.onPostgres(place, true));
    private static final Contender SLOWED = Contender.ours("Counterfoil, at the other's rate", LEDGER.opener());
    private static final Contender ALONE =
            Contender.ours("Counterfoil, no group commit", place -> LedgerSubject.onPostgres(place, false));
    private static final Contender LOCKING = Contender.byHand("FOR UPDATE in order", LockingPeer::new);
    private static final Contender GUARDED = Contender.byHand("guarded UPDATE", GuardedPeer::new);
    private static final Contender STATEMENT = Contender.byHand("one statement (CTE)", StatementPeer::new);
    private static final Contender HIBERNATE = Contender.other("Hibernate, @Version", HibernatePeer::new);
    private static final Contender BATCH = Contender.warning("naive batch", NaiveBatchPeer::new);
    private static final List<Contender> MAIN = List.of(LEDGER, LOCKING, GUARDED, STATEMENT);
    static final List<Contender> ALL = List.of(LEDGER, LOCKING, GUARDED, STATEMENT, ALONE, HIBERNATE);

    /** A flush then takes what it does on many a disk that is reached over a network or has no memory of its own. */
    private static final Duration SLOWER_DISK = Duration.ofNanos(1_400_000);

    private final String where;
    private final PostgresServer server;
    private final Run run;

    PostgresSuite(PostgresServer server, Run run) {
        this("PostgreSQL", server, run);
    }

    private PostgresSuite(String where, PostgresServer server, Run run) {
        this.where = where;
        this.server = server;
        this.run = run;
    }

    void run() throws Exception {
        Plan plan = run.plan();
        Draw zipf = Draw.zipf(1_000);
        Pools hot = hot(ALL);
        Pools spread = spread(ALL);
        for (int callers : plan.hotCallers()) {
            hot(plan.everywhere() || callers == 64 ? ALL : MAIN, callers, hot);
        }
        for (int callers : plan.zipfCallers()) {
            List<Contender> contenders = plan.everywhere() || callers == 64 ? with(ALL, BATCH) : with(MAIN, BATCH);
            List<Measured> unused = compare(where + ", 1,000 accounts, Zipf", contenders, zipf, callers, spread);
        }
        for (int callers : plan.wideCallers()) {
            wide(plan.everywhere() || callers == 256 ? ALL : MAIN, callers, spread);
        }
    }

    /** The ledger and the two that were written by hand and are ever the best, where each flush takes longer. */
    static void onSlowerDisk(Run run) throws Exception {
        Plan plan = run.plan();
        List<Contender> contenders = plan.everywhere() ? MAIN : List.of(LEDGER, GUARDED, STATEMENT);
        String where = String.format(Locale.ROOT, "PostgreSQL, a disk %.1f ms slower", SLOWER_DISK.toNanos() / 1e6);
        try (PostgresServer server = new PostgresServer(run.directory(), SLOWER_DISK)) {
            server.useLog();
            PostgresSuite suite = new PostgresSuite(where, server, run);
            Pools hot = suite.hot(contenders);
            for (int callers : plan.hotCallers()) {
                suite.hot(contenders, callers, hot);
            }
            Pools spread = suite.spread(contenders);
            for (int callers : plan.wideCallers()) {
                suite.wide(contenders, callers, spread);
            }
        }
    }

    private Pools hot(List<Contender> contenders) throws Exception {
        return calibrated("2 accounts, 64 callers", contenders, Draw.uniform(2), 64);
    }

    private void hot(List<Contender> contenders, int callers, Pools pools) throws Exception {
        full(where + ", 2 accounts", contenders, Draw.uniform(2), callers, pools);
    }

    private Pools spread(List<Contender> contenders) throws Exception {
        return calibrated("10,000 accounts, 256 callers", contenders, Draw.uniform(10_000), 256);
    }

    private void wide(List<Contender> contenders, int callers, Pools pools) throws Exception {
        int accounts = run.plan().wideAccounts();
        String suite = String.format(Locale.ROOT, "%s, %,d accounts", where, accounts);
        full(suite, contenders, Draw.uniform(accounts), callers, pools);
    }

    private void full(String suite, List<Contender> contenders, Draw draw, int callers, Pools pools) throws Exception {
        half(suite, draw, callers, compare(suite, contenders, draw, callers, pools), pools);
    }

    private static List<Contender> with(List<Contender> some, Contender one) {
        return Stream.concat(some.stream(), Stream.of(one)).toList();
    }

    private Pools calibrated(String name, List<Contender> contenders, Draw draw, int callers) throws Exception {
        return Pools.calibrated(
                where + ", " + name, () -> new PostgresGround(server), contenders, run.closed(draw, callers), run);
    }

    private List<Measured> compare(String suite, List<Contender> contenders, Draw draw, int callers, Pools pools)
            throws Exception {
        String name = Run.callers(callers);
        List<Measured> all = new Comparison(suite, name, run)
                .run(() -> new PostgresGround(server), contenders, pools::of, run.closed(draw, callers));
        Measured.report(run.results(), suite, name, callers, all);
        return all;
    }

    /** At a fixed rate: each at half of what it did when as much was sent as it took, and the ledger at that of the best. */
    private void half(String suite, Draw draw, int callers, List<Measured> full, Pools pools) throws Exception {
        Measured byHand = Measured.bestByHand(full).orElse(null);
        if (callers != 256 || byHand == null || full.get(0).isVoid()) {
            return;
        }
        Map<Contender, Double> rates = new LinkedHashMap<>();
        rates.put(LEDGER, full.get(0).rate() / 2);
        rates.put(SLOWED, byHand.rate() / 2);
        rates.put(byHand.contender(), byHand.rate() / 2);
        String name = "half of full load, of " + Run.callers(callers);
        List<Measured> all = new Comparison(suite, name, run)
                .run(
                        () -> new PostgresGround(server),
                        List.copyOf(rates.keySet()),
                        contender -> pools.of(contender.equals(SLOWED) ? LEDGER : contender),
                        contender -> run.closed(draw, callers).at(Objects.requireNonNull(rates.get(contender))));
        Measured.reportLatencies(run.results(), suite, name, callers, all);
    }
}
