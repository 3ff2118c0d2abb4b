package dev.counterfoil.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.AccountId;
import dev.counterfoil.Update;
import dev.counterfoil.Unit;
import dev.counterfoil.retry.Retry;
import dev.counterfoil.retry.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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

    private static void sleep() {
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private GroupCommit commits(int atOnce, int room) {
        RetryPolicy policy = RetryPolicy.contention().withMaxAttempts(1);
        return new GroupCommit(new Sending(store, Retry.named("test", policy)), atOnce, room);
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
    void everybody_is_answered_and_nothing_is_kept() throws InterruptedException {
        held.clear();
        unseen.clear();
        stopped.clear();
        for (Thread thread : threads) {
            thread.join();
        }
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
                .containsSubsequence(IntStream.range(0, 600).mapToObj(i -> "u" + i).toList());
    }

    @Test
    void a_list_whose_first_part_stays_behind_somebody_else_goes_on_with_the_next() throws Exception {
        GroupCommit commits = commits(2, 10_000);
        held.add("held");
        var unused = waiting(commits, LONG, on("parked", "held"));
        var way = stopped(commits, LONG, on("way", "w"));
        var way2 = stopped(commits, LONG, on("way2", "w2"));
        List<Request> list = Stream.concat(
                        IntStream.range(0, 500).mapToObj(i -> on("u" + i, "held")), Stream.of(on("next part", "c")))
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
}
