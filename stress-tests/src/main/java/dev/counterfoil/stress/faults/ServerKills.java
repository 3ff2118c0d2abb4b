package dev.counterfoil.stress.faults;

import java.io.IOException;
import java.sql.SQLException;
import java.util.SplittableRandom;

/** Five processes of callers go on while their server is killed at any moment, and comes back on the same files. */
final class ServerKills extends FaultCase {
    private final Starter starter;

    /** Makes a server. */
    interface Starter {
        Victim start() throws IOException, InterruptedException, SQLException;
    }

    ServerKills(String name, Starter starter) {
        super(name, 5, 20);
        this.starter = starter;
    }

    @Override
    Databases databases() throws IOException, InterruptedException, SQLException {
        return starter.start();
    }

    @Override
    void fault(Databases databases, Round round, SplittableRandom random)
            throws IOException, InterruptedException, SQLException {
        round.awaitCalls(random.nextInt(1_000, 100_000));
        Victim victim = (Victim) databases;
        victim.kill();
        Thread.sleep(random.nextInt(1_000));
        victim.restart();
    }
}
