package dev.counterfoil.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.BalanceEntry;
import dev.counterfoil.BalanceId;
import dev.counterfoil.BatchException;
import dev.counterfoil.Entry;
import dev.counterfoil.JournalId;
import dev.counterfoil.Ledger;
import dev.counterfoil.Limits;
import dev.counterfoil.NotAppliedException;
import dev.counterfoil.Outcome;
import dev.counterfoil.Page;
import dev.counterfoil.PageRequest;
import dev.counterfoil.Reason;
import dev.counterfoil.Rejected;
import dev.counterfoil.Snapshot;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.internal.Fingerprints;
import dev.counterfoil.spi.CellAddress;
import dev.counterfoil.spi.Deadline;
import dev.counterfoil.spi.LedgerSettings;
import dev.counterfoil.spi.LedgerStore;
import dev.counterfoil.spi.Request;
import dev.counterfoil.spi.StoreException;
import dev.counterfoil.spi.StoreLedger;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MemoryStoreTest {
    private static final Unit SAR = Unit.of("SAR", 2);
    private static final BalanceId A = AccountId.of("wallet", "a").balance("available", SAR);
    private static final BalanceId B = AccountId.of("wallet", "b").balance("available", SAR);

    private ExecutorService threads;

    @BeforeEach
    void begin() {
        threads = Executors.newCachedThreadPool();
    }

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    private static Request posting(Update update) {
        TreeSet<CellAddress> cells = new TreeSet<>();
        update.operations().forEach(o -> cells.add(CellAddress.of("", o.cell())));
        return new Request.Posting(
                "", update.key(), Fingerprints.of("", update), cells, Map.of(), new Request.Intent.Apply(update));
    }

    @Test
    void two_accounts_are_never_seen_in_the_middle_of_a_transfer() throws Exception {
        long seed = new Random().nextLong();
        System.out.println("transfers: seed " + seed);
        try (Ledger ledger = MemoryLedger.create()) {
            BigDecimal all = new BigDecimal("2000.00");
            ledger.apply(Update.of("open")
                            .open(A, "1000", Limits.nonNegative())
                            .open(B, "1000", Limits.nonNegative())
                            .build())
                    .orThrow();
            AtomicBoolean stop = new AtomicBoolean();
            List<CompletableFuture<Void>> writers = new ArrayList<>();
            for (int t = 0; t < 3; t++) {
                Random random = new Random(seed + t);
                String prefix = t + "-";
                writers.add(CompletableFuture.runAsync(
                        () -> {
                            for (int n = 0; !stop.get(); n++) {
                                boolean there = random.nextBoolean();
                                ledger.apply(Update.of(prefix + n)
                                        .transfer(there ? A : B, there ? B : A, (1 + random.nextInt(300)) + ".00")
                                        .build());
                            }
                        },
                        threads));
            }
            for (int read = 0; read < 5_000; read++) {
                // In both orders: the reader's own order must not matter.
                Snapshot seen =
                        read % 2 == 0 ? ledger.read(A.account(), B.account()) : ledger.read(B.account(), A.account());
                assertThat(seen.balance(A).add(seen.balance(B)))
                        .as("seed %d, read %d", seed, read)
                        .isEqualTo(all);
            }
            stop.set(true);
            writers.forEach(CompletableFuture::join);
        }
    }

    @Test
    void accounts_that_come_into_being_in_one_update_are_read_both_or_none() {
        try (Ledger ledger = MemoryLedger.create()) {
            int none = 0;
            for (int n = 0; n < 3_000; n++) {
                AccountId one = AccountId.of("one", "" + n);
                AccountId two = AccountId.of("two", "" + n);
                Update open = Update.of("open-" + n)
                        .open(one.balance("x", SAR))
                        .open(two.balance("x", SAR))
                        .build();
                CompletableFuture<Outcome> opening = CompletableFuture.supplyAsync(() -> ledger.apply(open), threads);
                int seen;
                do {
                    seen = ledger.read(two, one).cells().size();
                    assertThat(seen).isIn(0, 2);
                    none += seen == 0 ? 1 : 0;
                } while (seen == 0);
                assertThat(opening.join()).isInstanceOf(Applied.class);
            }
            System.out.println("both or none: seen none " + none + " times");
        }
    }

    @Test
    void accounts_that_come_into_being_in_one_update_are_listed_all_or_none() {
        try (Ledger ledger = MemoryLedger.create()) {
            for (int n = 0; n < 30; n++) {
                Update.Builder open = Update.of("open-" + n);
                for (int i = 0; i < 1000; i++) {
                    open.open(AccountId.of("run-" + n, String.format("%04d", i)).balance("x", SAR));
                }
                Update update = open.build();
                String kind = "run-" + n;
                CompletableFuture<Outcome> opening = CompletableFuture.supplyAsync(() -> ledger.apply(update), threads);
                int seen;
                do {
                    seen = ledger.accounts(kind, "", PageRequest.first(1000))
                            .items()
                            .size();
                    assertThat(seen).isIn(0, 1000);
                } while (seen == 0);
                assertThat(opening.join()).isInstanceOf(Applied.class);
            }
        }
    }

    @Test
    void a_page_of_history_does_not_change_and_does_not_fail_while_the_cell_goes_on() throws Exception {
        MemoryStore store = new MemoryStore(InstantSource.system());
        Deadline deadline = Deadline.after(Duration.ofSeconds(10));
        store.submit(List.of(posting(Update.of("open").open(A).build())), deadline);
        List<Entry> page = store.readHistory(CellAddress.of("", A), 0, 100, deadline)
                .value()
                .orElseThrow()
                .entries();
        store.submit(List.of(posting(Update.of("add").add(A, "1").build())), deadline);
        assertThat(page).hasSize(1);
        assertThat(page.stream().map(Entry::sequence)).containsExactly(1L);
    }

    @Test
    void a_history_is_read_in_pages_while_it_grows() {
        JournalId log = A.account().journal("log");
        try (Ledger ledger = MemoryLedger.create()) {
            ledger.apply(Update.of("open").open(log).build()).orThrow();
            CompletableFuture<Void> writing = CompletableFuture.runAsync(
                    () -> {
                        for (int i = 1; i < 3_000; i++) {
                            ledger.apply(Update.of("k" + i).append(log, "" + i).build());
                        }
                    },
                    threads);
            long expected = 1;
            PageRequest next = PageRequest.first(7);
            while (expected <= 3_000) {
                var page = ledger.history(log, next);
                for (var entry : page.items()) {
                    assertThat(entry.sequence()).isEqualTo(expected++);
                }
                next = page.items().isEmpty()
                        ? next
                        : PageRequest.after(
                                Long.toString(page.items()
                                        .get(page.items().size() - 1)
                                        .sequence()),
                                7);
            }
            writing.join();
        }
    }

    @Test
    void a_history_goes_on_behind_its_cursor_and_ends() {
        try (Ledger ledger = MemoryLedger.create()) {
            ledger.apply(Update.of("open").open(A).build()).orThrow();
            for (int i = 0; i < 9; i++) {
                ledger.apply(Update.of("k" + i).add(A, "1").build()).orThrow();
            }
            List<Long> sequences = new ArrayList<>();
            Page<BalanceEntry> page = ledger.history(A, PageRequest.first(5));
            page.items().forEach(e -> sequences.add(e.sequence()));
            page = ledger.history(A, page.next().orElseThrow());
            page.items().forEach(e -> sequences.add(e.sequence()));
            assertThat(page.next()).isEmpty();
            assertThat(sequences).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
            assertThat(ledger.history(A, PageRequest.after("10", 5)).items()).isEmpty();
            assertThat(ledger.history(A, PageRequest.after("9".repeat(18), 5)).items())
                    .isEmpty();
            assertThat(ledger.history(B, PageRequest.first(5)).items()).isEmpty();
        }
    }

    @Test
    void accounts_are_listed_by_kind_and_prefix_in_binary_order() {
        try (Ledger ledger = MemoryLedger.create()) {
            List<String> ids = new ArrayList<>(List.of("A", "a", "a1", "a2", "aa", "b", "é", "\uE000", "😀", "😁"));
            Collections.shuffle(ids, new Random(7));
            int n = 0;
            for (String id : ids) {
                for (String kind : List.of("k", "k2")) {
                    ledger.apply(Update.of("k" + n++)
                                    .open(AccountId.of(kind, id).balance("x", SAR))
                                    .build())
                            .orThrow();
                }
            }
            // Asked for, refused or of another namespace: not there.
            ledger.apply(Update.of("no")
                    .add(AccountId.of("k", "a3").balance("x", SAR), "1")
                    .build());
            ledger.namespace("other")
                    .apply(Update.of("other")
                            .open(AccountId.of("k", "a4").balance("x", SAR))
                            .build());
            assertThat(list(ledger, "k", "", 3))
                    .containsExactly("A", "a", "a1", "a2", "aa", "b", "é", "\uE000", "😀", "😁");
            assertThat(list(ledger, "k", "a", 1)).containsExactly("a", "a1", "a2", "aa");
            assertThat(list(ledger, "k", "😀", 5)).containsExactly("😀");
            assertThat(list(ledger, "k", "c", 5)).isEmpty();
            assertThat(list(ledger, "none", "", 5)).isEmpty();
            // A cursor from elsewhere shows nothing that the prefix does not allow.
            assertThat(ledger.accounts("k", "a", PageRequest.after("A", 9)).items())
                    .hasSize(4);
            assertThat(ledger.accounts("k", "a", PageRequest.after("z", 9)).items())
                    .isEmpty();
        }
    }

    private static List<String> list(Ledger ledger, String kind, String prefix, int limit) {
        List<String> ids = new ArrayList<>();
        PageRequest next = PageRequest.first(limit);
        while (next != null) {
            Page<AccountId> page = ledger.accounts(kind, prefix, next);
            assertThat(page.items().size()).isLessThanOrEqualTo(limit);
            page.items().forEach(account -> ids.add(account.id()));
            next = page.next().orElse(null);
        }
        return ids;
    }

    @Test
    void opposite_transfers_of_many_threads_all_end_well() {
        try (Ledger ledger = MemoryLedger.create()) {
            List<BalanceId> cells = IntStream.range(0, 6)
                    .mapToObj(i -> AccountId.of("wallet", "w" + i).balance("x", SAR))
                    .toList();
            Update.Builder open = Update.of("open");
            cells.forEach(cell -> open.open(cell, "100", Limits.none()));
            ledger.apply(open.build()).orThrow();
            long seed = new Random().nextLong();
            System.out.println("opposite transfers: seed " + seed);
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (int t = 0; t < 8; t++) {
                Random random = new Random(seed + t);
                String prefix = t + "-";
                all.add(CompletableFuture.runAsync(
                        () -> {
                            for (int n = 0; n < 500; n++) {
                                List<BalanceId> mixed = new ArrayList<>(cells);
                                Collections.shuffle(mixed, random);
                                ledger.apply(Update.of(prefix + n)
                                                .transfer(mixed.get(0), mixed.get(1), "1")
                                                .transfer(mixed.get(2), mixed.get(3), "2")
                                                .build())
                                        .orThrow();
                            }
                        },
                        threads));
            }
            all.forEach(CompletableFuture::join);
            Snapshot end = ledger.read(cells.stream().map(BalanceId::account).toArray(AccountId[]::new));
            assertThat(cells.stream().map(end::balance).reduce(BigDecimal.ZERO, BigDecimal::add))
                    .isEqualByComparingTo("600");
        }
    }

    @Test
    void one_key_of_many_threads_is_decided_once_even_on_different_accounts() {
        try (Ledger ledger = MemoryLedger.create()) {
            for (int round = 0; round < 200; round++) {
                String key = "key-" + round;
                CyclicBarrier start = new CyclicBarrier(4);
                List<CompletableFuture<Outcome>> all = new ArrayList<>();
                for (int t = 0; t < 4; t++) {
                    Update update = Update.of(key)
                            .open(AccountId.of("wallet", round + "-" + t).balance("x", SAR))
                            .build();
                    all.add(CompletableFuture.supplyAsync(() -> together(start, () -> ledger.apply(update)), threads));
                }
                assertThat(all.stream().map(CompletableFuture::join).filter(o -> o instanceof Applied))
                        .hasSize(1);
                assertThat(ledger.accounts("wallet", round + "-", PageRequest.first(10))
                                .items())
                        .hasSize(1);
            }
        }
    }

    @Test
    void one_reference_of_many_threads_is_held_once_and_only_by_what_was_applied() {
        try (Ledger ledger = MemoryLedger.create()) {
            ledger.apply(Update.of("refused").reference("r-0").requireOpen(A).build());
            for (int round = 0; round < 200; round++) {
                String reference = "r-" + round;
                CyclicBarrier start = new CyclicBarrier(4);
                List<CompletableFuture<Outcome>> all = new ArrayList<>();
                for (int t = 0; t < 4; t++) {
                    Update update = Update.of(reference + "-" + t)
                            .reference(reference)
                            .open(AccountId.of("wallet", round + "-" + t).balance("x", SAR))
                            .build();
                    all.add(CompletableFuture.supplyAsync(() -> together(start, () -> ledger.apply(update)), threads));
                }
                List<Outcome> outcomes =
                        all.stream().map(CompletableFuture::join).toList();
                Outcome holder = outcomes.stream()
                        .filter(o -> o instanceof Applied)
                        .findFirst()
                        .orElseThrow();
                assertThat(outcomes.stream().filter(o -> o != holder))
                        .hasSize(3)
                        .allSatisfy(o -> {
                            assertThat(((Rejected) o).reason()).isEqualTo(Reason.REFERENCE_TAKEN);
                            assertThat(((Rejected) o).decidedBy()).isEqualTo(holder.key());
                        });
            }
        }
    }

    @Test
    void a_lock_that_does_not_come_in_time_means_that_nothing_was_applied() throws Exception {
        holding(Duration.ofMillis(100), ledger -> {
            for (Runnable call : List.<Runnable>of(
                    () -> ledger.apply(Update.of("k").add(A, "1").build()),
                    () -> ledger.read(A.account()),
                    () -> ledger.history(A, PageRequest.first(1)))) {
                assertThatThrownBy(call::run).isInstanceOf(NotAppliedException.class);
            }
            assertThat(ledger.find("k")).isEmpty();
        });
    }

    @Test
    void an_interruption_while_it_waits_for_a_lock_ends_the_call_and_is_kept() throws Exception {
        holding(Duration.ofSeconds(20), ledger -> {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            AtomicBoolean kept = new AtomicBoolean();
            List<Update> updates = List.of(
                    Update.of("free").open(B).build(),
                    Update.of("held").add(A, "1").build());
            Thread caller = new Thread(() -> {
                try {
                    ledger.applyEach(updates);
                } catch (RuntimeException e) {
                    thrown.set(e);
                }
                kept.set(Thread.currentThread().isInterrupted());
            });
            caller.start();
            while (caller.getState() != Thread.State.TIMED_WAITING) {
                assertThat(Thread.currentThread().isInterrupted())
                        .as("timed out")
                        .isFalse();
                Thread.onSpinWait();
            }
            caller.interrupt();
            caller.join(10_000);
            assertThat(kept).isTrue();
            BatchException e = (BatchException) thrown.get();
            assertThat(e.results().get(0).outcome()).get().isInstanceOf(Applied.class);
            assertThat(e.results().get(1).fault()).get().isInstanceOf(NotAppliedException.class);
            assertThat(ledger.find("free")).isPresent();
            assertThat(ledger.find("held")).isEmpty();
        });
    }

    private static Outcome together(CyclicBarrier start, Supplier<Outcome> call) {
        try {
            start.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new AssertionError(e);
        }
        return call.get();
    }

    private interface WhileHeld {
        void run(Ledger ledger) throws Exception;
    }

    /** Runs something on a ledger while a function of another ledger of the same store holds account A. */
    private void holding(Duration timeout, WhileHeld body) throws Exception {
        LedgerStore store = new MemoryStore(InstantSource.system());
        Ledger patient = new StoreLedger(store, LedgerSettings.defaults().withTimeout(Duration.ofSeconds(50)));
        Ledger ledger = new StoreLedger(store, LedgerSettings.defaults().withTimeout(timeout));
        patient.apply(Update.of("open").open(A).build()).orThrow();
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicBoolean again = new AtomicBoolean();
        CompletableFuture<Outcome> holder = CompletableFuture.supplyAsync(
                () -> patient.decide("hold", "hold", List.of(A), now -> {
                    if (again.compareAndSet(false, true)) {
                        CompletableFuture.runAsync(
                                        () -> patient.apply(
                                                Update.of("stale").add(A, "1").build()),
                                        threads)
                                .join();
                    } else {
                        held.countDown();
                        await(release);
                    }
                    return now.update().add(A, "1").build();
                }),
                threads);
        assertThat(held.await(10, TimeUnit.SECONDS)).isTrue();
        try {
            body.run(ledger);
        } finally {
            release.countDown();
        }
        assertThat(holder.get(10, TimeUnit.SECONDS)).isInstanceOf(Applied.class);
        patient.close();
        ledger.close();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(40, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_clock_that_goes_back_does_not_take_the_recorded_times_with_it() {
        AtomicReference<Instant> clock = new AtomicReference<>(Instant.parse("2024-06-01T00:00:00.123456789Z"));
        try (Ledger ledger = MemoryLedger.builder().clock(clock::get).build()) {
            Instant first = Instant.parse("2024-06-01T00:00:00.123456Z");
            assertThat(ledger.apply(Update.of("open").open(A).build()).orThrow().recordedAt())
                    .isEqualTo(first);
            clock.set(Instant.parse("2024-05-01T00:00:00Z"));
            assertThat(ledger.apply(Update.of("b").open(B).build()).orThrow().recordedAt())
                    .isEqualTo(clock.get());
            assertThat(ledger.apply(Update.of("t").transfer(A, B, "1").build())
                            .orThrow()
                            .recordedAt())
                    .isEqualTo(first);
            assertThat(ledger.history(B, PageRequest.first(9)).items())
                    .extracting(BalanceEntry::recordedAt)
                    .containsExactly(clock.get(), first);
        }
    }

    @Test
    void a_refusal_leaves_every_cell_and_every_entry_as_it_was() throws StoreException {
        try (Ledger ledger = MemoryLedger.create()) {
            JournalId log = A.account().journal("log");
            ledger.apply(Update.of("open").open(A).open(B).open(log).build()).orThrow();
            List<Object> before = everything(ledger, log);
            Update.Builder good = Update.of("no").add(A, "5").append(log, "x").close(B);
            Outcome outcome = ledger.apply(good.requireAtLeast(A, "6").build());
            assertThat(((Rejected) outcome).index()).isEqualTo(3);
            assertThat(everything(ledger, log)).isEqualTo(before);
        }
    }

    private static List<Object> everything(Ledger ledger, JournalId log) {
        return List.of(
                ledger.read(A.account(), B.account()).cells(),
                ledger.history(A, PageRequest.first(9)).items(),
                ledger.history(B, PageRequest.first(9)).items(),
                ledger.history(log, PageRequest.first(9)).items());
    }
}
