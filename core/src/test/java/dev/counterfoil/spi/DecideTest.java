package dev.counterfoil.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.BalanceId;
import dev.counterfoil.DecideFunction;
import dev.counterfoil.DecideView;
import dev.counterfoil.JournalId;
import dev.counterfoil.Key;
import dev.counterfoil.KeyReused;
import dev.counterfoil.Ledger;
import dev.counterfoil.Limits;
import dev.counterfoil.NotAppliedException;
import dev.counterfoil.Outcome;
import dev.counterfoil.Reason;
import dev.counterfoil.RegisterId;
import dev.counterfoil.Rejected;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.memory.MemoryLedger;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DecideTest {
    /** The common pool has one thread where there are two processors, and a task that waits for another keeps it. */
    private static final Executor THREADS = task -> new Thread(task).start();

    private static final Unit SAR = Unit.of("SAR", 2);
    private static final AccountId ACCOUNT = AccountId.of("invoice", "42");
    private static final BalanceId DUE = ACCOUNT.balance("due", SAR);
    private static final BalanceId PAID = ACCOUNT.balance("paid", SAR);
    private static final RegisterId STATUS = ACCOUNT.register("status");
    private static final JournalId LOG = ACCOUNT.journal("log");

    private Ledger ledger;

    @BeforeEach
    void open() {
        ledger = MemoryLedger.create();
        ledger.apply(Update.of("open")
                        .open(DUE, "100.00", Limits.nonNegative())
                        .open(PAID)
                        .open(STATUS, "DUE")
                        .open(LOG)
                        .build())
                .orThrow();
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private BigDecimal due() {
        return ledger.read(ACCOUNT).balance(DUE);
    }

    @Test
    void what_was_read_and_has_changed_is_read_again_under_locks() {
        AtomicInteger runs = new AtomicInteger();
        Outcome outcome = ledger.decide("pay", "pay all", List.of(DUE, PAID), now -> {
            if (runs.incrementAndGet() == 1) {
                CompletableFuture.runAsync(
                                () -> ledger.apply(
                                        Update.of("other").take(DUE, "40").build()),
                                THREADS)
                        .join();
            }
            BigDecimal all = now.balance(DUE);
            return now.update().take(DUE, all).add(PAID, all).build();
        });
        assertThat(((Applied) outcome).receipt().balance(PAID)).isEqualByComparingTo("60.00");
        assertThat(runs).hasValue(2);
        assertThat(due()).isEqualByComparingTo("0");
    }

    @Test
    void a_stale_answer_leads_to_the_locked_run() {
        AtomicInteger runs = new AtomicInteger();
        FakeStore store = FakeStore.following(FakeStore.answers(new Answer.Stale()), (group, deadline) -> {
            assertThat(group).hasSize(1).first().isInstanceOf(Request.Deciding.class);
            Request.Deciding deciding = (Request.Deciding) group.get(0);
            StoredCells view = new StoredCells(Map.of(), Instant.EPOCH);
            return List.of(FakeStore.applied(deciding.resolve(view, deadline)));
        });
        try (Ledger scripted = new StoreLedger(store, LedgerSettings.defaults())) {
            DecideFunction function = now -> {
                runs.incrementAndGet();
                return now.decline("NO", "");
            };
            assertThat(scripted.decide("k", "r", List.of(DUE), function)).isInstanceOf(Applied.class);
        }
        assertThat(runs).hasValue(2);
        Request.Posting first = (Request.Posting) store.groups().get(0).get(0);
        assertThat(first.versions()).containsExactly(Map.entry(CellAddress.of("", DUE), 0L));
    }

    @Test
    void a_repeat_is_answered_without_the_function() {
        AtomicInteger runs = new AtomicInteger();
        DecideFunction pay = now -> {
            runs.incrementAndGet();
            return now.update().take(DUE, "10").build();
        };
        Applied first = ledger.decide("pay", "pay 10", List.of(DUE), pay).orThrow();
        Applied again = ledger.decide("pay", "pay 10", List.of(DUE), pay).orThrow();
        assertThat(again.replayed()).isTrue();
        assertThat(again.receipt()).isEqualTo(first.receipt());
        assertThat(ledger.decide("pay", "pay 20", List.of(DUE), pay)).isInstanceOf(KeyReused.class);
        assertThat(ledger.decide("pay", "pay 10", List.of(DUE, PAID), pay)).isInstanceOf(KeyReused.class);
        assertThat(ledger.apply(Update.of("pay").take(DUE, "10").build())).isInstanceOf(KeyReused.class);
        assertThat(runs).hasValue(1);
        assertThat(due()).isEqualByComparingTo("90");
    }

    @Test
    void a_decline_is_kept_like_any_refusal() {
        Rejected.Declined no = (Rejected.Declined)
                ledger.decide("pay", "pay 500", List.of(DUE), now -> now.decline("TOO_MUCH", "more than is due"));
        assertThat(no.reason()).isEqualTo(Reason.DECLINED);
        assertThat(no.code()).isEqualTo("TOO_MUCH");
        Outcome again = ledger.decide("pay", "pay 500", List.of(DUE), now -> {
            throw new AssertionError("decided already");
        });
        assertThat(again).isEqualTo(ledger.find("pay").orElseThrow());
        assertThat(((Rejected.Declined) again).replayed()).isTrue();
    }

    @Test
    void a_cell_that_is_not_there_refuses_where_it_is_asked_for_and_is_empty_where_it_is_looked_for() {
        BalanceId none = ACCOUNT.balance("none", SAR);
        BalanceId usd = ACCOUNT.balance("due", Unit.of("USD", 2));
        RegisterId wrong = ACCOUNT.register("paid");
        Rejected missing = (Rejected) ledger.decide(
                "k1",
                "r",
                List.of(none),
                now -> now.update().add(none, now.balance(none)).build());
        assertThat(missing.reason()).isEqualTo(Reason.NOT_FOUND);
        assertThat(missing.cell()).isEqualTo(none);
        Rejected unit = (Rejected) ledger.decide(
                "k2",
                "r",
                List.of(usd),
                now -> now.update().add(usd, now.balance(usd)).build());
        assertThat(unit.reason()).isEqualTo(Reason.UNIT_DIFFERS);
        Rejected kind =
                (Rejected) ledger.decide("k3", "r", List.of(wrong), now -> now.decline("X", now.register(wrong)));
        assertThat(kind.reason()).isEqualTo(Reason.WRONG_KIND);
        assertThat(ledger.decide("k4", "r", List.of(none), now -> {
                    assertThat(now.find(none)).isEmpty();
                    return now.update().open(none).build();
                }))
                .isInstanceOf(Applied.class);
        assertThat(ledger.find("k1")).isPresent();
    }

    @Test
    void a_function_may_touch_only_what_was_declared_and_only_under_its_key() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ledger.decide("k", "r", List.of(DUE), now -> now.decline("X", now.register(STATUS))))
                .withMessage("invoice/42:status: was not declared to decide");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ledger.decide(
                        "k",
                        "r",
                        List.of(DUE),
                        now -> now.update().add(PAID, "1").build()))
                .withMessage("invoice/42:paid: was not declared to decide");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ledger.decide(
                        "k",
                        "r",
                        List.of(DUE),
                        now -> Update.of("other").add(DUE, "1").build()))
                .withMessage("the update of a decide function must have the key given to decide");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ledger.decide(
                        Key.of("s", "k"),
                        "r",
                        List.of(DUE),
                        now -> Update.of("k").add(DUE, "1").build()));
        assertThatNullPointerException()
                .isThrownBy(() -> ledger.decide("k", "r", List.of(DUE), now -> null))
                .withMessageContaining("must answer with an update or a decline");
        assertThat(ledger.find("k")).isEmpty();
        assertThat(due()).isEqualByComparingTo("100");
    }

    @Test
    void what_a_function_throws_reaches_the_caller_as_it_is_and_changes_nothing() {
        RuntimeException own = new RuntimeException("own");
        Error error = new AssertionError("own");
        for (boolean locked : List.of(false, true)) {
            for (Throwable thrown : List.of(own, error)) {
                AtomicInteger runs = new AtomicInteger();
                assertThatThrownBy(() -> ledger.decide("k", "r", List.of(DUE), now -> {
                            if (locked && runs.incrementAndGet() == 1) {
                                change(DUE);
                                return now.decline("X", "stale");
                            }
                            DecideTest.<RuntimeException>sneak(thrown);
                            return now.decline("X", "");
                        }))
                        .isSameAs(thrown);
                assertThat(ledger.find("k")).isEmpty();
            }
        }
        // Its locks are given back.
        ledger.apply(Update.of("after").add(DUE, "1").build()).orThrow();
    }

    private void change(BalanceId cell) {
        CompletableFuture.runAsync(
                        () -> {
                            ledger.apply(Update.of("up-" + System.nanoTime())
                                            .add(cell, "1")
                                            .build())
                                    .orThrow();
                        },
                        THREADS)
                .join();
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> void sneak(Throwable thrown) throws E {
        throw (E) thrown;
    }

    @Test
    void a_function_that_is_late_has_its_result_thrown_away() {
        try (Ledger hasty =
                MemoryLedger.builder().timeout(Duration.ofMillis(300)).build()) {
            hasty.apply(Update.of("open").open(DUE).build()).orThrow();
            assertThatThrownBy(() -> hasty.decide("k", "r", List.of(DUE), now -> {
                        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(320);
                        while (System.nanoTime() < end) {
                            Thread.onSpinWait();
                        }
                        return now.update().add(DUE, "1").build();
                    }))
                    .isInstanceOf(NotAppliedException.class)
                    .hasMessageContaining("took longer than the call may take");
            assertThat(hasty.find("k")).isEmpty();
        }
    }

    @Test
    void the_view_is_for_its_own_thread_while_the_function_runs() {
        AtomicReference<DecideView> leaked = new AtomicReference<>();
        ledger.decide("k", "r", List.of(DUE), now -> {
                    leaked.set(now);
                    CompletableFuture<BigDecimal> elsewhere =
                            CompletableFuture.supplyAsync(() -> now.balance(DUE), THREADS);
                    assertThatThrownBy(elsewhere::join).hasCauseInstanceOf(IllegalStateException.class);
                    return now.update().take(DUE, "1").build();
                })
                .orThrow();
        DecideView view = leaked.get();
        for (Runnable use : List.<Runnable>of(
                () -> view.balance(DUE), () -> view.find(DUE), view::update, view::asOf, () -> view.decline("X", ""))) {
            assertThatIllegalStateException().isThrownBy(use::run).withMessageContaining("for its own thread");
        }
    }

    @Test
    void updates_of_other_accounts_do_not_wait_for_a_function_that_holds_its_account() throws Exception {
        BalanceId elsewhere = AccountId.of("invoice", "43").balance("due", SAR);
        ledger.apply(Update.of("open-43").open(elsewhere).build()).orThrow();
        CountDownLatch locked = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();
        CompletableFuture<Outcome> deciding = CompletableFuture.supplyAsync(
                () -> ledger.decide("k", "r", List.of(DUE), now -> {
                    if (runs.incrementAndGet() == 1) {
                        change(DUE);
                    } else {
                        locked.countDown();
                        await(goOn);
                    }
                    return now.update().take(DUE, "1").build();
                }),
                THREADS);
        assertThat(locked.await(10, TimeUnit.SECONDS)).isTrue();
        // This one needs the same account, so it has to wait; it is on its way before the others begin.
        Thread waiting = new Thread(
                () -> ledger.apply(Update.of("same").take(DUE, "1").build()).orThrow());
        waiting.start();
        while (waiting.getState() != Thread.State.TIMED_WAITING) {
            assertThat(Thread.currentThread().isInterrupted()).as("timed out").isFalse();
            Thread.onSpinWait();
        }
        for (int i = 0; i < 100; i++) {
            String key = "other-" + i;
            CompletableFuture<Outcome> other = CompletableFuture.supplyAsync(
                    () -> ledger.apply(Update.of(key).add(elsewhere, "1").build()), THREADS);
            assertThat(other.get(10, TimeUnit.SECONDS)).isInstanceOf(Applied.class);
        }
        assertThat(ledger.read(elsewhere.account()).balance(elsewhere)).isEqualByComparingTo("100");
        assertThat(waiting.isAlive()).isTrue();
        assertThat(ledger.find("same")).isEmpty();
        assertThat(deciding).isNotDone();
        goOn.countDown();
        assertThat(deciding.get(10, TimeUnit.SECONDS)).isInstanceOf(Applied.class);
        waiting.join(10_000);
        assertThat(due()).isEqualByComparingTo("99");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_journal_and_the_time_are_seen_too() {
        ledger.apply(Update.of("a").append(LOG, "x").append(LOG, "y").build()).orThrow();
        Outcome outcome = ledger.decide("k", "r", List.of(LOG, STATUS), now -> {
            assertThat(now.count(LOG)).isEqualTo(2);
            assertThat(now.asOf()).isNotNull();
            return now.update()
                    .compareAndSet(STATUS, now.register(STATUS), "PAID")
                    .build();
        });
        assertThat(((Applied) outcome).receipt().register(STATUS)).isEqualTo("PAID");
    }
}
