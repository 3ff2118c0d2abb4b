package dev.counterfoil.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.counterfoil.Applied;
import dev.counterfoil.DecideView;
import dev.counterfoil.Decision;
import dev.counterfoil.Entry;
import dev.counterfoil.Fate;
import dev.counterfoil.Key;
import dev.counterfoil.KeyReused;
import dev.counterfoil.Ledger;
import dev.counterfoil.NotAppliedException;
import dev.counterfoil.Outcome;
import dev.counterfoil.Proposal;
import dev.counterfoil.Reason;
import dev.counterfoil.Receipt;
import dev.counterfoil.Rejected;
import dev.counterfoil.Update;
import dev.counterfoil.Verification;
import dev.counterfoil.VerifyRequest;
import dev.counterfoil.spi.LedgerSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/** What stays of a decision whose details are pruned: that it was made. */
abstract class PruningContract extends ContractPart {
    /** The time-out of the ledger that prunes, which is the least age of what it prunes. */
    private static final Duration LEAST = Duration.ofMillis(800);

    private final AtomicReference<Instant> clock = new AtomicReference<>(Instant.parse("2026-03-01T10:00:00Z"));
    private boolean clockIsOurs;
    private @Nullable Ledger pruner;

    PruningContract(LedgerContract store) {
        super(store);
    }

    @BeforeEach
    void setTheClock() {
        try {
            ledger = openWithClock(clock::get);
            clockIsOurs = true;
        } catch (TestAbortedException e) {
            // Its clock is the database's: time passes by itself.
            clockIsOurs = false;
        }
        pruner = null;
    }

    /** A time behind all that was decided so far, and before all that comes. */
    private Instant now() {
        if (clockIsOurs) {
            return clock.updateAndGet(time -> time.plusSeconds(1));
        }
        Instant now = ledger.read(ACCOUNT).asOf().plusMillis(1);
        await(ledger, now);
        return now;
    }

    private static void await(Ledger ledger, Instant time) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Crowd.PATIENCE_SECONDS);
        while (ledger.read(ACCOUNT).asOf().isBefore(time)) {
            assertThat(System.nanoTime() - end)
                    .as("the store's clock stands still")
                    .isNegative();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    /** The ledger that prunes, when all before a time is old enough. */
    private Ledger prunerOf(Instant before) {
        if (clockIsOurs) {
            clock.set(before.plus(LedgerSettings.defaults().timeout()).plusSeconds(1));
            return ledger;
        }
        Ledger open = pruner;
        if (open == null) {
            open = openAgain(LedgerSettings.defaults().withTimeout(LEAST));
            pruner = open;
        }
        await(ledger, before.plus(LEAST));
        return open;
    }

    private long prune(Instant before) {
        return prunerOf(before).prune(before);
    }

    private static Receipt left(Receipt receipt) {
        return new Receipt(
                receipt.key(),
                receipt.recordedAt(),
                receipt.effectiveAt(),
                null,
                receipt.reference(),
                receipt.reverses(),
                List.of(),
                true);
    }

    private static Rejected.Pruned left(Decision refusal) {
        return new Rejected.Pruned(
                ((Rejected) refusal).reason(),
                new Rejected.Context(refusal.key(), refusal.recordedAt(), true, Rejected.NO_OPERATION, null, null));
    }

    @Test
    void whatIsPrunedIsAnsweredAsBeforeWithoutItsDetails() {
        openAccount();
        Update pay = Update.of(Key.of("client", "pay"))
                .take(AVAILABLE, "100.00")
                .append(USAGE, "{\"hours\":4}")
                .reference("invoice/1")
                .metadata("first try")
                .effectiveAt(Instant.parse("2026-02-28T23:59:59.123456Z"))
                .build();
        Receipt receipt = ledger.apply(pay).orThrow().receipt();
        Update checks = update().requireOpen(STATUS).build();
        Receipt checked = ledger.apply(checks).orThrow().receipt();
        Update tooMuch = update().take(AVAILABLE, "1000.00").build();
        Decision refused = (Decision) ledger.apply(tooMuch);
        Decision declined = (Decision) ledger.decide("no", "no", List.of(AVAILABLE), view -> view.decline("NO", "no"));
        Books before = books();

        assertThat(prune(now())).isEqualTo(5);

        applied(update().add(AVAILABLE, "5000.00"));
        applied(update().take(AVAILABLE, "5000.00"));
        assertThat(ledger.apply(pay)).isEqualTo(new Applied(left(receipt), true));
        assertThat(ledger.apply(checks)).isEqualTo(new Applied(left(checked), true));
        assertThat(ledger.apply(tooMuch)).isEqualTo(left(refused));
        assertThat(ledger.decide("no", "no", List.of(AVAILABLE), PruningContract::decidedBefore))
                .isEqualTo(left(declined));
        assertThat(ledger.find(pay.key())).contains(new Applied(left(receipt), true));
        assertThat(ledger.find(tooMuch.key())).contains(left(refused));
        Outcome reused =
                ledger.apply(Update.of(pay.key()).take(AVAILABLE, "1.00").build());
        assertThat(reused).isEqualTo(new KeyReused(new Applied(left(receipt), true)));
        assertThat(ledger.apply(Update.of(tooMuch.key()).take(AVAILABLE, "1.00").build()))
                .isEqualTo(new KeyReused(left(refused)));
        assertThat(ledger.decide(pay.key(), "pay", List.of(AVAILABLE), PruningContract::decidedBefore))
                .isInstanceOf(KeyReused.class);
        // In one group, with what is decided now, and twice.
        Update fresh = update().take(AVAILABLE, "1.00").build();
        List<Outcome> group = ledger.applyEach(List.of(pay, fresh, tooMuch, pay));
        assertThat(group.get(0)).isEqualTo(new Applied(left(receipt), true));
        assertThat(group.get(1)).isInstanceOf(Applied.class);
        assertThat(group.get(2)).isEqualTo(left(refused));
        assertThat(group.get(3)).isEqualTo(group.get(0));
        assertThat(available()).isEqualTo("899.00");
        assertThat(Books.history(ledger, AVAILABLE))
                .startsWith(before.entriesOf(AVAILABLE).toArray(Entry[]::new));
        assertThat(Books.history(ledger, USAGE)).isEqualTo(before.entriesOf(USAGE));
    }

    private static Proposal decidedBefore(DecideView view) {
        throw new AssertionError("a replay decides nothing");
    }

    @Test
    void whatAPrunedReceiptDoesNotSayItRefusesToSay() {
        openAccount();
        prune(now());

        Receipt pruned = ((Applied) ledger.find(OPENING).orElseThrow()).receipt();

        assertThat(pruned.pruned()).isTrue();
        assertThatThrownBy(() -> pruned.balance(AVAILABLE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("pruned");
        assertThatThrownBy(() -> pruned.register(STATUS)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> pruned.count(USAGE)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Update.reversalOf("back", pruned))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("pruned");
    }

    @Test
    void referencesStayTakenAndReversalsUnique() {
        openAccount();
        Receipt paid = applied(Update.of("pay").take(AVAILABLE, "100.00").reference("invoice/1"))
                .receipt();
        Receipt more = applied(Update.of("more").take(AVAILABLE, "10.00")).receipt();
        Receipt back = applied(Update.reversalOf("back", more)).receipt();
        prune(now());

        Rejected.ReferenceTaken taken = refused(
                Rejected.ReferenceTaken.class,
                Reason.REFERENCE_TAKEN,
                update().take(AVAILABLE, "1.00").reference("invoice/1"));
        assertThat(taken.decidedBy()).isEqualTo(Key.of("pay"));
        Rejected.NotReversible twice =
                refused(Rejected.NotReversible.class, Reason.ALREADY_REVERSED, Update.reversalOf("again", more));
        assertThat(twice.decidedBy()).isEqualTo(back.key());
        // A receipt of another ledger, or of this one before it was restored.
        refused(
                Rejected.NotReversible.class,
                Reason.NOT_FOUND,
                Update.reversalOf("elsewhere", at(paid, paid.recordedAt().plusNanos(1000))));

        applied(Update.reversalOf("undo", paid));
        refused(Rejected.NotReversible.class, Reason.ALREADY_REVERSED, Update.reversalOf("undo-2", paid));
        applied(Update.reversalOf("redo", back));
        assertThat(available()).isEqualTo("990.00");
        assertThat(ledger.apply(Update.reversalOf("back", more).build())).isEqualTo(new Applied(left(back), true));
    }

    private static Receipt at(Receipt receipt, Instant recordedAt) {
        return new Receipt(receipt.key(), recordedAt, null, null, null, null, receipt.entries());
    }

    @Test
    void onlyWhatIsOldEnoughInThisNamespaceIsPruned() {
        openAccount();
        Ledger other = ledger.namespace("other");
        Applied elsewhere = applied(other, Update.of(OPENING).open(AVAILABLE).open(STATUS, "ACTIVE"));
        applied(Update.of("old").take(AVAILABLE, "1.00"));
        now();
        Applied young = applied(Update.of("young").take(AVAILABLE, "1.00"));
        Instant before = young.receipt().recordedAt();

        assertThat(prune(before)).isEqualTo(2);
        assertThat(prune(before)).as("once more").isZero();

        assertThat(ledger.find("young")).contains(new Applied(young.receipt(), true));
        assertThat(other.find(OPENING)).contains(new Applied(elsewhere.receipt(), true));
        assertThat(prunerOf(before).namespace("other").prune(before)).isEqualTo(1);
        assertThat(other.find(OPENING)).contains(new Applied(left(elsewhere.receipt()), true));
    }

    @Test
    void theBooksAreSoundAfterwardsAndACellCanBeCorrected() {
        openAccount();
        applied(Update.of("old").take(AVAILABLE, "1.00").append(USAGE, "{}"));
        ledger.apply(Update.of("no").take(AVAILABLE, "5000.00").build());
        Instant before = now();
        assertThat(prune(before)).isEqualTo(3);

        Verification books = ledger.verify(VerifyRequest.all());
        assertThat(books.first()).isEmpty();
        assertThat(books.pruned()).isEqualTo(3);
        assertThat(ledger.verify(VerifyRequest.all().sinceLast()).first()).isEmpty();
        assertThat(ledger.acceptObserved(Key.of("correct"), AVAILABLE, "5.00", "counted"))
                .isInstanceOf(Applied.class);
    }

    @Test
    void whatMayStillBeInDoubtIsNotPruned() {
        Applied opened = openAccount();
        for (Instant tooLate : List.of(ledger.read(ACCOUNT).asOf().plusMillis(1), Instant.MAX)) {
            assertThatThrownBy(() -> ledger.prune(tooLate))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("PT10S");
        }
        assertThat(ledger.find(OPENING)).contains(new Applied(opened.receipt(), true));
        assertThat(ledger.prune(Instant.MIN)).isZero();
    }

    @Test
    void anInterruptStopsItAndIsSaid() {
        openAccount();
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> ledger.prune(Instant.EPOCH))
                    .isInstanceOfSatisfying(
                            NotAppliedException.class, e -> assertThat(e.fate()).isEqualTo(Fate.NOT_APPLIED))
                    .hasMessageContaining("after 0 decisions")
                    .hasMessageContaining("interrupted");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    /** More than two steps, keys of several scopes, and callers who send the keys again at the same time. */
    @Test
    void callersBesideItAreAnsweredAndPayNothingTwice() throws Exception {
        openAccount();
        List<Update> old = IntStream.range(0, 2500)
                .mapToObj(i -> Update.of(Key.of("s" + i % 3, "k" + i)).add(AVAILABLE, "1.00"))
                .map(Update.Builder::build)
                .toList();
        assertThat(ledger.applyEach(old)).allMatch(outcome -> outcome instanceof Applied a && !a.replayed());
        Instant before = now();
        Ledger pruning = prunerOf(before);
        AtomicBoolean done = new AtomicBoolean();

        List<Long> counts = Crowd.ask(5, i -> () -> {
            if (i == 4) {
                try {
                    return pruning.prune(before);
                } finally {
                    done.set(true);
                }
            }
            long sent = 0;
            do {
                int at = (int) ((sent * 617 + i * 600L) % old.size());
                Applied again = ledger.apply(old.get(at)).orThrow();
                assertThat(again.replayed()).isTrue();
                applied(ledger, Update.of("new-" + i + "-" + sent++).add(AVAILABLE, "1.00"));
            } while (!done.get());
            return sent;
        });

        assertThat(counts.get(4)).isEqualTo(2501);
        long fresh = counts.subList(0, 4).stream().mapToLong(Long::longValue).sum();
        assertThat(available()).isEqualByComparingTo(Long.toString(3500 + fresh));
        List<Outcome> again = new ArrayList<>(ledger.applyEach(old));
        assertThat(again)
                .allMatch(outcome -> outcome instanceof Applied a
                        && a.replayed()
                        && a.receipt().pruned());
        assertThat(available()).isEqualByComparingTo(Long.toString(3500 + fresh));
        books();
    }
}
