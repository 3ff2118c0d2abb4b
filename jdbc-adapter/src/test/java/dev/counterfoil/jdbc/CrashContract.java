package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.Decision;
import dev.counterfoil.Outcome;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A process that is killed in the middle of its work, again and again on the same database: one whose callers share commits, and
 * one whose callers do not, in turn.
 */
@Timeout(120)
abstract class CrashContract {
    private static final int KILLS = 8;
    private static final int THREADS = 3;

    /** Where the database is, empty at first. */
    abstract String url();

    /** A ledger on it in this process. */
    abstract JdbcLedger open();

    /** Returns when the database has ended what a killed process had left to it. */
    abstract void awaitEndOfKilled() throws SQLException;

    @Test
    void whatWasAcknowledgedOutlivesKillMinusNineAndNothingIsHalfDone() throws SQLException {
        String test = getClass().getSimpleName();
        long seed = System.nanoTime();
        System.out.println(test + " seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        String url = url();
        try (JdbcLedger ledger = open()) {
            Till.apply(ledger, Till.opening());
        }
        Map<String, String> acknowledged = new HashMap<>();
        long unacknowledged = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            String name = "run" + kill;
            int before = acknowledged.size();
            run(url, kill % 2 == 0, name, random.nextInt(1, 150), acknowledged);

            awaitEndOfKilled();
            try (JdbcLedger ledger = open();
                    PlainSql sql = new PlainSql(url)) {
                Till.assertSound(sql);
                acknowledged.forEach((key, outcome) -> assertThat(ledger.find(key))
                        .hasValueSatisfying(d -> assertThat(kind(d)).isEqualTo(outcome)));
                // What had come after the last acknowledgement, and a little more that was never sent.
                int sent = acknowledged.size() - before + 2 * THREADS;
                for (int i = 0; i < sent; i++) {
                    String key = name + "-" + i;
                    boolean decided = ledger.find(key).isPresent();
                    Outcome again = ledger.apply(Till.transfer(key));
                    assertThat(((Decision) again).replayed()).isEqualTo(decided);
                    String told = acknowledged.putIfAbsent(key, kind(again));
                    assertThat(told == null ? kind(again) : told).isEqualTo(kind(again));
                    unacknowledged += told == null && decided ? 1 : 0;
                }
                assertThat(sql.count("SELECT count(*) FROM counterfoil_decision"))
                        .isEqualTo(acknowledged.size() + 1L);
                Till.assertSound(sql);
            }
        }
        System.out.println(test + ": " + KILLS + " kills, " + acknowledged.size() + " updates, " + unacknowledged
                + " of them applied but not acknowledged");
    }

    private static void run(
            String url, boolean shared, String name, int acknowledgements, Map<String, String> acknowledged) {
        try (ChildJvm child = ChildJvm.start(1).get(0)) {
            child.open(url, shared).expect("opened");
            child.tell("write " + THREADS + " " + name);
            for (int i = 0; i < acknowledgements; i++) {
                note(child.line(), acknowledged);
            }
            child.kill().forEach(line -> note(line, acknowledged));
        }
    }

    private static void note(String line, Map<String, String> acknowledged) {
        List<String> words = List.of(line.split(" "));
        // The last line may be cut off by the kill; then it was not said.
        if (words.size() == 2 && List.of("Applied", "OutOfBounds").contains(words.get(1))) {
            assertThat(acknowledged.put(words.get(0), words.get(1))).isNull();
        } else {
            assertThat(line).doesNotContain("fault");
        }
    }

    private static String kind(Outcome outcome) {
        return outcome.getClass().getSimpleName();
    }
}
