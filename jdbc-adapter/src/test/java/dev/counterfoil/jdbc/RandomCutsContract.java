package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.Applied;
import dev.counterfoil.Decision;
import dev.counterfoil.Key;
import dev.counterfoil.NotAppliedException;
import dev.counterfoil.Outcome;
import dev.counterfoil.OutcomeUnknownException;
import dev.counterfoil.Rejected;
import dev.counterfoil.testkit.Fault;
import dev.counterfoil.testkit.Faults;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Many callers over a link that loses the answer to one COMMIT in twenty, in any way, and breaks at other moments too. The
 * number of updates is set with {@code -Dcounterfoil.cuts.updates=10000}.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class RandomCutsContract {
    private static final int THREADS = 8;
    private static final int CONNECTIONS = 6;
    private static final int ONE_COMMIT_IN = 20;

    /** The most bytes that a connection carries, which are those of some tens of updates. */
    private static final int BYTES = 200_000;

    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1);
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger duplicates = new AtomicInteger();

    /** What callers were told of each key: a decision, or the fault. */
    private final Map<String, List<Object>> told = new ConcurrentSkipListMap<>();

    private LinkedTill till;

    private int updates;

    abstract LinkedServer server();

    /** How many where no number is set. */
    int fewUpdates() {
        return 1000;
    }

    @BeforeEach
    void open() throws SQLException {
        updates = Integer.getInteger("counterfoil.cuts.updates", fewUpdates());
        till = new LinkedTill(server());
    }

    @AfterEach
    void close() throws Exception {
        till.close();
        threads.shutdownNow();
    }

    @Test
    void whatCallersAreToldIsTrueAndMoneyMovesOnce() throws Exception {
        long seed = Long.getLong("counterfoil.seed", System.nanoTime());
        System.out.println(getClass().getName() + ": seed " + seed);
        JdbcLedger shared = till.ledger(CONNECTIONS, TIMEOUT);
        // Of these alone there are many commits to cut.
        JdbcLedger own = till.share(false).ledger(CONNECTIONS, TIMEOUT);
        till.link()
                .faults(Faults.random(
                        seed,
                        ONE_COMMIT_IN,
                        Fault.CUT_BEFORE_COMMIT,
                        Fault.CUT_AFTER_COMMIT,
                        Fault.HOLD_COMMIT,
                        Fault.STALL,
                        Fault.HALF_CLOSE));
        till.link().cutWithin(seed, BYTES);

        CountDownLatch end = new CountDownLatch(1);
        Future<Integer> postman = threads.submit(() -> deliverLate(seed, end));
        List<Future<?>> callers = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            SplittableRandom random = new SplittableRandom(seed + i);
            JdbcLedger ledger = i % 2 == 0 ? shared : own;
            callers.add(threads.submit(() -> call(ledger, random)));
        }
        for (Future<?> caller : callers) {
            caller.get();
        }
        end.countDown();
        int delivered = postman.get();
        till.link().faults(Faults.none());
        till.link().cutWithin(seed, 0);
        System.out.println(getClass().getName() + ": " + updates + " updates, " + duplicates + " of them twice; "
                + till.link() + ", of which " + delivered + " delivered late");
        assertThat(till.link().cutsAtBytes()).isPositive();
        assertThat(till.link().commits()).isGreaterThan(till.link().count(Fault.PASS));

        new Verdict().look();
    }

    /** Delivers what is held sometimes before and sometimes after the caller has given up. */
    private int deliverLate(long seed, CountDownLatch end) throws InterruptedException {
        SplittableRandom random = new SplittableRandom(seed);
        int delivered = 0;
        while (!end.await(random.nextLong(2 * TIMEOUT.toMillis()), TimeUnit.MILLISECONDS)) {
            boolean never = random.nextInt(8) == 0;
            if (never) {
                // The server gives them up, and their locks with them.
                till.link().cut();
            }
            delivered += till.link().deliver();
        }
        return delivered + till.link().deliver();
    }

    private void call(JdbcLedger ledger, SplittableRandom random) {
        for (int n = next.incrementAndGet(); n <= updates; n = next.incrementAndGet()) {
            send(ledger, "u-" + n);
            if (random.nextInt(100) == 0) {
                duplicates.incrementAndGet();
                send(ledger, "u-" + random.nextInt(1, n + 1));
            }
        }
    }

    private void send(JdbcLedger ledger, String key) {
        Object answer;
        try {
            answer = ledger.apply(Till.transfer(key));
        } catch (NotAppliedException | OutcomeUnknownException e) {
            answer = e;
        }
        told.computeIfAbsent(key, k -> Collections.synchronizedList(new ArrayList<>()))
                .add(answer);
    }

    /** Compares what callers were told with what is there. */
    private final class Verdict {
        private int acknowledged;
        private int refused;
        private int notApplied;
        private int unknown;
        private int unknownButThere;

        /** What is there of each key; nothing of those that are missing. */
        private final Map<String, Decision> stored = new HashMap<>();

        void look() {
            told.keySet().forEach(key -> till.ledgerBeside().find(key).ifPresent(found -> stored.put(key, found)));
            Map<Key, Integer> entries = till.audit();
            told.forEach((key, answers) -> {
                answers.forEach(answer -> look(key, answer, answers.size() > 1));
                assertThat(entries.getOrDefault(Key.of(key), 0))
                        .as("entries of %s", key)
                        .isEqualTo(stored.get(key) instanceof Applied ? 2 : 0);
            });
            System.out.println(RandomCutsContract.this.getClass().getName() + ": told " + acknowledged
                    + " applied, " + refused + " refused, " + notApplied + " not applied, " + unknown + " unknown, "
                    + unknownButThere + " of which were there");
            assertThat(told).hasSize(updates);
            assertThat(acknowledged + refused).isGreaterThan(updates / 2);
            sendAgain();
        }

        private void look(String key, Object answer, boolean sentTwice) {
            boolean there = stored.containsKey(key);
            if (answer instanceof Decision decision) {
                acknowledged += decision instanceof Applied ? 1 : 0;
                refused += decision instanceof Rejected ? 1 : 0;
                assertThat(there).as("%s is there", key).isTrue();
                assertThat(what(stored.get(key))).isEqualTo(what(decision));
            } else if (answer instanceof NotAppliedException) {
                notApplied++;
                // The other call may have applied it.
                assertThat(there && !sentTwice).as("%s is there", key).isFalse();
            } else {
                unknown++;
                unknownButThere += there ? 1 : 0;
            }
        }

        /** Every update once more: what was there stays, what was not comes to be, and nothing happens twice. */
        private void sendAgain() {
            List<Outcome> outcomes = till.ledgerBeside()
                    .applyEach(told.keySet().stream().map(Till::transfer).toList());
            for (Outcome outcome : outcomes) {
                String key = outcome.key().value();
                Decision again = (Decision) outcome;
                Decision before = stored.get(key);
                assertThat(again.replayed()).as("%s is replayed", key).isEqualTo(before != null);
                assertThat(what(again)).isEqualTo(what(before == null ? again : before));
            }
            assertThat(till.audit().values()).containsOnly(2);
        }

        /** What a decision is, replayed or not. */
        private static String what(Decision decision) {
            if (decision instanceof Applied applied) {
                return applied.receipt().toString();
            }
            Rejected refusal = (Rejected) decision;
            return refusal.key() + " " + refusal.reason() + " " + refusal.recordedAt();
        }
    }
}
