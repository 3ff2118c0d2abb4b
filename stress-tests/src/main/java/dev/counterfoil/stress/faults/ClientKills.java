package dev.counterfoil.stress.faults;

import java.io.IOException;
import java.sql.SQLException;
import java.util.SplittableRandom;

/**
 * Processes of callers are killed at any moment and others take their places; one is stopped in the middle of a transaction,
 * sometimes for so long that the database gives it up, and then goes on.
 */
final class ClientKills extends FaultCase {
    private static final int MOST_TRIES = 1_000;

    private final Starter starter;

    /** Makes the databases. */
    interface Starter {
        Databases start() throws IOException, InterruptedException, SQLException;
    }

    ClientKills(String name, int processes, Starter starter) {
        super(name, processes, 20);
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
        int place = random.nextInt(round.clients());
        if (random.nextInt(4) == 0) {
            pause(databases, round, round.client(place), random);
        } else {
            round.client(place).kill();
            round.replace(place);
        }
    }

    private static void pause(Databases databases, Round round, ClientJvm client, SplittableRandom random)
            throws IOException, InterruptedException, SQLException {
        client.pause();
        try {
            for (int tries = 0; !databases.inTransaction(client.name()); tries++) {
                if (tries == MOST_TRIES) {
                    throw new IllegalStateException(client.name() + " is never in a transaction");
                }
                client.goOn();
                Thread.sleep(random.nextInt(1, 20));
                client.pause();
            }
            if (databases.othersGoOn()) {
                round.awaitCalls(random.nextInt(1_000, 50_000));
            }
            Thread.sleep(random.nextBoolean() ? 0 : random.nextInt(1_000, 7_000));
        } finally {
            client.goOn();
        }
    }
}
