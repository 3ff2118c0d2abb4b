package dev.counterfoil.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.counterfoil.Applied;
import dev.counterfoil.Decision;
import dev.counterfoil.Fate;
import dev.counterfoil.Key;
import dev.counterfoil.KeyReused;
import dev.counterfoil.Ledger;
import dev.counterfoil.LedgerException;
import dev.counterfoil.Limits;
import dev.counterfoil.NotAppliedException;
import dev.counterfoil.Outcome;
import dev.counterfoil.PageRequest;
import dev.counterfoil.Reason;
import dev.counterfoil.Rejected;
import dev.counterfoil.Update;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The ways to call: lists, asynchronously, and a closed ledger. */
abstract class CallsContract extends ContractPart {
    CallsContract(LedgerContract store) {
        super(store);
    }

    @Test
    void anEmptyListGivesAnEmptyList() {
        assertThat(ledger.applyEach(List.of())).isEmpty();
    }

    @Test
    void eachOfAListIsDecidedAloneAndInOrder() {
        openAccount();
        List<Outcome> outcomes = ledger.applyEach(List.of(
                Update.of("a").take(AVAILABLE, "900.00").build(),
                Update.of("b").take(AVAILABLE, "200.00").build(),
                Update.of("c").append(USAGE, "half").take(AVAILABLE, "200.00").build(),
                Update.of("d").open(OTHER).build(),
                Update.of("e").take(AVAILABLE, "100.00").add(OTHER, "100.00").build()));

        assertThat(outcomes).extracting(Outcome::key).extracting(Key::value).containsExactly("a", "b", "c", "d", "e");
        outcomes.get(0).orThrow();
        Rejected b = refusal(Rejected.OutOfBounds.class, Reason.BELOW_MINIMUM, outcomes.get(1));
        assertThat(b.decidedBy()).isEqualTo(Key.of("a"));
        refusal(Rejected.OutOfBounds.class, Reason.BELOW_MINIMUM, outcomes.get(2));
        outcomes.get(3).orThrow();
        assertThat(outcomes.get(4).orThrow().receipt().balance(OTHER)).isEqualTo("100.00");
        assertThat(ledger.read(ACCOUNT).count(USAGE)).isZero();
        books();
    }

    @Test
    void aKeyRepeatedInAListIsDecidedOnce() {
        openAccount();
        Update take = Update.of("take").take(AVAILABLE, "10.00").build();
        Update refused = Update.of("refused").take(AVAILABLE, "2000.00").build();
        List<Outcome> outcomes = ledger.applyEach(List.of(
                take,
                refused,
                take,
                Update.of("take").take(AVAILABLE, "11.00").build(),
                Update.of("more").add(AVAILABLE, "5000.00").build(),
                refused,
                Update.of("refused").take(AVAILABLE, "1.00").build()));

        Applied first = outcomes.get(0).orThrow();
        assertThat(first.replayed()).isFalse();
        assertThat(((Decision) outcomes.get(1)).replayed()).isFalse();
        assertThat(outcomes.get(2)).isEqualTo(new Applied(first.receipt(), true));
        assertThat(outcomes.get(3)).isEqualTo(new KeyReused(new Applied(first.receipt(), true)));
        assertThat(refusal(Rejected.OutOfBounds.class, Reason.BELOW_MINIMUM, outcomes.get(5))
                        .replayed())
                .isTrue();
        assertThat(((KeyReused) outcomes.get(6)).stored()).isEqualTo(outcomes.get(5));
        assertThat(available()).isEqualTo("5990.00");
    }

    @Test
    void aRetryableRefusalOfAListLeavesTheKeyToALaterOneOfTheList() {
        openAccount();
        Update pay = Update.of("pay").take(AVAILABLE, "1500.00").retryable().build();
        List<Outcome> outcomes = ledger.applyEach(
                List.of(pay, Update.of("more").add(AVAILABLE, "500.00").build(), pay, pay));

        refusal(Rejected.OutOfBounds.class, Reason.BELOW_MINIMUM, outcomes.get(0));
        assertThat(outcomes.get(2).orThrow().replayed()).isFalse();
        assertThat(outcomes.get(3).orThrow().replayed()).isTrue();
    }

    @Test
    void aListSentAgainIsAnsweredAlike() {
        openAccount();
        List<Update> list = List.of(
                Update.of("a").take(AVAILABLE, "900.00").build(),
                Update.of("b").take(AVAILABLE, "200.00").build(),
                Update.of("c").append(USAGE, "x").build());
        List<Outcome> first = ledger.applyEach(list);
        Books after = books();

        List<Outcome> again = ledger.applyEach(list);

        for (int i = 0; i < list.size(); i++) {
            assertThat(((Decision) again.get(i)).replayed()).isTrue();
            assertThat(((Decision) again.get(i)).recordedAt()).isEqualTo(((Decision) first.get(i)).recordedAt());
        }
        assertThat(books()).isEqualTo(after);
    }

    @Test
    void aListHasAsManyUpdatesAsItLikes() {
        int size = 10_000;
        applied(update().open(AVAILABLE, Integer.toString(size), Limits.nonNegative())
                .open(OTHER));
        List<Update> list = new ArrayList<>(size);
        for (int i = 0; i < size - 1; i++) {
            list.add(Update.of("list-" + i).transfer(AVAILABLE, OTHER, "1.00").build());
        }
        list.add(Update.of("list-0").transfer(AVAILABLE, OTHER, "2.00").build());

        List<Outcome> outcomes = ledger.applyEach(list);

        assertThat(outcomes).hasSize(size);
        for (int i = 0; i < size - 1; i++) {
            Applied applied = outcomes.get(i).orThrow();
            assertThat(applied.key()).isEqualTo(Key.of("list-" + i));
            assertThat(applied.replayed()).isFalse();
            assertThat(applied.receipt().balance(AVAILABLE)).isEqualByComparingTo(Integer.toString(size - 1 - i));
        }
        assertThat(outcomes.get(size - 1)).isInstanceOf(KeyReused.class);
        Books books = books();
        assertThat(books.total("available")).isEqualByComparingTo(Integer.toString(size));
        assertThat(books.entriesOf(OTHER)).hasSize(size);
    }

    @Test
    void aListMayHoldLargeUpdates() {
        openAccount();
        String large = "x".repeat(64 * 1024);
        List<Update> list = IntStream.range(0, 60)
                .mapToObj(i -> Update.of("large-" + i)
                        .append(USAGE, large)
                        .append(USAGE, large)
                        .build())
                .toList();

        assertThat(ledger.applyEach(list)).allSatisfy(Outcome::orThrow);
        assertThat(ledger.read(ACCOUNT).count(USAGE)).isEqualTo(120);
    }

    @Test
    void anAsynchronousCallCompletesOnTheExecutorGiven() throws Exception {
        openAccount();
        ExecutorService executor = Executors.newSingleThreadExecutor(task -> new Thread(task, "given"));
        try {
            Queue<Runnable> tasks = new ArrayDeque<>();
            CompletableFuture<Outcome> future =
                    ledger.applyAsync(Update.of("a").take(AVAILABLE, "1.00").build(), tasks::add);
            // What depends on it is there before it runs, so it runs where it completes.
            CompletableFuture<String> completedOn =
                    future.thenApply(outcome -> Thread.currentThread().getName());
            executor.execute(tasks.remove());

            assertThat(Crowd.get(completedOn)).isEqualTo("given");
            Applied applied = Crowd.get(future).orThrow();
            assertThat(ledger.apply(Update.of("a").take(AVAILABLE, "1.00").build()))
                    .isEqualTo(new Applied(applied.receipt(), true));
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void nothingIsSentBeforeTheExecutorRuns() throws Exception {
        openAccount();
        Queue<Runnable> queue = new ArrayDeque<>();
        CompletableFuture<Outcome> future =
                ledger.applyAsync(Update.of("later").take(AVAILABLE, "1.00").build(), queue::add);
        assertThat(future).isNotDone();
        assertThat(ledger.find("later")).isEmpty();

        queue.remove().run();

        Crowd.get(future).orThrow();
        assertThat(available()).isEqualTo("999.00");
    }

    @Test
    void whatIsCancelledBeforeItRunsIsNotSent() {
        openAccount();
        Queue<Runnable> queue = new ArrayDeque<>();
        CompletableFuture<Outcome> future =
                ledger.applyAsync(Update.of("never").take(AVAILABLE, "1.00").build(), queue::add);
        future.cancel(true);
        queue.remove().run();

        assertThat(ledger.find("never")).isEmpty();
        assertThat(available()).isEqualTo("1000.00");
    }

    @Test
    void anExecutorThatRefusesMeansNotApplied() {
        openAccount();
        CompletableFuture<Outcome> future =
                ledger.applyAsync(Update.of("full").take(AVAILABLE, "1.00").build(), task -> {
                    throw new RejectedExecutionException("full");
                });

        assertThatThrownBy(future::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(NotAppliedException.class)
                .extracting(e -> ((LedgerException) e).fate())
                .isEqualTo(Fate.NOT_APPLIED);
        assertThat(ledger.find("full")).isEmpty();
    }

    @Test
    void aClosedLedgerTakesNoCall() {
        openAccount();
        Ledger tenant = ledger.namespace("tenant-2");
        ledger.close();

        Update update = update().take(AVAILABLE, "1.00").build();
        for (Ledger closed : List.of(ledger, tenant)) {
            assertThatIllegalStateException().isThrownBy(() -> closed.apply(update));
            assertThatIllegalStateException().isThrownBy(() -> closed.applyEach(List.of(update)));
            assertThatIllegalStateException()
                    .isThrownBy(() -> closed.decide("k", "r", List.of(AVAILABLE), now -> now.decline("NO", "")));
            assertThatIllegalStateException().isThrownBy(() -> closed.read(ACCOUNT));
            assertThatIllegalStateException().isThrownBy(() -> closed.find("k"));
            assertThatIllegalStateException().isThrownBy(() -> closed.namespace("tenant-3"));
            assertThatIllegalStateException().isThrownBy(() -> closed.history(AVAILABLE, PageRequest.first(1)));
            assertThatIllegalStateException().isThrownBy(() -> closed.accounts(KIND, "", PageRequest.first(1)));
            assertThatThrownBy(() -> closed.applyAsync(update, Runnable::run).join())
                    .satisfiesAnyOf(
                            e -> assertThat(e).isInstanceOf(IllegalStateException.class),
                            e -> assertThat(e).hasCauseInstanceOf(IllegalStateException.class));
        }
    }

    @Test
    void closingATenantClosesNothing() {
        openAccount();
        Ledger tenant = ledger.namespace("tenant-2");
        tenant.close();

        assertThat(available()).isEqualTo("1000.00");
        assertThat(tenant.read(ACCOUNT).cells()).isEmpty();
    }

    @Test
    void aLedgerMayBeClosedTwice() {
        ledger.close();
        ledger.close();
        assertThatIllegalStateException().isThrownBy(() -> ledger.read(ACCOUNT));
    }
}
