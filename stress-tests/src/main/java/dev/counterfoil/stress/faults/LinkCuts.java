package dev.counterfoil.stress.faults;

import dev.counterfoil.testkit.Fault;
import dev.counterfoil.testkit.Faults;
import dev.counterfoil.testkit.FlakyLink;
import java.io.IOException;
import java.sql.SQLException;
import java.util.SplittableRandom;

/**
 * The link between three processes of callers and their server loses one COMMIT in twenty, or its answer, in any way, and breaks
 * at any byte; COMMITs that were held arrive late or never; now and then all connections are cut, or hang.
 */
final class LinkCuts extends FaultCase {
    private static final int ONE_COMMIT_IN = 20;

    /** The most bytes that a connection carries, which are those of some tens of updates. */
    private static final int BYTES = 200_000;

    private static final long HELD_MILLIS = 1_000;

    private final Starter starter;

    LinkCuts(String name, Starter starter) {
        super(name, Callers.in(3).joining(), 6);
        this.starter = starter;
    }

    @Override
    Databases databases() throws IOException, InterruptedException, SQLException {
        return starter.start();
    }

    @Override
    void fault(Databases databases, Round round, SplittableRandom random) throws IOException, InterruptedException {
        FlakyLink link = ((LinkedDatabases) databases).link();
        link.faults(Faults.random(
                random.nextLong(),
                ONE_COMMIT_IN,
                Fault.CUT_BEFORE_COMMIT,
                Fault.CUT_AFTER_COMMIT,
                Fault.HOLD_COMMIT,
                Fault.STALL,
                Fault.HALF_CLOSE));
        link.cutWithin(random.nextLong(), BYTES);
        for (int i = 0; i < 3; i++) {
            round.awaitCalls(random.nextInt(1_000, 20_000));
            Thread.sleep(random.nextLong(HELD_MILLIS));
            switch (random.nextInt(6)) {
                case 0 -> link.cut();
                case 1 -> link.hang();
                default -> link.deliver();
            }
        }
        link.faults(Faults.none());
        link.cutWithin(0, 0);
        link.deliver();
        // What hangs would hang for as long as its caller waits.
        link.cut();
    }

    @Override
    long met(Databases databases, int asked) {
        return ((LinkedDatabases) databases).met();
    }
}
