package dev.counterfoil.stress.faults;

import java.io.IOException;
import java.sql.SQLException;
import java.util.SplittableRandom;

/** Four callers share two connections, with each other, with transactions of their own, and with strangers who hold them. */
final class CrowdedPools extends FaultCase {
    private final Starter starter;
    private long held;

    CrowdedPools(String name, Starter starter) {
        super(name, Callers.in(3).sharing(2).joining(), 20);
        this.starter = starter;
    }

    @Override
    Databases databases() throws IOException, InterruptedException, SQLException {
        return starter.start();
    }

    @Override
    void fault(Databases databases, Round round, SplittableRandom random) throws IOException, InterruptedException {
        round.awaitCalls(random.nextInt(100, 10_000));
        for (int place = 0; place < round.clients(); place++) {
            for (int i = random.nextInt(4); i > 0; i--) {
                round.client(place).holdOne(random.nextInt(1, 120));
                held++;
            }
        }
    }

    @Override
    long met(Databases databases, int asked) {
        long met = held;
        held = 0;
        return met;
    }
}
