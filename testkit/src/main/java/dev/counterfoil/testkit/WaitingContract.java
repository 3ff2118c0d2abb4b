package dev.counterfoil.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.counterfoil.Applied;
import dev.counterfoil.BatchException;
import dev.counterfoil.Fate;
import dev.counterfoil.LedgerException;
import dev.counterfoil.Limits;
import dev.counterfoil.NotAppliedException;
import dev.counterfoil.Update;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Callers that wait for others: until the time-out, until they are interrupted, until the ledger is closed. */
abstract class WaitingContract extends ContractPart {
    private static final Duration SHORT = Duration.ofSeconds(2);

    WaitingContract(LedgerContract store) {
        super(store);
    }

    @Test
    void whoWaitsTooLongLearnsThatNothingWasApplied() throws Exception {
        ledger = openWithTimeout(SHORT);
        openAccount();
        Update take = Update.of("take").take(AVAILABLE, "1.00").build();
        try (Held held = new Held(ledger, AVAILABLE)) {
            long start = System.nanoTime();
            assertThatThrownBy(() -> ledger.apply(take))
                    .isInstanceOf(NotAppliedException.class)
                    .extracting(e -> ((LedgerException) e).fate())
                    .isEqualTo(Fate.NOT_APPLIED);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SHORT.multipliedBy(5));

            // The function takes longer than its call may take as well: its result is thrown away.
            passes(start, SHORT);
            assertThatThrownBy(held::letGo).isInstanceOf(NotAppliedException.class);
        }

        assertThat(ledger.find("take")).isEmpty();
        assertThat(ledger.find("held")).isEmpty();
        assertThat(available()).isEqualTo("1000.01");
        assertThat(ledger.apply(take).orThrow().replayed())
                .as("a fault is no decision")
                .isFalse();
        books();
    }

    /** A store may give up a little before the time is up. */
    static void passes(long start, Duration time) throws InterruptedException {
        while (System.nanoTime() - start < time.toNanos()) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    @Test
    void aListSaysWhatBecameOfEachAndCanBeSentAgain() throws Exception {
        ledger = openWithTimeout(SHORT);
        openAccount();
        applied(update().open(OTHER, "10.00", Limits.none()));
        List<Update> list = List.of(
                Update.of("a").take(OTHER, "1.00").build(),
                Update.of("b").take(AVAILABLE, "1.00").build(),
                Update.of("c").take(OTHER, "2.00").build());
        BatchException batch;
        try (Held held = new Held(ledger, AVAILABLE)) {
            long start = System.nanoTime();
            batch = catchThrowableOfType(BatchException.class, () -> ledger.applyEach(list));
            passes(start, SHORT);
            assertThatThrownBy(held::letGo).isInstanceOf(NotAppliedException.class);
        }

        assertThat(batch.fate()).isEqualTo(Fate.NOT_APPLIED);
        assertThat(batch.results()).hasSize(3);
        assertThat(batch.results().get(1).fault()).containsInstanceOf(NotAppliedException.class);
        for (int i = 0; i < list.size(); i++) {
            BatchException.Result result = batch.results().get(i);
            assertThat(result.outcome().isPresent()).isNotEqualTo(result.fault().isPresent());
            assertThat(ledger.find(list.get(i).key()).isPresent())
                    .as("update " + i)
                    .isEqualTo(result.outcome().isPresent());
        }
        var again = ledger.applyEach(list);
        for (int i = 0; i < list.size(); i++) {
            boolean decidedBefore = batch.results().get(i).outcome().isPresent();
            assertThat(again.get(i).orThrow().replayed()).isEqualTo(decidedBefore);
        }
        assertThat(ledger.read(OTHER.account()).balance(OTHER)).isEqualTo("7.00");
        books();
    }

    @Test
    void anInterruptedCallerStopsWaitingAndKeepsItsFlag() throws Exception {
        openAccount();
        AtomicReference<Thread> waiting = new AtomicReference<>();
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try (Held held = new Held(ledger, AVAILABLE)) {
            Future<Boolean> flag = threads.submit(() -> {
                waiting.set(Thread.currentThread());
                NotAppliedException fault = catchThrowableOfType(
                        NotAppliedException.class,
                        () -> ledger.apply(
                                Update.of("take").take(AVAILABLE, "1.00").build()));
                assertThat(fault).as("what an interrupted caller gets").isNotNull();
                assertThat(fault.fate()).isEqualTo(Fate.NOT_APPLIED);
                return Thread.currentThread().isInterrupted();
            });
            interruptWhereItWaits(waiting);

            assertThat(Crowd.get(flag)).as("the interrupt flag").isTrue();
            held.letGo().orThrow();
        } finally {
            threads.shutdownNow();
        }

        assertThat(ledger.find("take")).isEmpty();
        assertThat(available()).isEqualTo("1001.01");
        books();
    }

    // An interrupt that comes before the waiting must end it just so; this only makes the better case the usual one.
    static void interruptWhereItWaits(AtomicReference<Thread> waiting) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(500);
        while (System.nanoTime() < end) {
            Thread thread = waiting.get();
            if (thread != null
                    && (thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING)) {
                break;
            }
            Thread.onSpinWait();
        }
        Thread thread = waiting.get();
        Objects.requireNonNull(thread, "the thread that waits").interrupt();
    }

    @Test
    void anInterruptedCallerThatNeedNotWaitIsToldTheTruth() {
        openAccount();
        boolean applied;
        boolean flag;
        Thread.currentThread().interrupt();
        try {
            applied = ledger.apply(Update.of("take").take(AVAILABLE, "1.00").build()) instanceof Applied;
        } catch (NotAppliedException e) {
            applied = false;
        } finally {
            flag = Thread.interrupted();
        }

        assertThat(flag).as("the interrupt flag").isTrue();
        assertThat(available()).isEqualTo(applied ? "999.00" : "1000.00");
        assertThat(ledger.find("take").isPresent()).isEqualTo(applied);
        assertThat(ledger.apply(Update.of("take").take(AVAILABLE, "1.00").build())
                        .orThrow()
                        .replayed())
                .isEqualTo(applied);
    }

    @Test
    void callsUnderWayAreAnsweredWhenTheLedgerIsClosed() throws Exception {
        openAccount();
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try (Held held = new Held(ledger, AVAILABLE)) {
            Future<?> closing = threads.submit(ledger::close);
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Crowd.PATIENCE_SECONDS);
            while (isOpen() && System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            assertThat(isOpen()).isFalse();
            assertThat(closing).as("it waits for the call under way").isNotDone();

            assertThat(held.letGo()).isInstanceOf(Applied.class);
            Crowd.get(closing);
        } finally {
            threads.shutdownNow();
        }
    }

    private boolean isOpen() {
        try {
            // Asks nothing of the store, whose last connection the call under way may hold.
            ledger.namespace("anything");
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }
}
