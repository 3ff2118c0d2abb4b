package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.BatchException;
import dev.counterfoil.Decision;
import dev.counterfoil.Ledger;
import dev.counterfoil.LedgerException;
import dev.counterfoil.Outcome;
import dev.counterfoil.OutcomeUnknownException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Threads that transfer within the {@link Till} and keep what they were told of each key: some have the time to wait until the
 * server is back and must see no fault, some do not. Some send one update at a time, some lists.
 */
final class Callers implements AutoCloseable {
    private static final int THREADS = 8;
    private static final int LIST = 5;

    private final HikariDataSource patientPool;
    private final HikariDataSource impatientPool;
    private final List<JdbcLedger> shared;
    private final List<JdbcLedger> own;
    private final AtomicInteger commitsSent = new AtomicInteger();
    private final AtomicInteger commitsAnswered = new AtomicInteger();

    private final Map<String, Outcome> acknowledged = new ConcurrentHashMap<>();
    private final Queue<String> notApplied = new ConcurrentLinkedQueue<>();
    private final Queue<String> unknown = new ConcurrentLinkedQueue<>();
    private final Queue<Throwable> unexpected = new ConcurrentLinkedQueue<>();
    private final Semaphore answers = new Semaphore(0);
    private final Semaphore faults = new Semaphore(0);
    private final Semaphore unknowns = new Semaphore(0);
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped;

    /** Where callers who are about to commit wait, if anywhere. */
    private volatile CountDownLatch door = new CountDownLatch(0);

    private final Semaphore atTheDoor = new Semaphore(0);

    private int unknownApplied;
    private int unknownNotApplied;

    Callers(String url) {
        patientPool = pool(url, 60_000);
        impatientPool = pool(url, 250);
        shared = ledgers(true);
        own = ledgers(false);
    }

    /** One for those who have the time to wait, and one for those who do not. */
    private List<JdbcLedger> ledgers(boolean groupCommit) {
        JdbcLedger patient = JdbcLedger.builder(commits(false).on(patientPool))
                .createSchema()
                .timeout(Duration.ofSeconds(60))
                .groupCommit(groupCommit)
                .build();
        JdbcLedger impatient = JdbcLedger.builder(commits(true).on(impatientPool))
                .timeout(Duration.ofMillis(300))
                .groupCommit(groupCommit)
                .build();
        return List.of(patient, impatient);
    }

    private Between commits(boolean waits) {
        return new Between() {
            @Override
            void before(String sql) {
                if (sql.equals("COMMIT")) {
                    if (waits && door.getCount() > 0) {
                        atTheDoor.release();
                        awaitOpen();
                    }
                    commitsSent.incrementAndGet();
                }
            }

            @Override
            void after(String sql) {
                commitsAnswered.addAndGet(sql.equals("COMMIT") ? 1 : 0);
            }
        };
    }

    private void awaitOpen() {
        try {
            door.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static HikariDataSource pool(String url, long waitMillis) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        // Fewer than callers, and nobody waits longer for a connection than for an answer.
        config.setMaximumPoolSize(THREADS / 2 - 1);
        config.setConnectionTimeout(waitMillis);
        return new HikariDataSource(config);
    }

    Ledger patient() {
        return shared.get(0);
    }

    /** Lets them begin, with commits that they share, or with their own. */
    void start(int round, boolean share) {
        stopped = false;
        for (int i = 0; i < THREADS; i++) {
            String name = "r" + round + "-c" + i;
            Ledger ledger = (share ? shared : own).get(i % 2);
            int list = i < THREADS / 2 ? 1 : LIST;
            Thread thread = new Thread(() -> run(name, ledger, list), name);
            thread.start();
            threads.add(thread);
        }
    }

    private void run(String name, Ledger ledger, int list) {
        try {
            for (int n = 0; !stopped; n += list) {
                List<String> keys = IntStream.range(n, n + list)
                        .mapToObj(i -> name + "-" + i)
                        .toList();
                send(ledger, keys);
            }
        } catch (RuntimeException e) {
            unexpected.add(e);
        }
    }

    private void send(Ledger ledger, List<String> keys) {
        try {
            List<Outcome> outcomes =
                    ledger.applyEach(keys.stream().map(Till::transfer).toList());
            for (int i = 0; i < keys.size(); i++) {
                acknowledge(keys.get(i), outcomes.get(i));
            }
        } catch (BatchException e) {
            if (ledger == shared.get(0) || ledger == own.get(0)) {
                unexpected.add(e);
            }
            for (int i = 0; i < keys.size(); i++) {
                String key = keys.get(i);
                BatchException.Result result = e.results().get(i);
                result.outcome().ifPresent(outcome -> acknowledge(key, outcome));
                result.fault().ifPresent(fault -> note(key, fault));
            }
        }
    }

    private void acknowledge(String key, Outcome outcome) {
        acknowledged.put(key, outcome);
        answers.release();
    }

    private void note(String key, LedgerException fault) {
        if (fault instanceof OutcomeUnknownException) {
            unknown.add(key);
            unknowns.release();
        } else {
            notApplied.add(key);
        }
        faults.release();
    }

    /** From now on, what is waited for must come anew. */
    void forget() {
        answers.drainPermits();
        faults.drainPermits();
        unknowns.drainPermits();
        atTheDoor.drainPermits();
    }

    void awaitAnswers(int count) throws InterruptedException {
        await(answers, count);
    }

    /** Waits until one of those who have no time is told that he is. */
    void awaitFault() throws InterruptedException {
        await(faults, 1);
    }

    /** Waits until one of those who have no time is told that nobody knows. */
    void awaitUnknown() throws InterruptedException {
        await(unknowns, 1);
    }

    /** Keeps those who have no time from sending their commits, and waits until there is one. */
    void closeDoor() throws InterruptedException {
        door = new CountDownLatch(1);
        await(atTheDoor, 1);
    }

    void openDoor() {
        door.countDown();
    }

    private void await(Semaphore semaphore, int count) throws InterruptedException {
        boolean came = semaphore.tryAcquire(count, 60, TimeUnit.SECONDS);
        assertThat(unexpected).isEmpty();
        assertThat(came).isTrue();
    }

    void stop() throws InterruptedException {
        stopped = true;
        for (Thread thread : threads) {
            thread.join();
        }
        threads.clear();
        assertThat(unexpected).isEmpty();
    }

    /** Holds what was told of a round against what is there; then resolves what is unknown by sending it again. */
    void check(int round, PlainSql sql) throws SQLException {
        Till.assertSound(sql);
        checkAcknowledged("r" + round + "-");
        for (String key : notApplied) {
            assertThat(decisions(sql, key))
                    .as("%s was told not to be applied", key)
                    .isZero();
        }
        for (String key; (key = unknown.poll()) != null; ) {
            boolean there = decisions(sql, key) == 1;
            Decision again = (Decision) patient().apply(Till.transfer(key));
            assertThat(again.replayed()).as(key).isEqualTo(there);
            unknownApplied += there ? 1 : 0;
            unknownNotApplied += there ? 0 : 1;
            acknowledged.put(key, again);
        }
        assertThat(sql.count("SELECT count(*) FROM counterfoil_decision")).isEqualTo(acknowledged.size() + 1L);
        Till.assertSound(sql);
    }

    /** Everything that was acknowledged under keys that begin so is there, word for word. */
    void checkAcknowledged(String beginning) {
        acknowledged.forEach((key, told) -> {
            if (key.startsWith(beginning)) {
                assertThat(patient().find(key))
                        .hasValueSatisfying(found -> assertThat(text(found)).isEqualTo(text(told)));
            }
        });
    }

    private static long decisions(PlainSql sql, String key) throws SQLException {
        return sql.count("SELECT count(*) FROM counterfoil_decision d WHERE d.key = ?", key);
    }

    private static String text(Outcome outcome) {
        return outcome.toString().replace("replayed=true", "replayed=false");
    }

    /** Of what was told to be unknown, how much was not there. */
    int unknownNotApplied() {
        return unknownNotApplied;
    }

    /** How much was there though its first answer did not come. */
    long foundApplied() {
        return acknowledged.values().stream()
                .filter(outcome -> ((Decision) outcome).replayed())
                .count();
    }

    /** What became of everything so far. */
    String summary() {
        return acknowledged.size() + " acknowledged, " + notApplied.size() + " told not to be applied, "
                + (unknownApplied + unknownNotApplied) + " told to be unknown (resent: " + unknownApplied
                + " had been applied, " + unknownNotApplied + " not); "
                + (commitsSent.get() - commitsAnswered.get()) + " commits without an answer, "
                + (foundApplied() - unknownApplied) + " updates found applied by the ledger's own next attempt";
    }

    @Override
    public void close() {
        stopped = true;
        openDoor();
        shared.forEach(JdbcLedger::close);
        own.forEach(JdbcLedger::close);
        patientPool.close();
        impatientPool.close();
    }
}
