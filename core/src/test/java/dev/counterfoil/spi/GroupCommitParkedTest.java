package dev.counterfoil.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.counterfoil.AccountId;
import dev.counterfoil.NotAppliedException;
import dev.counterfoil.OutcomeUnknownException;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.retry.Retry;
import dev.counterfoil.retry.RetryPolicy;
import dev.counterfoil.retry.Verdict;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of callers who share commits while somebody else holds a cell that some of them need. */
@Timeout(30)
class GroupCommitParkedTest {
    private static final AccountId ACCOUNT = AccountId.of("retainer", "42");
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final StoreLedger MAKER = new StoreLedger(FakeStore.following(), LedgerSettings.defaults());

    private final List<Thread> threads = new ArrayList<>();

    /** Cells that a stranger holds, keys that nobody sees him hold, keys whose group is stopped at the store. */
    private final Set<String> held = ConcurrentHashMap.newKeySet();

    private final Set<String> unseen = ConcurrentHashMap.newKeySet();
    private final Set<String> stopped = ConcurrentHashMap.newKeySet();
    private final Semaphore arrived = new Semaphore(0);
    private final FakeStore store = FakeStore.following().thenAlways(this::take);

    private List<Answer> take(List<Request> group, Deadline deadline) throws StoreException {
        while (group.stream().anyMatch(r -> stopped.contains(r.key().value()))) {
            arrived.release();
            while (group.stream().anyMatch(r -> stopped.contains(r.key().value()))) {
                sleep();
            }
        }
        if (deadline.expired()) {
            throw new StoreException(StoreException.Phase.BODY, StoreException.Trouble.PERMANENT, "too late", null);
        }
        if (group.stream().anyMatch(r -> unseen.contains(r.key().value()))) {
            return group.stream().<Answer>map(r -> new Answer.Parked(Set.of())).toList();
        }
        Set<CellAddress> cells = new HashSet<>();
        held.forEach(cell -> cells.add(new CellAddress("", ACCOUNT, cell)));
        Parking parking = new Parking(cells);
        List<Answer> answers = new ArrayList<>();
        for (Request request : group) {
            Set<CellAddress> lacks = new HashSet<>(request.cells());
            lacks.retainAll(cells);
            answers.add(parking.keeps(request) ? new Answer.Parked(lacks) : FakeStore.applied(request));
        }
        return answers;
    }

    private @Nullable GroupCommit last;

    private static void sleep() {
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private GroupCommit commits(int atOnce, int room) {
        RetryPolicy policy = RetryPolicy.contention().withMaxAttempts(1);
        last = new GroupCommit(new Sending(store, Retry.named("test", policy)), atOnce, room);
        return last;
    }

    /** The same with a second try. */
    private GroupCommit persistent(int atOnce, int room) {
        RetryPolicy policy = RetryPolicy.contention()
                .withMaxAttempts(2)
                .withClassifier(
                        e -> e instanceof StoreException lost && lost.trouble() == StoreException.Trouble.TRANSIENT
                                ? Verdict.RETRY
                                : Verdict.FAIL);
        last = new GroupCommit(new Sending(store, Retry.named("test", policy)), atOnce, room);
        return last;
    }

    private static Request on(String key, String... cells) {
        Update.Builder update = Update.of(key);
        for (String cell : cells) {
            update.add(ACCOUNT.balance(cell, Unit.of("SAR", 2)), "1");
        }
        return MAKER.posting(update.build());
    }

    private CompletableFuture<List<End>> call(GroupCommit commits, Duration time, List<Request> list) {
        CompletableFuture<List<End>> future = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                future.complete(commits.run(list, () -> Deadline.after(time), () -> false));
            } catch (Throwable e) {
                future.completeExceptionally(e);
            }
        });
        threads.add(thread);
        thread.start();
        return future;
    }

    /** Starts a call and waits until it waits, so that callers come in the order of the test. */
    private CompletableFuture<List<End>> waiting(GroupCommit commits, Duration time, Request... list)
            throws InterruptedException {
        CompletableFuture<List<End>> call = call(commits, time, List.of(list));
        Thread thread = threads.get(threads.size() - 1);
        int calm = 0;
        while (calm < 5) {
            calm = thread.getState() == Thread.State.TIMED_WAITING ? calm + 1 : 0;
            Thread.sleep(1);
        }
        return call;
    }

    private CompletableFuture<List<End>> stopped(GroupCommit commits, Duration time, Request request)
            throws InterruptedException {
        stopped.add(request.key().value());
        CompletableFuture<List<End>> call = call(commits, time, List.of(request));
        assertThat(arrived.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        return call;
    }

    private static void assertApplied(CompletableFuture<List<End>> call) throws Exception {
        assertThat(call.get(5, TimeUnit.SECONDS)).allMatch(end -> end.fault() == null);
    }

    private List<String> order() {
        return store.sent().stream().flatMap(List::stream).toList();
    }

    @AfterEach
    void everybody_is_answered_and_nothing_is_kept() throws Exception {
        held.clear();
        unseen.clear();
        stopped.clear();
        for (Thread thread : threads) {
            thread.join();
        }
        Idle.assertNothingKept(Objects.requireNonNull(last));
    }

    @Test
    void who_shares_a_cell_with_one_that_comes_to_a_held_cell_later_does_not_wait_for_the_holder() throws Exception {
        GroupCommit commits = commits(1, 100);
        held.add("held");
        var unused = waiting(commits, LONG, on("first", "held"));
        var unused2 = waiting(commits, LONG, on("behind", "held", "b"));
        assertApplied(call(commits, LONG, List.of(on("needs only b", "b"))));
    }

    @Test
    void what_only_stays_behind_in_the_store_is_not_overtaken_by_a_later_one_of_its_list() throws Exception {
        GroupCommit commits = commits(1, 100);
        held.add("held");
        var unused = stopped(commits, LONG, on("first", "f"));
        var unused2 = waiting(commits, LONG, on("other", "held", "b"));
        var list = waiting(commits, LONG, on("u", "b"), on("w", "held", "b"));
        stopped.clear();
        while (order().stream().filter("u"::equals).count() < 2 && order().size() < 12) {
            Thread.sleep(1);
        }
        held.clear();
        assertApplied(list);
        assertThat(order().stream().filter("u"::equals).count()).isEqualTo(2);
        assertThat(order().lastIndexOf("u")).isLessThan(order().lastIndexOf("w"));
    }

    @Test
    void what_is_put_back_because_a_neighbour_was_late_is_not_overtaken_by_a_later_one_of_its_list() throws Exception {
        GroupCommit commits = commits(1, 2000);
        held.add("held");
        Duration soon = Duration.ofSeconds(3);
        var late = waiting(commits, soon, on("late", "held"));
        List<Request> list =
                IntStream.range(0, 600).mapToObj(i -> on("u" + i, "held")).toList();
        var call = call(commits, LONG, list);
        while (!order().contains("u3") || order().size() < 601) {
            Thread.sleep(1);
        }
        stopped.add("late");
        assertThat(arrived.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        Thread.sleep(soon.toMillis());
        held.clear();
        int before = order().size();
        stopped.clear();
        assertThat(late.get().get(0).fault()).isNotNull();
        assertApplied(call);
        assertThat(order().subList(before, order().size()))
                .containsSubsequence(
                        IntStream.range(0, 600).mapToObj(i -> "u" + i).toList());
    }

    @Test
    void one_that_stays_parked_does_not_keep_the_other_parked_ones_from_being_sent() throws Exception {
        GroupCommit commits = commits(1, 100);
        unseen.add("unseen");
        var unused = waiting(commits, LONG, on("unseen", "a"));
        held.add("held");
        var other = waiting(commits, LONG, on("other", "held"));
        held.clear();
        assertApplied(other);
    }

    @Test
    void a_parked_one_is_not_starved_by_a_stream_that_shares_its_other_cells() throws Exception {
        GroupCommit commits = commits(1, 100);
        held.add("held");
        var parked = waiting(commits, LONG, on("parked", "held", "b"));
        // The stream: at any time one group with "b" is stopped at the store, and the next waits.
        var last = stopped(commits, LONG, on("s0", "b"));
        held.clear();
        for (int i = 1; i < 30 && !parked.isDone(); i++) {
            stopped.add("s" + i);
            var next = waiting(commits, LONG, on("s" + i, "b"));
            Thread.sleep(20);
            stopped.remove("s" + (i - 1));
            assertApplied(last);
            while (!order().contains("s" + i) && !parked.isDone()) {
                Thread.sleep(1);
            }
            last = next;
        }
        assertThat(parked).isDone();
    }

    @Test
    void a_list_of_which_more_is_parked_than_the_queue_takes_goes_on_when_the_cell_is_free() throws Exception {
        GroupCommit commits = commits(1, 2);
        held.add("held");
        List<Request> list = Stream.concat(
                        IntStream.range(0, GroupRoom.REQUESTS).mapToObj(i -> on("u" + i, "held")),
                        Stream.of(on("last", "b")))
                .toList();
        var call = call(commits, LONG, list);
        while (order().size() < 2 * GroupRoom.REQUESTS) {
            Thread.sleep(1);
        }
        held.clear();
        assertApplied(call);
    }

    @Test
    void who_leads_a_group_already_does_not_keep_others_from_leading_the_next() throws Exception {
        GroupCommit commits = commits(2, 100);
        var unused = stopped(commits, LONG, on("first", "b"));
        stopped.add("led");
        var unused2 = call(commits, LONG, List.of(on("led", "a"), on("waits", "b")));
        assertThat(arrived.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        var other = waiting(commits, LONG, on("other", "c"));
        stopped.remove("first");
        assertApplied(other);
    }

    @Test
    void an_error_behind_the_commit_leaves_it_unknown_whether_it_was_applied() throws Exception {
        GroupCommit commits = commits(1, 100);
        var run = new ArrayList<>(List.of(on("bad", "a"), on("bad too", "b")));
        store.thenAlways((group, deadline) -> answersThatThrow(group));
        assertThat(commits.run(run, () -> Deadline.after(LONG), () -> false))
                .allMatch(end -> end.fault() instanceof OutcomeUnknownException);
    }

    private static List<Answer> answersThatThrow(List<Request> group) {
        return new AbstractList<>() {
            @Override
            public Answer get(int index) {
                throw new IllegalStateException("made up");
            }

            @Override
            public int size() {
                return group.size();
            }
        };
    }

    @Test
    void of_a_list_whose_caller_is_interrupted_in_the_queue_nothing_is_sent_any_more() throws Exception {
        GroupCommit commits = commits(1, 10_000);
        var unused = stopped(commits, LONG, on("first", "a"));
        Request[] list = IntStream.rangeClosed(0, GroupRoom.REQUESTS)
                .mapToObj(i -> on("u" + i, "a"))
                .toArray(Request[]::new);
        var call = waiting(commits, LONG, list);
        threads.get(threads.size() - 1).interrupt();
        stopped.clear();
        assertThat(call.get()).hasSize(GroupRoom.REQUESTS + 1).allMatch(end -> end.fault() != null);
        assertThat(order()).containsExactly("first");
    }

    @Test
    void a_list_whose_first_part_stays_behind_somebody_else_goes_on_with_the_next() throws Exception {
        GroupCommit commits = commits(2, 10_000);
        held.add("held");
        var unused = waiting(commits, LONG, on("parked", "held"));
        var way = stopped(commits, LONG, on("way", "w"));
        var way2 = stopped(commits, LONG, on("way2", "w2"));
        List<Request> list = Stream.concat(
                        IntStream.range(0, GroupRoom.REQUESTS).mapToObj(i -> on("u" + i, "held")),
                        Stream.of(on("next part", "c")))
                .toList();
        var call = call(commits, LONG, list);
        Thread thread = threads.get(threads.size() - 1);
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.sleep(1);
        }
        var other = waiting(commits, LONG, on("other", "d"));
        stopped.remove("way2");
        assertApplied(way2);
        assertApplied(other);
        for (int i = 0; i < 5_000 && !order().contains("next part"); i++) {
            Thread.sleep(1);
        }
        assertThat(order()).contains("next part");
        stopped.clear();
        assertApplied(way);
        held.clear();
        assertApplied(call);
    }

    @Test
    void who_waits_for_a_group_on_its_way_does_not_spin_when_the_time_of_his_parked_one_is_up() throws Exception {
        GroupCommit commits = commits(2, 100);
        held.add("held");
        var unused = stopped(commits, LONG, on("first", "s"));
        stopped.add("leader");
        var unused2 = waiting(commits, LONG, on("leader", "s"));
        Duration time = Duration.ofMillis(600);
        var call = call(commits, time, List.of(on("p", "held"), on("follower", "s")));
        Thread caller = threads.get(threads.size() - 1);
        while (!order().contains("p")) {
            Thread.sleep(1);
        }
        stopped.remove("first");
        assertThat(arrived.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        Thread.sleep(time.toMillis());
        int asleep = 0;
        for (int i = 0; i < 200; i++) {
            asleep += caller.getState() == Thread.State.TIMED_WAITING ? 1 : 0;
            Thread.sleep(1);
        }
        assertThat(asleep).isGreaterThan(150);
        assertThat(call).isNotDone();
    }

    @Test
    void who_is_gone_with_an_error_leaves_nothing_behind_that_others_wait_for() throws Exception {
        GroupCommit commits = commits(2, 100);
        held.add("held");
        Semaphore broken = new Semaphore(0);
        FakeStore.Step before = this::take;
        store.thenAlways((group, deadline) -> {
            if (group.stream().anyMatch(r -> r.key().value().equals("bad"))) {
                arrived.release();
                broken.acquireUninterruptibly();
                throw new StackOverflowError("deep");
            }
            return before.take(group, deadline);
        });
        var unused = stopped(commits, LONG, on("first", "x"));
        stopped.add("leader");
        var leader = waiting(commits, LONG, on("leader", "x"));
        var gone = call(commits, LONG, List.of(on("follower", "x", "held"), on("bad", "z")));
        assertThat(arrived.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        stopped.remove("first");
        assertThat(arrived.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        assertThat(store.sent().get(2)).containsExactly("leader", "follower");
        broken.release();
        assertThatThrownBy(gone::get).hasCauseInstanceOf(StackOverflowError.class);
        stopped.clear();
        assertApplied(leader);
        held.clear();
        assertApplied(call(commits, LONG, List.of(on("next", "held"))));
        assertApplied(call(commits, LONG, List.of(on("next2", "x"))));
    }

    @Test
    void what_is_sent_again_of_the_first_half_is_not_overtaken_by_the_second() throws Exception {
        GroupCommit commits = persistent(1, 100);
        var first = stopped(commits, LONG, on("first", "f"));
        var leader = waiting(commits, LONG, on("leader", "l"));
        var list = waiting(commits, LONG, on("u", "b"), on("v", "b"), on("w", "b"));
        FakeStore.Step lost = FakeStore.isTransient();
        store.thenNext(lost).thenNext(lost).thenNext((group, deadline) -> {
            // From here on the fault is the leader's alone, and the others of his group go again.
            Thread.currentThread().interrupt();
            return FakeStore.isPermanent().take(group, deadline);
        });
        stopped.clear();

        assertApplied(first);
        assertApplied(list);
        assertThat(leader.get().get(0).fault()).isInstanceOf(NotAppliedException.class);
        assertThat(store.sent())
                .containsExactly(
                        List.of("first"),
                        List.of("leader", "u", "v", "w"),
                        List.of("leader", "u", "v", "w"),
                        List.of("leader", "u"),
                        List.of("u", "v", "w"));
    }
}
