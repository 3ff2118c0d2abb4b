package dev.counterfoil.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Decision;
import dev.counterfoil.KeyReused;
import dev.counterfoil.Ledger;
import dev.counterfoil.Limits;
import dev.counterfoil.Outcome;
import dev.counterfoil.PageRequest;
import dev.counterfoil.Reason;
import dev.counterfoil.Rejected;
import dev.counterfoil.Snapshot;
import dev.counterfoil.Update;
import dev.counterfoil.spi.LedgerSettings;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many callers at once. No error reaches any of them: what one of them throws fails the test. */
abstract class ConcurrencyContract extends ContractPart {
    private static final int THREADS = 8;
    private static final List<BalanceId> PURSES = IntStream.range(0, 6)
            .mapToObj(i -> AccountId.of(KIND, "purse-" + i).balance("money", SAR))
            .toList();

    ConcurrencyContract(LedgerContract store) {
        super(store);
    }

    private void openPurses(Limits limits) {
        Update.Builder open = update();
        PURSES.forEach(purse -> open.open(purse, "100.00", limits));
        applied(open);
    }

    private static AccountId[] accounts() {
        return PURSES.stream().map(BalanceId::account).toArray(AccountId[]::new);
    }

    private static BigDecimal sum(Snapshot read) {
        return PURSES.stream().map(read::balance).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    @Test
    void ofManyWithOneKeyOneDecidesAndTheOthersReplay() throws Exception {
        openAccount();
        int rounds = 20;
        for (int round = 0; round < rounds; round++) {
            String key = "one-" + round;
            List<Outcome> outcomes = Crowd.ask(
                    THREADS,
                    i -> () ->
                            ledger.apply(Update.of(key).take(AVAILABLE, "1.00").build()));

            Applied first = outcomes.get(0).orThrow();
            assertThat(outcomes)
                    .allSatisfy(o -> assertThat(o.orThrow().receipt()).isEqualTo(first.receipt()));
            assertThat(outcomes).filteredOn(o -> !o.orThrow().replayed()).hasSize(1);
        }
        assertThat(available()).isEqualTo("980.00");
        books();
    }

    @Test
    void ofManyWithOneKeyOneIsRefusedAndTheOthersReplay() throws Exception {
        openAccount();
        List<Outcome> outcomes = Crowd.ask(
                THREADS,
                i -> () -> ledger.apply(Update.of("pay").take(AVAILABLE, "9999").build()));

        assertThat(outcomes).filteredOn(o -> !((Rejected) o).replayed()).hasSize(1);
        assertThat(outcomes)
                .extracting(o -> ((Rejected) o).recordedAt())
                .containsOnly(((Rejected) outcomes.get(0)).recordedAt());
    }

    @Test
    void ofManyWithOneKeyAndOtherCellsOneDecidesAndTheOthersAreToldSo() throws Exception {
        int rounds = 10;
        for (int round = 0; round < rounds; round++) {
            String key = "shared-" + round;
            String name = "round-" + round;
            // They share no cell, so that only the key can stop them.
            List<Outcome> outcomes = Crowd.ask(
                    THREADS,
                    i -> () -> ledger.apply(Update.of(key)
                            .open(AccountId.of(KIND, "of-" + i).journal(name))
                            .build()));

            List<Outcome> applied =
                    outcomes.stream().filter(Applied.class::isInstance).toList();
            assertThat(applied).hasSize(1);
            assertThat(outcomes)
                    .filteredOn(KeyReused.class::isInstance)
                    .hasSize(THREADS - 1)
                    .allSatisfy(o -> assertThat(((KeyReused) o).stored())
                            .isEqualTo(new Applied(applied.get(0).orThrow().receipt(), true)));
        }
        assertThat(books().cells()).hasSize(rounds);
    }

    @Test
    void noIncrementIsLost() throws Exception {
        openAccount();
        int each = 40;
        Crowd.ask(THREADS, i -> () -> {
            for (int n = 0; n < each; n++) {
                applied(ledger, Update.of(i + "-" + n).add(AVAILABLE, "1.00").append(USAGE, "x"));
            }
            return i;
        });

        assertThat(available()).isEqualTo((1000 + THREADS * each) + ".00");
        assertThat(books().entriesOf(AVAILABLE)).hasSize(1 + THREADS * each);
        assertThat(ledger.read(ACCOUNT).count(USAGE)).isEqualTo((long) THREADS * each);
    }

    @Test
    void aLimitHoldsWhoeverTakesAtTheSameTime() throws Exception {
        applied(update().open(AVAILABLE, "20.00", Limits.nonNegative()));
        AtomicInteger taken = new AtomicInteger();
        Crowd.ask(THREADS, i -> () -> {
            for (int n = 0; n < 5; n++) {
                Outcome outcome = ledger.apply(update().take(AVAILABLE, "1.00").build());
                if (outcome instanceof Applied) {
                    taken.incrementAndGet();
                } else {
                    refusal(Rejected.OutOfBounds.class, Reason.BELOW_MINIMUM, outcome);
                }
            }
            return i;
        });

        assertThat(taken).hasValue(20);
        assertThat(available()).isEqualTo("0.00");
        books();
    }

    @Test
    void updatesOfManyAccountsInOppositeOrderNeverFailAndConserveTheMoney() throws Exception {
        openPurses(Limits.nonNegative());
        Seed seed = Seed.of("opposite order");
        int each = 40;
        Crowd.ask(THREADS, i -> {
            Seed own = seed.split(i);
            return () -> {
                for (int n = 0; n < each; n++) {
                    ledger.apply(ring(own, i + "-" + n));
                }
                return i;
            };
        });

        assertThat(books().total("money")).as(seed.toString()).isEqualByComparingTo("600");
    }

    /** Moves money round between two to six purses, in any order. */
    private static Update ring(Seed seed, String key) {
        List<BalanceId> order = new ArrayList<>(PURSES);
        Collections.shuffle(order, new Random(seed.between(0, Long.MAX_VALUE - 1)));
        int size = 2 + seed.below(5);
        Update.Builder update = Update.of(key);
        for (int i = 0; i < size; i++) {
            update.transfer(order.get(i), order.get((i + 1) % size), seed.between(1, 30) + ".00");
        }
        return update.build();
    }

    @Test
    void readersSeeNoHalfOfAnUpdate() throws Exception {
        openPurses(Limits.none());
        Seed seed = Seed.of("readers");
        // So many at least; and on a store that takes no time for them, as many as go into this time.
        int least = 100;
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(500);
        Crowd.ask(4, i -> {
            Seed own = seed.split(i);
            return () -> {
                for (int n = 0; n < least || System.nanoTime() < end; n++) {
                    if (i < 2) {
                        ledger.apply(ring(own, i + "-" + n)).orThrow();
                    } else {
                        assertThat(sum(ledger.read(accounts())))
                                .as(seed.toString())
                                .isEqualByComparingTo("600");
                    }
                }
                return i;
            };
        });
    }

    @Test
    void aReadOfAccountsThatAreBeingOpenedSeesAllOrNone() throws Exception {
        int rounds = 60;
        int size = 20;
        for (int round = 0; round < rounds; round++) {
            Update.Builder open = update();
            List<AccountId> accounts = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                accounts.add(AccountId.of(KIND, "r" + round + "-" + i));
                open.open(accounts.get(i).journal("j"));
            }
            Crowd.ask(2, i -> () -> {
                if (i == 0) {
                    return applied(open).receipt().entries().size();
                }
                int seen;
                do {
                    seen = ledger.read(accounts.toArray(AccountId[]::new))
                            .cells()
                            .size();
                    assertThat(seen).as("accounts seen of " + size).isIn(0, size);
                } while (seen == 0);
                return seen;
            });
        }
    }

    @Test
    void aPageOfAccountsShowsNoHalfOfAnUpdate() throws Exception {
        int size = 100;
        // However fast the ledger is: until so many updates were looked at, each from beginning to end while it was on
        // its
        // way. One would not do: whoever applies it may have been laid down before he began.
        int enough = 10;
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
        AtomicInteger opening = new AtomicInteger(-1);
        AtomicInteger lookedAt = new AtomicInteger();
        AtomicBoolean done = new AtomicBoolean();
        Crowd.ask(
                2,
                i -> i == 0
                        ? () -> {
                            try {
                                for (int n = 0; n < 9 || (lookedAt.get() < enough && System.nanoTime() < giveUp); n++) {
                                    Update.Builder open = update();
                                    for (int a = 0; a < size; a++) {
                                        open.open(AccountId.of(KIND + n, "opened-" + a)
                                                .journal("j"));
                                    }
                                    Update update = open.build();
                                    opening.set(n);
                                    ledger.apply(update).orThrow();
                                    opening.set(-1);
                                }
                            } finally {
                                done.set(true);
                            }
                            return i;
                        }
                        : () -> {
                            int last = -1;
                            while (!done.get()) {
                                int n = opening.get();
                                int listed = accountsOf(Math.max(0, n));
                                assertThat(listed)
                                        .as("accounts of a half-seen update")
                                        .isIn(0, size);
                                if (n > last && opening.get() == n) {
                                    last = n;
                                    lookedAt.incrementAndGet();
                                }
                            }
                            return i;
                        });
        assertThat(accountsOf(8)).isEqualTo(size);
    }

    private int accountsOf(int n) {
        return ledger.accounts(KIND + n, "", PageRequest.first(1000)).items().size();
    }

    @Test
    void ofManyThatOpenOneCellOneDoes() throws Exception {
        int rounds = 10;
        for (int round = 0; round < rounds; round++) {
            BalanceId cell = AccountId.of(KIND, "raced-" + round).balance("b", SAR);
            List<Outcome> outcomes = Crowd.ask(
                    THREADS, i -> () -> ledger.apply(update().open(cell).build()));
            assertThat(outcomes).filteredOn(Applied.class::isInstance).hasSize(1);
            assertThat(outcomes)
                    .filteredOn(o -> o instanceof Rejected no && no.reason() == Reason.ALREADY_EXISTS)
                    .hasSize(THREADS - 1);
        }
        books();
    }

    @Test
    void manyMayOpenACellIfAbsentAndUseIt() throws Exception {
        int rounds = 10;
        for (int round = 0; round < rounds; round++) {
            BalanceId one = AccountId.of(KIND, "one-" + round).balance("b", SAR);
            BalanceId two = AccountId.of(KIND, "two-" + round).balance("b", SAR);
            Crowd.ask(
                    THREADS,
                    i -> () -> applied(
                            ledger,
                            i % 2 == 0
                                    ? update().openIfAbsent(one)
                                            .openIfAbsent(two)
                                            .transfer(one, two, "1.00")
                                    : update().openIfAbsent(two)
                                            .openIfAbsent(one)
                                            .transfer(two, one, "1.00")));
            Snapshot read = ledger.read(one.account(), two.account());
            assertThat(read.balance(one)).isEqualTo("0.00");
            assertThat(read.find(two).orElseThrow().version()).isEqualTo(1 + THREADS);
        }
        books();
    }

    @Test
    void listsThatShareTheirKeysDecideEachOnce() throws Exception {
        openPurses(Limits.none());
        List<Update> list = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            list.add(Update.of("list-" + i)
                    .transfer(PURSES.get(i % 6), PURSES.get((i + 1 + i % 5) % 6), "1.00")
                    .open(AccountId.of(KIND, "new-" + i).journal("j"))
                    .build());
        }
        AtomicInteger decided = new AtomicInteger();
        Crowd.ask(4, i -> () -> {
            List<Update> shuffled = new ArrayList<>(list);
            Collections.shuffle(shuffled, new Random(i));
            for (Outcome outcome : ledger.applyEach(shuffled)) {
                if (!outcome.orThrow().replayed()) {
                    decided.incrementAndGet();
                }
            }
            return i;
        });

        assertThat(decided).hasValue(list.size());
        assertThat(books().total("money")).isEqualByComparingTo("600");
    }

    @Test
    void twoLedgersOnOneStoreWriteTogether() throws Exception {
        openPurses(Limits.nonNegative());
        Ledger other = openAgain(LedgerSettings.defaults());
        Seed seed = Seed.of("two ledgers");
        int each = 25;
        List<Integer> own = Crowd.ask(4, i -> {
            Seed random = seed.split(i);
            return () -> {
                int first = 0;
                for (int n = 0; n < each; n++) {
                    // All four send the same updates: each is decided by one of them.
                    Update update = ring(seed.split(1000 + n), "shared-" + n);
                    Outcome outcome = (random.percent(50) ? ledger : other).apply(update);
                    first += ((Decision) outcome).replayed() ? 0 : 1;
                }
                return first;
            };
        });

        assertThat(own.stream().mapToInt(Integer::intValue).sum())
                .as(seed.toString())
                .isEqualTo(each);
        assertThat(books().total("money")).as(seed.toString()).isEqualByComparingTo("600");
        assertThat(books(other)).isEqualTo(books());
    }
}
