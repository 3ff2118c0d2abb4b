package dev.counterfoil.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.BalanceId;
import dev.counterfoil.BatchException;
import dev.counterfoil.Cell;
import dev.counterfoil.Ledger;
import dev.counterfoil.LedgerException;
import dev.counterfoil.Limits;
import dev.counterfoil.NotAppliedException;
import dev.counterfoil.Outcome;
import dev.counterfoil.TrialBalance;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.spi.Answer;
import dev.counterfoil.spi.CellAddress;
import dev.counterfoil.spi.Deadline;
import dev.counterfoil.spi.DecisionId;
import dev.counterfoil.spi.Idle;
import dev.counterfoil.spi.LedgerSettings;
import dev.counterfoil.spi.LedgerStore;
import dev.counterfoil.spi.Parking;
import dev.counterfoil.spi.PruneStep;
import dev.counterfoil.spi.Reading;
import dev.counterfoil.spi.Request;
import dev.counterfoil.spi.StoreException;
import dev.counterfoil.spi.StoreLedger;
import dev.counterfoil.spi.StoredCells;
import dev.counterfoil.spi.StoredDecision;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Many callers, alone, in lists and with functions, on a store that is slow, loses answers, refuses, is held up by strangers and
 * whose callers are interrupted: everybody is answered, and every answer is true.
 */
class GroupCommitStressTest {
    private static final int CELLS = 5;
    private static final int CALLERS = 12;
    private static final int CALLS = 60;

    private static BalanceId cell(int i) {
        return AccountId.of("wallet", "w" + i).balance("money", Unit.of("SAR", 2));
    }

    @ParameterizedTest
    @CsvSource({
        "1, true, 20000",
        "2, true, 20000",
        "3, true, 20000",
        "1, false, 20000",
        "2, false, 20000",
        "2, true, 40"
    })
    @Timeout(60)
    void everybodyIsAnsweredAndEveryAnswerIsTrue(int atOnce, boolean interrupts, int millis) throws Exception {
        long seed = System.nanoTime();
        System.out.println("group commit under stress, " + atOnce + " at once: seed " + seed);
        Troubled store = new Troubled(new MemoryStore(InstantSource.system()), atOnce, seed);
        Ledger ledger = new StoreLedger(store, LedgerSettings.defaults().withTimeout(Duration.ofMillis(millis)));
        Ledger patient = new StoreLedger(store, LedgerSettings.defaults().withTimeout(Duration.ofSeconds(20)));
        for (int i = 0; i < CELLS; i++) {
            patient.apply(Update.of("open-" + i)
                            .open(cell(i), "1000.00", Limits.nonNegative())
                            .build())
                    .orThrow();
        }
        store.trouble = true;
        Map<String, Boolean> told = new ConcurrentHashMap<>();
        Queue<Throwable> unexpected = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < CALLERS; t++) {
            Random random = new Random(seed + t);
            String name = "t" + t + "-";
            threads.add(new Thread(() -> {
                for (int i = 0; i < CALLS; i++) {
                    try {
                        call(ledger, random, name + i + "-", told);
                    } catch (StackOverflowError e) {
                        // The store's; nothing was promised.
                    } catch (Throwable e) {
                        unexpected.add(e);
                    }
                    boolean unused = Thread.interrupted();
                }
            }));
        }
        threads.forEach(Thread::start);
        Random random = new Random(seed);
        while (threads.stream().anyMatch(Thread::isAlive)) {
            TimeUnit.MILLISECONDS.sleep(5);
            // An interrupt wakes whoever was forgotten, too.
            if (interrupts) {
                threads.get(random.nextInt(CALLERS)).interrupt();
            }
        }
        store.trouble = false;
        assertThat(unexpected).isEmpty();
        told.forEach((key, applied) -> assertThat(patient.find(key).isPresent())
                .as(key + " was told " + (applied ? "applied" : "not applied"))
                .isEqualTo(applied));
        BigDecimal sum = BigDecimal.ZERO;
        for (int i = 0; i < CELLS; i++) {
            sum = sum.add(patient.read(cell(i).account()).balance(cell(i)));
        }
        assertThat(sum).isEqualByComparingTo("5000.00");
        assertThat(told.values()).as("told").isNotEmpty();
        Idle.assertNothingKept(ledger);
        ledger.close();
    }

    private static void call(Ledger ledger, Random random, String name, Map<String, Boolean> told) {
        int kind = random.nextInt(10);
        if (kind == 0) {
            BalanceId from = cell(random.nextInt(CELLS));
            tell(
                    told,
                    name + "d",
                    () -> ledger.decide(
                            dev.counterfoil.Key.of(name + "d"),
                            "move",
                            List.of(from, cell(0)),
                            now -> now.update()
                                    .add(from, "1.00")
                                    .take(from, "1.00")
                                    .build()));
        } else if (kind < 4) {
            List<Update> list = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(30); i++) {
                list.add(transfer(random, name + i));
            }
            try {
                List<Outcome> outcomes = ledger.applyEach(list);
                outcomes.forEach(outcome -> told.put(outcome.key().value(), outcome instanceof Applied));
            } catch (BatchException e) {
                for (int i = 0; i < list.size(); i++) {
                    String key = list.get(i).key().value();
                    e.results().get(i).outcome().ifPresent(outcome -> told.put(key, outcome instanceof Applied));
                    if (e.results().get(i).fault().orElse(null) instanceof NotAppliedException) {
                        told.put(key, false);
                    }
                }
            }
        } else {
            tell(told, name, () -> ledger.apply(transfer(random, name)));
        }
    }

    private interface Call {
        Outcome run();
    }

    private static void tell(Map<String, Boolean> told, String key, Call call) {
        try {
            told.put(key, call.run() instanceof Applied);
        } catch (NotAppliedException e) {
            told.put(key, false);
        } catch (LedgerException e) {
            // Unknown: nothing was promised.
        }
    }

    private static Update transfer(Random random, String key) {
        int from = random.nextInt(CELLS);
        int to = (from + 1 + random.nextInt(CELLS - 1)) % CELLS;
        return Update.of(key).transfer(cell(from), cell(to), "1.00").build();
    }

    /** A store that does what it should, with trouble. */
    private static final class Troubled implements LedgerStore {
        private final LedgerStore store;
        private final int atOnce;
        private final Random random;
        private volatile boolean trouble;

        Troubled(LedgerStore store, int atOnce, long seed) {
            this.store = store;
            this.atOnce = atOnce;
            this.random = new Random(seed);
        }

        @Override
        public int groupsAtOnce() {
            return atOnce;
        }

        private static StoreException failure(
                StoreException.Phase phase, StoreException.Trouble trouble, @Nullable Throwable cause) {
            return new StoreException(phase, trouble, "made up", cause);
        }

        @Override
        public List<Answer> submit(List<Request> group, Deadline deadline) throws StoreException {
            if (!trouble) {
                return store.submit(group, deadline);
            }
            int what;
            int held;
            synchronized (random) {
                what = random.nextInt(40);
                held = random.nextInt(CELLS);
            }
            try {
                TimeUnit.MICROSECONDS.sleep(200);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw failure(StoreException.Phase.ACQUIRE, StoreException.Trouble.PERMANENT, e);
            }
            if (what == 0) {
                throw failure(StoreException.Phase.BODY, StoreException.Trouble.TRANSIENT, null);
            }
            if (what == 1 && group.size() > 1) {
                throw failure(StoreException.Phase.BODY, StoreException.Trouble.ONE_REQUEST, null);
            }
            if (what == 2) {
                throw failure(StoreException.Phase.COMMIT, StoreException.Trouble.UNKNOWN, null);
            }
            if (what == 8 && held == 0) {
                throw new StackOverflowError("made up");
            }
            if (what < 6) {
                return without(group, deadline, new Parking(Set.of(CellAddress.of("", cell(held)))), held);
            }
            if (what == 6) {
                return group.stream()
                        .<Answer>map(r -> new Answer.Parked(Set.of()))
                        .toList();
            }
            List<Answer> answers = store.submit(group, deadline);
            if (what == 7) {
                throw failure(StoreException.Phase.COMMIT, StoreException.Trouble.UNKNOWN, null);
            }
            return answers;
        }

        private List<Answer> without(List<Request> group, Deadline deadline, Parking parking, int held)
                throws StoreException {
            List<Answer> answers = new ArrayList<>();
            for (Request request : group) {
                if (parking.keeps(request)) {
                    CellAddress address = CellAddress.of("", cell(held));
                    answers.add(new Answer.Parked(request.cells().contains(address) ? Set.of(address) : Set.of()));
                } else {
                    answers.addAll(store.submit(List.of(request), deadline));
                }
            }
            return answers;
        }

        @Override
        public Candidate readCandidate(SortedSet<CellAddress> cells, DecisionId key, Deadline deadline)
                throws StoreException {
            return store.readCandidate(cells, key, deadline);
        }

        @Override
        public Reading<List<Cell>> readAccounts(String namespace, List<AccountId> accounts, Deadline deadline)
                throws StoreException {
            return store.readAccounts(namespace, accounts, deadline);
        }

        @Override
        public Reading<Optional<CellHistory>> readHistory(CellAddress cell, long after, int limit, Deadline deadline)
                throws StoreException {
            return store.readHistory(cell, after, limit, deadline);
        }

        @Override
        public Reading<List<AccountId>> listAccounts(
                String namespace, String kind, String idPrefix, @Nullable String after, int limit, Deadline deadline)
                throws StoreException {
            return store.listAccounts(namespace, kind, idPrefix, after, limit, deadline);
        }

        @Override
        public StoredCells settle(SortedSet<CellAddress> cells, Deadline deadline) throws StoreException {
            return store.settle(cells, deadline);
        }

        @Override
        public Reading<List<TrialBalance.Line>> sumBalances(
                String namespace, @Nullable String kind, String idPrefix, Deadline deadline) throws StoreException {
            return store.sumBalances(namespace, kind, idPrefix, deadline);
        }

        @Override
        public Optional<StoredDecision> findDecision(DecisionId id, Deadline deadline) throws StoreException {
            return store.findDecision(id, deadline);
        }

        @Override
        public PruneStep.Done prune(PruneStep step, Deadline deadline) throws StoreException {
            return store.prune(step, deadline);
        }

        @Override
        public void close() {
            store.close();
        }
    }
}
