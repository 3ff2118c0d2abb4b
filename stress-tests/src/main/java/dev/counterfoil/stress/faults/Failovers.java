package dev.counterfoil.stress.faults;

import dev.counterfoil.AccountId;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Limits;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.stress.history.Commits;
import dev.counterfoil.stress.history.OpenLedger;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/**
 * Three processes of callers go on while the primary is killed at any moment and its standby is promoted; a new standby is made
 * under the load. Sometimes the standby is away at that moment, and has nothing of what came since. One more caller tells for how
 * long he was not served.
 */
final class Failovers extends FaultCase {
    private static final String WITNESS = "witness";
    private static final BalanceId CENTS = AccountId.of(WITNESS, "1").balance("cents", Unit.of("CENT", 0));
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final boolean synchronous;
    private final List<Double> seconds = new ArrayList<>();

    Failovers(String name, boolean synchronous) {
        super(name, 3, 4);
        this.synchronous = synchronous;
    }

    @Override
    Databases databases() throws IOException, InterruptedException, SQLException {
        PostgresPair pair = PostgresPair.start(synchronous);
        pair.primary().run("CREATE DATABASE " + WITNESS);
        try (OpenLedger open = OpenLedger.of(pair.url(WITNESS), 1, PATIENCE, Commits.SHARED)) {
            open.ledger()
                    .apply(Update.of("open").open(CENTS, 0, Limits.none()).build())
                    .orThrow();
        }
        return pair;
    }

    @Override
    void fault(Databases databases, Round round, SplittableRandom random)
            throws IOException, InterruptedException, SQLException {
        PostgresPair pair = (PostgresPair) databases;
        round.awaitCalls(random.nextInt(1_000, 100_000));
        if (!synchronous || random.nextInt(3) == 0) {
            pair.standby().kill();
            // Without a standby nobody is told that an update is applied, or, of a control, somebody is.
            Thread.sleep(random.nextInt(500, 4_000));
            pair.primary().kill();
            pair.standby().start();
            pair.promote();
        } else {
            failOver(pair);
        }
        pair.renewStandby();
    }

    private void failOver(PostgresPair pair) throws IOException, InterruptedException, SQLException {
        try (OpenLedger witness = OpenLedger.of(pair.url(WITNESS), 1, PATIENCE, Commits.SHARED)) {
            pay(witness);
            long start = System.nanoTime();
            pair.primary().kill();
            CompletableFuture<Double> served = CompletableFuture.supplyAsync(() -> {
                pay(witness);
                return (System.nanoTime() - start) / 1e9;
            });
            pair.promote();
            seconds.add(served.join());
        }
    }

    private static void pay(OpenLedger witness) {
        witness.ledger()
                .apply(Update.of("pay-" + System.nanoTime()).add(CENTS, 1).build())
                .orThrow();
    }

    @Override
    public List<Result> run(Size size, long seed) throws Exception {
        List<Result> results = super.run(size, seed);
        if (!seconds.isEmpty()) {
            Collections.sort(seconds);
            System.out.printf(
                    "%s: from the kill to the next acknowledged update %.1f to %.1f s, half of them below %.1f s%n",
                    name(), seconds.get(0), seconds.get(seconds.size() - 1), seconds.get(seconds.size() / 2));
        }
        return results;
    }
}
