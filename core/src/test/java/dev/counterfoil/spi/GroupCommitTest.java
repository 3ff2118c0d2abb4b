package dev.counterfoil.spi;

import static dev.counterfoil.spi.FakeStore.applies;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Key;
import dev.counterfoil.Ledger;
import dev.counterfoil.NotAppliedException;
import dev.counterfoil.Outcome;
import dev.counterfoil.OutcomeUnknownException;
import dev.counterfoil.Rejected;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.retry.Retry;
import dev.counterfoil.retry.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who shares a commit with whom, and what becomes of the others when one of a group has trouble. */
@Timeout(30)
class GroupCommitTest {
    private static final AccountId ACCOUNT = AccountId.of("retainer", "42");

    private final List<Thread> threads = new ArrayList<>();

    /** Groups that have reached the store, and leave to go on for each. */
    private final Semaphore arrived = new Semaphore(0);

    private final Semaphore leave = new Semaphore(0);
    private final FakeStore store = FakeStore.following().thenAlways(held(applies()));

    private FakeStore.Step held(FakeStore.Step step) {
        return (group, deadline) -> {
            arrived.release();
            leave.acquireUninterruptibly();
            return step.take(group, deadline);
        };
    }

    private StoreLedger ledger(int atOnce) {
        return ledger(atOnce, Duration.ofSeconds(20));
    }

    private StoreLedger ledger(int atOnce, Duration timeout) {
        return new StoreLedger(
                store.groupsAtOnce(atOnce), LedgerSettings.defaults().withTimeout(timeout));
    }

    private static Update on(String key, String... cells) {
        Update.Builder update = Update.of(key);
        for (String cell : cells) {
            update.add(ACCOUNT.balance(cell, Unit.of("SAR", 2)), "1");
        }
        return update.build();
    }

    private interface Call<T> {
        T run() throws Exception;
    }

    private <T> CompletableFuture<T> inThread(Call<T> call) {
        CompletableFuture<T> future = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                future.complete(call.run());
            } catch (Throwable e) {
                future.completeExceptionally(e);
            }
        });
        threads.add(thread);
        thread.start();
        return future;
    }

    /** Starts a call and waits until it waits in the queue: callers come in the order of the test. */
    private CompletableFuture<Outcome> waiting(Ledger ledger, Update update) throws InterruptedException {
        CompletableFuture<Outcome> call = inThread(() -> ledger.apply(update));
        Thread thread = threads.get(threads.size() - 1);
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.sleep(1);
        }
        return call;
    }

    private CompletableFuture<Outcome> atTheStore(Ledger ledger, Update update) throws InterruptedException {
        CompletableFuture<Outcome> call = inThread(() -> ledger.apply(update));
        assertThat(arrived.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        return call;
    }

    @AfterEach
    void everybody_is_answered() throws InterruptedException {
        leave.release(1_000_000);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Test
    void who_comes_during_a_commit_shares_the_next_in_the_order_of_coming() throws Exception {
        Ledger ledger = ledger(1);
        List<CompletableFuture<Outcome>> calls = new ArrayList<>(List.of(atTheStore(ledger, on("first", "a"))));
        for (String key : List.of("1", "2", "3", "4")) {
            calls.add(waiting(ledger, on(key, "a")));
        }
        leave.release(2);
        for (CompletableFuture<Outcome> call : calls) {
            assertThat(call.get()).isInstanceOf(Applied.class);
        }
        assertThat(store.sent()).containsExactly(List.of("first"), List.of("1", "2", "3", "4"));
    }

    @Test
    void a_second_group_goes_beside_the_first_only_with_what_shares_no_cell_no_key_and_no_reference() throws Exception {
        Ledger ledger = ledger(2);
        var unused = atTheStore(
                ledger, Update.of("first").add(cell("a"), "1").reference("r").build());
        var unused2 = waiting(ledger, on("same cell", "a", "b"));
        var unused3 = waiting(ledger, on("first", "c"));
        var unused4 = waiting(
                ledger, Update.of("same ref").add(cell("d"), "1").reference("r").build());
        var unused5 = waiting(ledger, on("behind the second", "b"));
        var unused6 = atTheStore(ledger, on("free", "e"));
        assertThat(store.sent()).containsExactly(List.of("first"), List.of("free"));
        leave.release(3);
        everybody_is_answered();
        assertThat(store.sent().get(2)).containsExactly("same cell", "first", "same ref", "behind the second");
    }

    private static BalanceId cell(String name) {
        return ACCOUNT.balance(name, Unit.of("SAR", 2));
    }

    @Test
    void a_large_update_is_not_overtaken_by_a_stream_of_small_ones_that_share_its_cells() throws Exception {
        Ledger ledger = ledger(2);
        var unused = atTheStore(ledger, on("a1", "a"));
        var unused2 = atTheStore(ledger, on("b1", "b"));
        var unused3 = waiting(ledger, on("large", "a", "b", "c"));
        var unused4 = waiting(ledger, on("a2", "a"));
        var unused5 = waiting(ledger, on("c1", "c"));
        leave.release(1);
        // One way is free and the other flight still holds "a" or "b": none of those that came later passes the large
        // one.
        leave.release(1);
        assertThat(arrived.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        assertThat(store.sent().get(2)).containsExactly("large", "a2", "c1");
    }

    @Test
    void a_request_that_the_database_refuses_takes_nobody_with_it() throws Exception {
        store.thenAlways(held((group, deadline) -> {
            if (group.stream().anyMatch(r -> r.key().value().equals("bad"))) {
                throw new StoreException(
                        StoreException.Phase.BODY, StoreException.Trouble.ONE_REQUEST, "a value was refused", null);
            }
            return applies().take(group, deadline);
        }));
        Ledger ledger = ledger(1);
        CompletableFuture<Outcome> first = atTheStore(ledger, on("first", "a"));
        CompletableFuture<Outcome> good = waiting(ledger, on("good", "a"));
        CompletableFuture<Outcome> bad = waiting(ledger, on("bad", "a"));
        CompletableFuture<Outcome> also = waiting(ledger, on("also good", "a"));
        leave.release(100);
        assertThat(List.of(first.get(), good.get(), also.get())).allMatch(Applied.class::isInstance);
        assertThatThrownBy(bad::get).hasCauseInstanceOf(NotAppliedException.class);
    }

    @Test
    void a_leader_who_is_interrupted_takes_nobody_with_him() throws Exception {
        Semaphore stuck = new Semaphore(0);
        store.thenAlways((group, deadline) -> {
            arrived.release();
            if (group.size() == 2) {
                try {
                    stuck.acquire();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new StoreException(
                            StoreException.Phase.ACQUIRE, StoreException.Trouble.PERMANENT, "interrupted", e);
                }
            } else {
                leave.acquireUninterruptibly();
            }
            return applies().take(group, deadline);
        });
        Ledger ledger = ledger(1);
        var unused = atTheStore(ledger, on("first", "a"));
        CompletableFuture<Outcome> leader = waiting(ledger, on("leader", "a"));
        Thread thread = threads.get(1);
        CompletableFuture<Outcome> follower = waiting(ledger, on("follower", "a"));
        leave.release(1);
        assertThat(arrived.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        thread.interrupt();
        assertThatThrownBy(leader::get).hasCauseInstanceOf(NotAppliedException.class);
        leave.release(1);
        assertThat(follower.get()).isInstanceOf(Applied.class);
        assertThat(store.sent()).containsExactly(List.of("first"), List.of("leader", "follower"), List.of("follower"));
    }

    @Test
    void who_is_interrupted_in_the_queue_leaves_it_and_is_not_sent() throws Exception {
        Ledger ledger = ledger(1);
        var unused = atTheStore(ledger, on("first", "a"));
        AtomicReference<Boolean> flag = new AtomicReference<>();
        CompletableFuture<Outcome> call = inThread(() -> {
            try {
                return ledger.apply(on("second", "a"));
            } finally {
                flag.set(Thread.currentThread().isInterrupted());
            }
        });
        threads.get(1).interrupt();
        assertThatThrownBy(call::get)
                .hasCauseInstanceOf(NotAppliedException.class)
                .hasMessageContaining("interrupted");
        threads.get(1).join();
        assertThat(flag).hasValue(true);
        leave.release(1);
        everybody_is_answered();
        assertThat(store.sent()).containsExactly(List.of("first"));
    }

    @Test
    void who_is_interrupted_while_his_group_commits_gets_its_answer() throws Exception {
        Ledger ledger = ledger(1);
        var unused = atTheStore(ledger, on("first", "a"));
        var unused2 = waiting(ledger, on("leader", "a"));
        CompletableFuture<Outcome> follower = waiting(ledger, on("follower", "a"));
        leave.release(1);
        assertThat(arrived.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        threads.get(2).interrupt();
        leave.release(1);
        assertThat(follower.get()).isInstanceOf(Applied.class);
    }

    @Test
    void whose_time_is_up_in_the_queue_is_told_so_in_time_and_is_not_sent() throws Exception {
        Ledger ledger = ledger(1, Duration.ofMillis(400));
        var unused = atTheStore(ledger, on("first", "a"));
        assertThatThrownBy(() -> ledger.apply(on("second", "a")))
                .isInstanceOf(NotAppliedException.class)
                .hasMessageContaining("the time of the call is up");
        leave.release(1);
        everybody_is_answered();
        assertThat(store.sent()).containsExactly(List.of("first"));
    }

    @Test
    void a_full_queue_keeps_callers_waiting_until_there_is_room_or_their_time_is_up() throws Exception {
        RetryPolicy once = RetryPolicy.contention().withMaxAttempts(1);
        GroupCommit commits = new GroupCommit(new Sending(store, Retry.named("test", once)), 1, 2);
        var unused = inThread(() ->
                commits.run(List.of(request("first")), () -> Deadline.after(Duration.ofSeconds(20)), () -> false));
        assertThat(arrived.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        List<CompletableFuture<List<End>>> calls = new ArrayList<>();
        for (String key : List.of("1", "2", "3", "4", "5")) {
            calls.add(inThread(() ->
                    commits.run(List.of(request(key)), () -> Deadline.after(Duration.ofSeconds(20)), () -> false)));
            Thread thread = threads.get(threads.size() - 1);
            while (thread.getState() != Thread.State.TIMED_WAITING) {
                Thread.sleep(1);
            }
        }
        List<End> refused =
                commits.run(List.of(request("late")), () -> Deadline.after(Duration.ofMillis(200)), () -> false);
        assertThat(refused.get(0).fault())
                .isInstanceOf(NotAppliedException.class)
                .hasMessageContaining("the queue of the ledger is full");
        leave.release(1_000);
        for (CompletableFuture<List<End>> call : calls) {
            assertThat(call.get().get(0).fault()).isNull();
        }
        assertThat(store.sent().get(1)).containsExactly("1", "2");
        assertThat(store.sent().stream().flatMap(List::stream))
                .doesNotContain("late")
                .hasSize(6);
    }

    private static Request request(String key) {
        StoreLedger maker = new StoreLedger(FakeStore.following(), LedgerSettings.defaults());
        return maker.posting(on(key, "a"));
    }

    @Test
    void closing_lets_who_waits_finish_and_refuses_who_comes_later() throws Exception {
        Ledger ledger = ledger(1);
        CompletableFuture<Outcome> first = atTheStore(ledger, on("first", "a"));
        CompletableFuture<Outcome> second = waiting(ledger, on("second", "a"));
        CompletableFuture<Object> closing = inThread(() -> {
            ledger.close();
            return "closed";
        });
        while (store.closings() == 0 && threads.get(2).getState() != Thread.State.TIMED_WAITING) {
            Thread.sleep(1);
        }
        assertThatThrownBy(() -> ledger.apply(on("third", "a"))).isInstanceOf(IllegalStateException.class);
        assertThat(closing).isNotDone();
        leave.release(2);
        assertThat(List.of(first.get(), second.get())).allMatch(Applied.class::isInstance);
        assertThat(closing.get()).isEqualTo("closed");
        assertThat(store.closings()).isEqualTo(1);
    }

    @Test
    void a_commit_whose_answer_is_lost_is_asked_for_again_for_the_whole_group() throws Exception {
        Ledger ledger = ledger(1, Duration.ofSeconds(2));
        var unused = atTheStore(ledger, on("first", "a"));
        CompletableFuture<Outcome> second = waiting(ledger, on("second", "a"));
        CompletableFuture<Outcome> third = waiting(ledger, on("third", "a"));
        store.thenAlways(FakeStore.isUnknown());
        leave.release(1);
        assertThatThrownBy(second::get).hasCauseInstanceOf(OutcomeUnknownException.class);
        assertThatThrownBy(third::get)
                .hasCauseInstanceOf(OutcomeUnknownException.class)
                .cause()
                .satisfies(e -> assertThat(((OutcomeUnknownException) e).key()).isEqualTo(Key.of("third")));
    }

    @Test
    void a_decide_function_runs_in_its_callers_thread_alone_in_its_group() throws Exception {
        AtomicReference<Thread> ranIn = new AtomicReference<>();
        store.thenAlways(held((group, deadline) -> {
            if (group.get(0) instanceof Request.Posting posting
                    && !posting.versions().isEmpty()) {
                return List.of(new Answer.Stale());
            }
            if (group.get(0) instanceof Request.Deciding deciding) {
                assertThat(group).hasSize(1);
                deciding.resolve(new StoredCells(java.util.Map.of(), java.time.Instant.EPOCH), deadline);
            }
            return applies().take(group, deadline);
        }));
        Ledger ledger = ledger(1);
        var unused = atTheStore(ledger, on("first", "a"));
        CompletableFuture<Outcome> deciding =
                inThread(() -> ledger.decide(Key.of("d"), "r", List.of(cell("a")), now -> {
                    ranIn.set(Thread.currentThread());
                    return now.decline("NO", "no");
                }));
        Thread decider = threads.get(1);
        while (decider.getState() != Thread.State.TIMED_WAITING) {
            Thread.sleep(1);
        }
        ranIn.set(null);
        leave.release(1);
        assertThat(arrived.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        // It is at the store as an attempt that will find itself stale; others queue before it comes again.
        var unused2 = waiting(ledger, on("x", "a"));
        var unused3 = waiting(ledger, on("y", "a"));
        leave.release(100);
        Outcome outcome = deciding.get();
        assertThat(outcome).isInstanceOfAny(Applied.class, Rejected.class);
        assertThat(ranIn).hasValue(decider);
    }

    @Test
    void an_error_in_the_leaders_group_leaves_nobody_waiting() throws Exception {
        Ledger ledger = ledger(1);
        var unused = atTheStore(ledger, on("first", "a"));
        CompletableFuture<Outcome> leader = waiting(ledger, on("leader", "a"));
        CompletableFuture<Outcome> follower = waiting(ledger, on("follower", "a"));
        FakeStore.Step before = held(applies());
        store.thenAlways((group, deadline) -> {
            if (group.size() == 2) {
                throw new StackOverflowError("deep");
            }
            return before.take(group, deadline);
        });
        leave.release(1);
        assertThatThrownBy(leader::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(StackOverflowError.class);
        assertThatThrownBy(follower::get).hasCauseInstanceOf(OutcomeUnknownException.class);
        leave.release(1);
        assertThat(ledger.apply(on("next", "a"))).isInstanceOf(Applied.class);
    }

    @Test
    void who_needs_a_cell_that_somebody_holds_waits_behind_it_and_nobody_else_does() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        CellAddress held = new CellAddress("", ACCOUNT, "held");
        store.thenAlways((group, deadline) -> {
            arrived.release();
            Parking parking = new Parking(released.getCount() == 0 ? Set.of() : Set.of(held));
            return group.stream()
                    .map(r -> parking.keeps(r)
                            ? new Answer.Parked(r.cells().contains(held) ? Set.of(held) : Set.of())
                            : FakeStore.applied(r))
                    .toList();
        });
        Ledger ledger = ledger(1);
        CompletableFuture<Outcome> first = inThread(() -> ledger.apply(on("needs it", "held", "b")));
        while (store.sent().size() < 2) {
            Thread.sleep(1);
        }
        CompletableFuture<Outcome> second = waiting(ledger, on("needs it too", "held"));
        assertThat(ledger.apply(on("shares b", "b"))).isInstanceOf(Applied.class);
        assertThat(ledger.apply(on("shares nothing", "c"))).isInstanceOf(Applied.class);
        assertThat(first).isNotDone();
        assertThat(second).isNotDone();
        released.countDown();
        assertThat(List.of(first.get(), second.get())).allMatch(Applied.class::isInstance);
        List<String> order = store.sent().stream().flatMap(List::stream).toList();
        assertThat(order.lastIndexOf("needs it")).isLessThan(order.lastIndexOf("needs it too"));
    }
}
