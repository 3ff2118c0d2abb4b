package dev.counterfoil.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.AccountId;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.retry.Retry;
import dev.counterfoil.retry.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two of a list that share a cell keep their order, whatever each of them waits for. */
@Timeout(30)
class ParkedListOrderTest {
    private static final AccountId ACCOUNT = AccountId.of("retainer", "42");
    private static final StoreLedger MAKER = new StoreLedger(FakeStore.following(), LedgerSettings.defaults());

    /** What a stranger holds. */
    private final Set<CellAddress> held = ConcurrentHashMap.newKeySet();

    private final List<String> applied = Collections.synchronizedList(new ArrayList<>());
    private final FakeStore store = FakeStore.following().thenAlways(this::take);
    private final GroupCommit commits = new GroupCommit(
            new Sending(store, Retry.named("test", RetryPolicy.contention().withMaxAttempts(1))), 1, 100);

    private List<Answer> take(List<Request> group, Deadline deadline) {
        Set<CellAddress> now = Set.copyOf(held);
        Parking parking = new Parking(now);
        List<Answer> answers = new ArrayList<>();
        for (Request request : group) {
            Set<CellAddress> lacks = new HashSet<>(request.cells());
            lacks.retainAll(now);
            boolean kept = parking.keeps(request);
            if (!kept) {
                applied.add(request.key().value());
            }
            answers.add(kept ? new Answer.Parked(lacks) : FakeStore.applied(request));
        }
        return answers;
    }

    private static Request on(String key, String... cells) {
        Update.Builder update = Update.of(key);
        for (String cell : cells) {
            update.add(ACCOUNT.balance(cell, Unit.of("SAR", 2)), "1");
        }
        return MAKER.posting(update.build());
    }

    private CompletableFuture<List<End>> call(Request... list) {
        return CompletableFuture.supplyAsync(
                () -> commits.run(List.of(list), () -> Deadline.after(Duration.ofSeconds(20)), () -> false),
                run -> new Thread(run).start());
    }

    private void untilParked(int requests) throws InterruptedException {
        while (commits.parked() < requests) {
            Thread.sleep(1);
        }
    }

    @Test
    void whatIsParkedOnItsWayDoesNotComeBehindALaterOneThatWasParkedMeanwhile() throws Exception {
        CellAddress first = new CellAddress("", ACCOUNT, "first");
        CellAddress other = new CellAddress("", ACCOUNT, "other");
        held.addAll(List.of(first, other));
        CompletableFuture<List<End>> somebody = call(on("somebody", "other"));
        untilParked(1);
        // While "a" is on its way, "b" is parked behind somebody; then "a" is parked as well.
        CompletableFuture<List<End>> list =
                call(on("a", "first"), on("b", "first", "other"), on("c", "other"), on("d", "last"));
        untilParked(4);
        held.clear();
        assertThat(somebody.get()).hasSize(1);
        assertThat(list.get()).allMatch(end -> end.fault() == null);
        assertThat(applied).containsSubsequence("a", "b", "c").hasSize(5);
        Idle.assertNothingKept(commits);
    }
}
