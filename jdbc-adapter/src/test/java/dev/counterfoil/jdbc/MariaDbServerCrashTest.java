package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A server that is killed under load, again and again, and comes back on the same files; in half of the rounds callers share
 * commits. How often is set with {@code -Dcounterfoil.crash.deaths=100}.
 */
@Timeout(600)
class MariaDbServerCrashTest {
    private static final int DEATHS = Integer.getInteger("counterfoil.crash.deaths", 2);

    @Test
    void callersGoOnThroughTheDeathsOfTheServerAndWhatTheyAreToldIsTrue() throws Exception {
        long seed = System.nanoTime();
        System.out.println("MariaDbServerCrashTest seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        try (MariaDbServer server = MariaDbServer.start()) {
            String database = server.newDatabase();
            try (Callers callers = new Callers(server.url(database))) {
                Till.apply(callers.patient(), Till.opening());
                for (int round = 0; round < DEATHS; round++) {
                    callers.forget();
                    // Each way to die meets both.
                    callers.start(round, round % 4 == 0 || round % 4 == 3);
                    callers.awaitAnswers(random.nextInt(1, 100));
                    spin(random.nextInt(3_000_000));
                    die(round % 2 == 0, server, callers);
                    callers.forget();
                    callers.awaitAnswers(20);
                    callers.stop();
                    try (PlainSql sql = server.sql(database)) {
                        callers.check(round, sql);
                    }
                }
                callers.checkAcknowledged("");
                System.out.println("MariaDbServerCrashTest: " + DEATHS + " deaths, " + callers.summary());
                assertThat(callers.unknownNotApplied()).isPositive();
            }
        }
    }

    /** At any moment; or so that one caller at least sends his commit to a server that is no more. */
    private static void die(boolean atAnyMoment, MariaDbServer server, Callers callers) throws InterruptedException {
        int recoveries = recoveries(server);
        if (atAnyMoment) {
            server.kill();
            callers.awaitFault();
        } else {
            callers.closeDoor();
            server.kill();
            callers.openDoor();
            callers.awaitUnknown();
        }
        server.restart();
        assertThat(recoveries(server)).as("it had to recover").isEqualTo(recoveries + 1);
    }

    private static int recoveries(MariaDbServer server) {
        return server.log().split("Starting crash recovery", -1).length - 1;
    }

    /** To fall on any moment of a transaction, and not on the one at which an answer comes. */
    private static void spin(long nanos) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }
}
