package dev.counterfoil.spi;

import static dev.counterfoil.spi.FakeStore.answers;
import static dev.counterfoil.spi.FakeStore.applies;
import static dev.counterfoil.spi.FakeStore.breaks;
import static dev.counterfoil.spi.FakeStore.fails;
import static dev.counterfoil.spi.FakeStore.isPermanent;
import static dev.counterfoil.spi.FakeStore.isTransient;
import static dev.counterfoil.spi.FakeStore.isUnknown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.BalanceId;
import dev.counterfoil.BatchException;
import dev.counterfoil.Fate;
import dev.counterfoil.Key;
import dev.counterfoil.Ledger;
import dev.counterfoil.NotAppliedException;
import dev.counterfoil.Outcome;
import dev.counterfoil.OutcomeUnknownException;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.retry.Retry;
import dev.counterfoil.retry.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of updates when the store has trouble. */
@Timeout(30)
class SubmissionTest {
    private static final AccountId ACCOUNT = AccountId.of("retainer", "42");
    private static final BalanceId A = ACCOUNT.balance("a", Unit.of("SAR", 2));
    private static final Duration SHORT = Duration.ofMillis(400);

    /** How many groups of several callers the store takes at once; 0 for a transaction for each call. */
    int groupsAtOnce() {
        return 0;
    }

    private Ledger ledger(FakeStore store) {
        return new StoreLedger(store.groupsAtOnce(groupsAtOnce()), LedgerSettings.defaults());
    }

    private Ledger hasty(FakeStore store) {
        return new StoreLedger(
                store.groupsAtOnce(groupsAtOnce()), LedgerSettings.defaults().withTimeout(SHORT));
    }

    private static Update update(String key) {
        return Update.of(key).add(A, "1.00").build();
    }

    private static List<Update> updates(int n) {
        return IntStream.range(0, n).mapToObj(i -> update("u" + i)).toList();
    }

    /** A store that fails a group as long as it holds one of these keys. */
    private static FakeStore refusing(String... keys) {
        Set<String> bad = Set.of(keys);
        return FakeStore.following().thenAlways((group, deadline) -> {
            if (group.stream().anyMatch(r -> bad.contains(r.key().value()))) {
                throw new StoreException(
                        StoreException.Phase.BODY, StoreException.Trouble.ONE_REQUEST, "a value was refused", null);
            }
            return applies().take(group, deadline);
        });
    }

    @Test
    void transient_trouble_is_tried_again_until_it_is_decided() {
        FakeStore store = FakeStore.following(isTransient(), isTransient(), isTransient());
        assertThat(ledger(store).apply(update("k"))).isInstanceOf(Applied.class);
        assertThat(store.sent()).hasSize(4).containsOnly(List.of("k"));
    }

    @Test
    void a_group_that_was_lost_twice_goes_on_in_halves_and_keeps_its_order() {
        FakeStore store = FakeStore.following()
                .thenAlways((group, deadline) -> group.size() > 1
                        ? isTransient().take(group, deadline)
                        : applies().take(group, deadline));
        assertThat(ledger(store).applyEach(updates(4))).hasSize(4);
        assertThat(store.sent().stream().map(List::size)).containsExactly(4, 4, 2, 2, 1, 1, 2, 2, 1, 1);
        assertThat(store.sent().stream().filter(group -> group.size() == 1).flatMap(List::stream))
                .containsExactly("u0", "u1", "u2", "u3");
    }

    @Test
    void a_group_that_found_no_way_to_the_store_stays_together() {
        FakeStore.Step noConnection = fails(StoreException.Phase.ACQUIRE, StoreException.Trouble.TRANSIENT);
        FakeStore store = FakeStore.following(noConnection, noConnection, noConnection);
        assertThat(ledger(store).applyEach(updates(4))).hasSize(4);
        assertThat(store.sent().stream().map(List::size)).containsExactly(4, 4, 4, 4);
    }

    @Test
    void once_it_was_parked_a_request_is_sent_in_haste_lest_others_wait_for_the_cells_that_it_locks_meanwhile() {
        for (FakeStore.Step parks : List.<FakeStore.Step>of(
                answers(new Answer.Parked(Set.of())), (group, deadline) -> List.of(FakeStore.parked(group.get(0))))) {
            List<Boolean> inHaste = new ArrayList<>();
            FakeStore store = FakeStore.following(seen(inHaste, isTransient()), seen(inHaste, parks))
                    .thenAlways(seen(inHaste, applies()));
            assertThat(ledger(store).apply(update("k"))).isInstanceOf(Applied.class);
            assertThat(inHaste).containsExactly(false, false, true);
        }
    }

    private static FakeStore.Step seen(List<Boolean> inHaste, FakeStore.Step step) {
        return (group, deadline) -> {
            inHaste.add(deadline.isHasty());
            return step.take(group, deadline);
        };
    }

    @Test
    void transient_trouble_until_the_deadline_means_not_applied() {
        FakeStore store = FakeStore.following().thenAlways(isTransient());
        assertThatThrownBy(() -> hasty(store).apply(update("k")))
                .isInstanceOfSatisfying(
                        NotAppliedException.class, e -> assertThat(e.fate()).isEqualTo(Fate.NOT_APPLIED));
        assertThat(store.sent()).hasSizeGreaterThan(1);
    }

    @Test
    void an_unknown_commit_is_asked_again_and_the_answer_is_the_true_one() {
        FakeStore store = FakeStore.following(isUnknown(), isTransient(), isUnknown());
        assertThat(ledger(store).apply(update("k"))).isInstanceOf(Applied.class);
        assertThat(store.sent()).hasSize(4);
    }

    @Test
    void a_commit_that_stays_unknown_until_the_deadline_is_told_with_its_key() {
        FakeStore store = FakeStore.following().thenAlways(isUnknown());
        assertThatThrownBy(() -> hasty(store)
                        .apply(Update.of(Key.of("client", "k")).add(A, "1").build()))
                .isInstanceOfSatisfying(OutcomeUnknownException.class, e -> {
                    assertThat(e.fate()).isEqualTo(Fate.UNKNOWN);
                    assertThat(e.key()).isEqualTo(Key.of("client", "k"));
                    assertThat(e.getMessage()).doesNotContain("client");
                });
    }

    @Test
    void an_unknown_commit_stays_unknown_whatever_fails_after_it() {
        for (FakeStore.Step later : List.of(
                isPermanent(),
                fails(StoreException.Phase.ACQUIRE, StoreException.Trouble.PERMANENT),
                fails(StoreException.Phase.BODY, StoreException.Trouble.ONE_REQUEST),
                isTransient())) {
            FakeStore store = FakeStore.following(isUnknown()).thenAlways(later);
            assertThatThrownBy(() -> hasty(store).apply(update("k")))
                    .isInstanceOfSatisfying(OutcomeUnknownException.class, e -> {
                        assertThat(e.key()).isEqualTo(Key.of("k"));
                        // What failed last, and what lost the answer.
                        assertThat(e.getCause()).isInstanceOf(StoreException.class);
                        assertThat(e.getSuppressed())
                                .singleElement()
                                .isInstanceOfSatisfying(
                                        StoreException.class,
                                        lost -> assertThat(lost.trouble()).isEqualTo(StoreException.Trouble.UNKNOWN));
                    });
        }
    }

    @Test
    void an_unknown_commit_of_a_parked_update_stays_unknown_too() {
        FakeStore store = FakeStore.following(isUnknown())
                .thenAlways((group, deadline) ->
                        group.stream().map(FakeStore::parked).toList());
        assertThatThrownBy(() -> hasty(store).apply(update("k"))).isInstanceOf(OutcomeUnknownException.class);
    }

    @Test
    void permanent_trouble_means_not_applied_and_is_not_tried_again() {
        FakeStore store = FakeStore.following(isPermanent());
        assertThatThrownBy(() -> ledger(store).apply(update("k")))
                .isInstanceOf(NotAppliedException.class)
                .hasMessage("scripted PERMANENT")
                .hasCauseInstanceOf(StoreException.class);
        assertThat(store.sent()).containsExactly(List.of("k"));
    }

    @Test
    void a_store_that_throws_what_it_should_not_leaves_the_outcome_unknown() {
        RuntimeException broken = new IllegalArgumentException("98765");
        FakeStore store = FakeStore.following(breaks(broken));
        assertThatThrownBy(() -> ledger(store).apply(update("k")))
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessageContaining("may have been applied or not")
                .hasMessageEndingWith("the store failed unexpectedly")
                .hasCause(broken);
        assertThat(store.sent()).containsExactly(List.of("k"));
    }

    @Test
    void a_store_that_answers_too_few_leaves_the_outcome_unknown() {
        FakeStore store = FakeStore.following(answers());
        assertThatThrownBy(() -> ledger(store).apply(update("k"))).isInstanceOf(OutcomeUnknownException.class);
        FakeStore half = FakeStore.following((group, deadline) -> List.of(FakeStore.applied(group.get(0))));
        BatchException e =
                catchThrowableOfType(BatchException.class, () -> ledger(half).applyEach(updates(2)));
        assertThat(e.fate()).isEqualTo(Fate.UNKNOWN);
    }

    @Test
    void a_store_whose_own_retry_gave_up_leaves_the_outcome_unknown() {
        Retry inner = Retry.named("inner", RetryPolicy.retryAllExcept().withMaxAttempts(1));
        FakeStore store = FakeStore.following((group, deadline) -> inner.execute(() -> {
            throw new IllegalStateException("lost at commit");
        }));
        assertThatThrownBy(() -> ledger(store).apply(update("k"))).isInstanceOf(OutcomeUnknownException.class);
        assertThat(store.sent()).hasSize(1);
    }

    @Test
    void the_halves_of_a_group_are_not_sent_when_the_time_is_up() {
        FakeStore store = FakeStore.following((group, deadline) -> {
                    await(new CountDownLatch(1), deadline.remainingNanos());
                    return fails(StoreException.Phase.BODY, StoreException.Trouble.ONE_REQUEST)
                            .take(group, deadline);
                })
                .thenAlways(isTransient());
        BatchException e =
                catchThrowableOfType(BatchException.class, () -> hasty(store).applyEach(updates(2)));
        assertThat(e.fate()).isEqualTo(Fate.NOT_APPLIED);
        assertThat(store.sent()).containsExactly(List.of("u0", "u1"));
    }

    @Test
    void of_a_great_group_only_the_culprit_faults() {
        FakeStore store = refusing("u137");
        BatchException e =
                catchThrowableOfType(BatchException.class, () -> ledger(store).applyEach(updates(300)));
        assertThat(e.fate()).isEqualTo(Fate.NOT_APPLIED);
        assertThat(e)
                .hasMessage(
                        "of 300 updates: 299 applied, 0 refused, 1 not applied, 0 unknown; send the same list again");
        assertThat(e.results()).hasSize(300);
        for (int i = 0; i < 300; i++) {
            BatchException.Result result = e.results().get(i);
            if (i == 137) {
                assertThat(result.outcome()).isEmpty();
                assertThat(result.fault()).containsInstanceOf(NotAppliedException.class);
            } else {
                assertThat(result.fault()).isEmpty();
                assertThat(result.outcome().orElseThrow().key()).isEqualTo(Key.of("u" + i));
            }
        }
        assertThatEachWasAppliedOnceInOrder(store, 300, Set.of("u137"));
        assertThat(store.sent()).as("a search by halves").hasSizeLessThan(25);
    }

    @Test
    void several_culprits_are_found_and_the_order_stays() {
        FakeStore store = refusing("u0", "u1", "u63", "u99");
        BatchException e =
                catchThrowableOfType(BatchException.class, () -> ledger(store).applyEach(updates(100)));
        assertThat(IntStream.range(0, 100)
                        .filter(i -> e.results().get(i).fault().isPresent()))
                .containsExactly(0, 1, 63, 99);
        assertThatEachWasAppliedOnceInOrder(store, 100, Set.of("u0", "u1", "u63", "u99"));
    }

    private static void assertThatEachWasAppliedOnceInOrder(FakeStore store, int n, Set<String> culprits) {
        List<String> expected = IntStream.range(0, n)
                .mapToObj(i -> "u" + i)
                .filter(key -> !culprits.contains(key))
                .toList();
        List<String> applied = store.sent().stream()
                .filter(group -> group.stream().noneMatch(culprits::contains))
                .flatMap(List::stream)
                .toList();
        assertThat(applied).isEqualTo(expected);
    }

    @Test
    void infrastructure_trouble_does_not_split_a_group() {
        FakeStore store = FakeStore.following(isTransient(), isUnknown(), isPermanent());
        BatchException e =
                catchThrowableOfType(BatchException.class, () -> ledger(store).applyEach(updates(10)));
        assertThat(store.sent()).hasSize(3).allMatch(group -> group.size() == 10);
        assertThat(e.fate()).isEqualTo(Fate.UNKNOWN);
        assertThat(e.results()).allMatch(r -> r.fault().orElseThrow() instanceof OutcomeUnknownException);
    }

    @Test
    void a_long_list_goes_in_groups_and_all_are_tried_though_one_group_fails() {
        FakeStore store = FakeStore.following(applies(), isPermanent(), applies());
        BatchException e =
                catchThrowableOfType(BatchException.class, () -> ledger(store).applyEach(updates(2800)));
        assertThat(store.sent()).extracting(List::size).containsExactly(1000, 1000, 800);
        assertThat(IntStream.range(0, 2800)
                        .filter(i -> e.results().get(i).fault().isPresent()))
                .hasSize(1000)
                .allMatch(i -> i >= 1000 && i < 2000);
    }

    @Test
    void a_group_is_bounded_by_operations_and_by_text() {
        List<Update> heavy = IntStream.range(0, 10)
                .mapToObj(i -> {
                    Update.Builder builder = Update.of("h" + i);
                    for (int n = 0; n < 900; n++) {
                        builder.add(A, "1");
                    }
                    return builder.build();
                })
                .toList();
        FakeStore store = FakeStore.following();
        assertThat(ledger(store).applyEach(heavy)).hasSize(10);
        assertThat(store.sent()).extracting(List::size).containsExactly(4, 4, 2);

        String text = "x".repeat(64 * 1024);
        List<Update> long40 = IntStream.range(0, 40)
                .mapToObj(i ->
                        Update.of("t" + i).append(ACCOUNT.journal("log"), text).build())
                .toList();
        FakeStore texts = FakeStore.following();
        assertThat(ledger(texts).applyEach(long40)).hasSize(40);
        assertThat(texts.sent()).extracting(List::size).containsExactly(32, 8);
    }

    @Test
    void an_empty_list_gives_an_empty_list_and_asks_nobody() {
        FakeStore store = FakeStore.following();
        assertThat(ledger(store).applyEach(List.of())).isEmpty();
        assertThat(store.calls()).isZero();
    }

    @Test
    void what_is_parked_is_sent_again_without_what_is_decided() {
        FakeStore store = FakeStore.following(
                (group, deadline) -> List.of(
                        FakeStore.applied(group.get(0)),
                        FakeStore.parked(group.get(1)),
                        FakeStore.parked(group.get(2))),
                (group, deadline) -> List.of(FakeStore.parked(group.get(0)), FakeStore.applied(group.get(1))));
        assertThat(ledger(store).applyEach(updates(3)))
                .extracting(o -> o.key().value())
                .containsExactly("u0", "u1", "u2");
        assertThat(store.sent()).containsExactly(List.of("u0", "u1", "u2"), List.of("u1", "u2"), List.of("u1"));
    }

    @Test
    void what_stays_parked_until_the_deadline_was_not_applied() {
        FakeStore store = FakeStore.following().thenAlways((group, deadline) -> {
            // As a real store does: it waits for the lock as long as it may.
            assertThat(await(new CountDownLatch(1), deadline.remainingNanos())).isFalse();
            return group.stream().map(FakeStore::parked).toList();
        });
        assertThatThrownBy(() -> hasty(store).apply(update("k")))
                .isInstanceOf(NotAppliedException.class)
                .hasMessageStartingWith("somebody else holds a cell that it needs");
        assertThat(store.sent()).hasSize(1);
    }

    @Test
    void an_interruption_while_it_waits_to_try_again_ends_the_call_and_is_kept() {
        FakeStore store = FakeStore.following().thenAlways((group, deadline) -> {
            Thread.currentThread().interrupt();
            return isTransient().take(group, deadline);
        });
        assertThatThrownBy(() -> ledger(store).apply(update("k"))).isInstanceOf(NotAppliedException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(store.sent()).hasSize(1);

        FakeStore unknown = FakeStore.following().thenAlways((group, deadline) -> {
            Thread.currentThread().interrupt();
            return isUnknown().take(group, deadline);
        });
        assertThatThrownBy(() -> ledger(unknown).apply(update("k"))).isInstanceOf(OutcomeUnknownException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void a_caller_that_was_interrupted_before_is_served_if_nothing_has_to_be_waited_for() {
        Thread.currentThread().interrupt();
        assertThat(ledger(FakeStore.following()).apply(update("k"))).isInstanceOf(Applied.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void close_waits_for_the_calls_that_are_under_way() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        FakeStore store = FakeStore.following((group, deadline) -> {
            inside.countDown();
            assertThat(await(goOn, TimeUnit.SECONDS.toNanos(20))).isTrue();
            return applies().take(group, deadline);
        });
        Ledger ledger = ledger(store);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            CompletableFuture<Outcome> call = CompletableFuture.supplyAsync(() -> ledger.apply(update("k")), threads);
            assertThat(inside.await(20, TimeUnit.SECONDS)).isTrue();
            CompletableFuture<Void> closing = CompletableFuture.runAsync(ledger::close, threads);
            while (!refuses(ledger)) {
                assertThat(Thread.currentThread().isInterrupted())
                        .as("timed out")
                        .isFalse();
                Thread.onSpinWait();
            }
            assertThat(closing).isNotDone();
            assertThat(store.closings()).isZero();
            goOn.countDown();
            assertThat(call.get(20, TimeUnit.SECONDS)).isInstanceOf(Applied.class);
            closing.get(20, TimeUnit.SECONDS);
            assertThat(store.closings()).isEqualTo(1);
        } finally {
            threads.shutdownNow();
        }
    }

    private static boolean await(CountDownLatch latch, long nanos) {
        try {
            return latch.await(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean refuses(Ledger ledger) {
        try {
            ledger.find("k");
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }

    @Test
    void many_closers_close_the_store_once() {
        FakeStore store = FakeStore.following();
        Ledger ledger = ledger(store);
        List<CompletableFuture<Void>> closers = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int i = 0; i < 16; i++) {
                closers.add(CompletableFuture.runAsync(ledger::close, threads));
            }
            closers.forEach(CompletableFuture::join);
        } finally {
            threads.shutdownNow();
        }
        assertThat(store.closings()).isEqualTo(1);
    }

    @Test
    void an_asynchronous_update_completes_on_the_executor_with_what_apply_gives() throws Exception {
        ExecutorService one = Executors.newSingleThreadExecutor(task -> new Thread(task, "the executor"));
        try {
            Set<String> threads = new HashSet<>();
            FakeStore store = FakeStore.following((group, deadline) -> {
                threads.add(Thread.currentThread().getName());
                return applies().take(group, deadline);
            });
            Ledger ledger = ledger(store);
            assertThat(ledger.applyAsync(update("k"), one).get(20, TimeUnit.SECONDS))
                    .isInstanceOf(Applied.class);
            assertThat(threads).containsExactly("the executor");

            store.thenAlways(isPermanent());
            assertThatThrownBy(() -> ledger.applyAsync(update("k"), one).get(20, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(NotAppliedException.class);
        } finally {
            one.shutdownNow();
        }
    }

    @Test
    void an_executor_that_refuses_means_not_applied() {
        FakeStore store = FakeStore.following();
        CompletableFuture<Outcome> future = ledger(store).applyAsync(update("k"), task -> {
            throw new RejectedExecutionException("full");
        });
        assertThatThrownBy(future::join).hasCauseInstanceOf(NotAppliedException.class);
        assertThat(store.calls()).isZero();
    }

    @Test
    void an_executor_that_runs_the_update_and_then_refuses_does_not_deny_what_was_applied() {
        Executor runsThenRefuses = task -> {
            task.run();
            throw new RejectedExecutionException("and yet it ran");
        };
        assertThat(ledger(FakeStore.following())
                        .applyAsync(update("k"), runsThenRefuses)
                        .join())
                .isInstanceOf(Applied.class);
    }

    @Test
    void an_update_that_is_cancelled_before_it_runs_is_not_sent() {
        List<Runnable> queue = new ArrayList<>();
        FakeStore store = FakeStore.following();
        CompletableFuture<Outcome> future = ledger(store).applyAsync(update("k"), queue::add);
        assertThat(future.cancel(false)).isTrue();
        queue.forEach(Runnable::run);
        assertThat(store.calls()).isZero();
    }

    @Test
    void an_executor_that_runs_a_task_twice_sends_the_update_once() {
        FakeStore store = FakeStore.following();
        Executor twice = task -> {
            task.run();
            task.run();
        };
        assertThat(ledger(store).applyAsync(update("k"), twice).join()).isInstanceOf(Applied.class);
        assertThat(store.sent()).hasSize(1);
    }

    @Test
    void what_follows_an_asynchronous_update_may_call_and_close_the_ledger() {
        FakeStore store = FakeStore.following();
        Ledger ledger = ledger(store);
        ExecutorService one = Executors.newSingleThreadExecutor();
        try {
            CompletableFuture<Void> chain = ledger.applyAsync(update("k1"), one)
                    .thenCompose(outcome -> ledger.applyAsync(update("k2"), one))
                    .thenAccept(outcome -> ledger.close());
            assertTimeoutPreemptively(Duration.ofSeconds(10), chain::join);
        } finally {
            one.shutdownNow();
        }
        assertThat(store.sent()).containsExactly(List.of("k1"), List.of("k2"));
        assertThat(store.closings()).isEqualTo(1);
    }

    @Test
    void trouble_of_an_error_is_not_swallowed_and_lets_the_ledger_close() {
        AtomicInteger runs = new AtomicInteger();
        FakeStore store = FakeStore.following((group, deadline) -> {
            runs.incrementAndGet();
            throw new StackOverflowError("scripted");
        });
        Ledger ledger = ledger(store);
        assertThatThrownBy(() -> ledger.apply(update("k"))).isInstanceOf(StackOverflowError.class);
        assertThat(runs).hasValue(1);
        assertTimeoutPreemptively(Duration.ofSeconds(5), ledger::close);
    }
}
