package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A server that is killed under load, again and again, and comes back on the same files; in the first half of the rounds callers
 * share commits, in the second they do not.
 */
@Timeout(240)
class PostgresServerCrashTest {
    /** When the server is killed, and what of it. */
    private enum Death {
        AT_ANY_MOMENT,
        /** One process, and the server recovers by itself. */
        OF_ONE_PROCESS,
        /** One caller at least sends his commit to a server that is no more. */
        BEFORE_A_COMMIT,
        /** One caller's commit at least is written, and he is not told. */
        BEFORE_THE_ANSWER
    }

    private static final int ROUNDS = 8;

    @Test
    void callersGoOnThroughTheDeathsOfTheServerAndWhatTheyAreToldIsTrue() throws Exception {
        long seed = System.nanoTime();
        System.out.println("PostgresServerCrashTest seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        try (KillablePostgres postgres = new KillablePostgres()) {
            String database = postgres.server().newDatabase();
            try (Callers callers = new Callers(postgres.server().url(database))) {
                Till.apply(callers.patient(), Till.opening());
                for (int round = 0; round < ROUNDS; round++) {
                    callers.forget();
                    callers.start(round, round < ROUNDS / 2);
                    callers.awaitAnswers(random.nextInt(1, 100));
                    spin(random.nextInt(3_000_000));
                    die(Death.values()[round % Death.values().length], postgres, database, callers, random);
                    callers.forget();
                    callers.awaitAnswers(20);
                    callers.stop();
                    try (PlainSql sql = postgres.server().sql(database)) {
                        callers.check(round, sql);
                    }
                }
                callers.checkAcknowledged("");
                System.out.println("PostgresServerCrashTest: " + ROUNDS + " deaths, " + callers.summary());
                assertThat(callers.foundApplied()).isPositive();
                assertThat(callers.unknownNotApplied()).isPositive();
            }
        }
    }

    private static void die(
            Death death, KillablePostgres postgres, String database, Callers callers, SplittableRandom random)
            throws SQLException, InterruptedException {
        switch (death) {
            case AT_ANY_MOMENT -> {
                postgres.kill();
                callers.awaitFault();
                postgres.restart();
            }
            case OF_ONE_PROCESS -> postgres.killOneProcess(database, random);
            case BEFORE_A_COMMIT -> {
                callers.closeDoor();
                postgres.kill();
                callers.openDoor();
                callers.awaitUnknown();
                postgres.restart();
            }
            case BEFORE_THE_ANSWER -> {
                postgres.holdCommits();
                postgres.awaitHeldCommits(database, 1);
                postgres.kill();
                callers.awaitFault();
                postgres.restart();
            }
        }
    }

    /** To fall on any moment of a transaction, and not on the one at which an answer comes. */
    private static void spin(long nanos) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }
}
