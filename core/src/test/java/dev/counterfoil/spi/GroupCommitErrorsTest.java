package dev.counterfoil.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.AccountId;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.retry.Retry;
import dev.counterfoil.retry.RetryPolicy;
import java.time.Duration;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An error in any place of a shared commit, even in the queue's own work, costs nobody else his answer or his way. */
@Timeout(60)
class GroupCommitErrorsTest {
    private static final AccountId ACCOUNT = AccountId.of("retainer", "42");
    private static final StoreLedger MAKER = new StoreLedger(FakeStore.following(), LedgerSettings.defaults());

    private final FakeStore store = FakeStore.following();
    private final GroupCommit commits = new GroupCommit(
            new Sending(store, Retry.named("test", RetryPolicy.contention().withMaxAttempts(1))), 1, 100);
    private int overflows;

    private static Request on(String key, String cell) {
        return MAKER.posting(Update.of(key)
                .add(ACCOUNT.balance(cell, Unit.of("SAR", 2)), "1")
                .build());
    }

    private List<End> run(Request request) {
        return commits.run(List.of(request), () -> Deadline.after(Duration.ofSeconds(20)), () -> false);
    }

    /** Goes as deep as the stack allows, and makes a call from each of the last frames. */
    @SuppressWarnings("InfiniteRecursion") // It ends where the stack does.
    private int sink(Request request) {
        int above;
        try {
            above = sink(request);
        } catch (StackOverflowError e) {
            return 1;
        }
        if (above == 0 || above > 600) {
            return 0;
        }
        try {
            run(request);
        } catch (StackOverflowError e) {
            overflows++;
        }
        return above + 1;
    }

    @Test
    void a_caller_whose_stack_is_used_up_leaves_the_way_free() throws Exception {
        run(on("warm up", "a"));
        for (int i = 0; i < 20; i++) {
            Request request = on("deep" + i, "a");
            Thread thread = new Thread(null, () -> sink(request), "deep", 512 * 1024);
            thread.start();
            thread.join();
            CompletableFuture<List<End>> next = CompletableFuture.supplyAsync(() -> run(on("next", "a")));
            assertThat(next.get(5, TimeUnit.SECONDS).get(0).fault()).isNull();
        }
        assertThat(overflows).isPositive();
        Idle.assertNothingKept(commits);
    }

    /** Cells that are held; to look at them fails once it is told to. */
    private static final class Held extends AbstractSet<CellAddress> {
        private final Set<CellAddress> cells;
        private final AtomicInteger looksUntilError;

        Held(Set<CellAddress> cells, AtomicInteger looksUntilError) {
            this.cells = cells;
            this.looksUntilError = looksUntilError;
        }

        @Override
        public Iterator<CellAddress> iterator() {
            return cells.iterator();
        }

        @Override
        public int size() {
            if (looksUntilError.getAndDecrement() == 0) {
                throw new OutOfMemoryError("made up");
            }
            return cells.size();
        }
    }

    @Test
    void an_error_in_the_work_of_the_queue_ends_the_group_and_nothing_else() throws Exception {
        for (int looks = 0; looks < 12; looks++) {
            AtomicInteger until = new AtomicInteger(looks);
            store.thenAlways((group, deadline) -> until.get() < 0
                    ? FakeStore.applies().take(group, deadline)
                    : group.stream()
                            .<Answer>map(r -> new Answer.Parked(new Held(r.cells(), until)))
                            .toList());
            CompletableFuture<List<End>> first = CompletableFuture.supplyAsync(() -> run(on("first", "a")));
            CompletableFuture<List<End>> other = CompletableFuture.supplyAsync(() -> run(on("other", "a")));
            for (var call : List.of(first, other)) {
                // With an end or with the error itself, but over.
                assertThat(call.handle((ends, error) -> true).get(5, TimeUnit.SECONDS))
                        .as("error at look " + looks)
                        .isTrue();
            }
            until.set(-1);
            CompletableFuture<List<End>> next = CompletableFuture.supplyAsync(() -> run(on("next", "a")));
            assertThat(next.get(5, TimeUnit.SECONDS).get(0).fault()).isNull();
        }
        Idle.assertNothingKept(commits);
    }
}
