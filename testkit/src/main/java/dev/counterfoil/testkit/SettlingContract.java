package dev.counterfoil.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.counterfoil.AccountId;
import dev.counterfoil.BalanceId;
import dev.counterfoil.CellId;
import dev.counterfoil.Entry;
import dev.counterfoil.Fate;
import dev.counterfoil.LedgerException;
import dev.counterfoil.Limits;
import dev.counterfoil.NotAppliedException;
import dev.counterfoil.NotSettledException;
import dev.counterfoil.Past;
import dev.counterfoil.Update;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The past beside updates that are under way: what was answered once is never otherwise. */
abstract class SettlingContract extends ContractPart {
    private static final int WRITERS = 4;
    private static final int ANSWERS = 30;
    private static final int CELLS = 4;

    SettlingContract(LedgerContract store) {
        super(store);
    }

    private static BalanceId drawer(int number) {
        return AccountId.of(KIND, "drawer-" + number).balance("cash", SAR);
    }

    private static final CellId[] DRAWERS =
            IntStream.range(0, CELLS).mapToObj(SettlingContract::drawer).toArray(CellId[]::new);

    @Test
    void anAnswerStaysTheSameWhileOthersWrite() throws Exception {
        Update.Builder open = update();
        for (int i = 0; i < CELLS; i++) {
            open.open(drawer(i), "100.00", Limits.none());
        }
        applied(open);
        Seed seed = Seed.of("settling");
        AtomicBoolean asking = new AtomicBoolean(true);
        List<Past> answers = new ArrayList<>();
        Crowd.ask(WRITERS + 1, thread -> () -> {
            if (thread == WRITERS) {
                try {
                    for (int i = 0; i < ANSWERS; i++) {
                        answers.add(latest(DRAWERS));
                    }
                } finally {
                    asking.set(false);
                }
                return null;
            }
            Seed own = seed.split(thread);
            for (int i = 0; asking.get(); i++) {
                int from = own.below(CELLS);
                int to = (from + 1 + own.below(CELLS - 1)) % CELLS;
                ledger.apply(Update.of(thread + "-" + i)
                                .transfer(drawer(from), drawer(to), "1.00")
                                .build())
                        .orThrow();
            }
            return null;
        });

        Books books = books();
        assertThat(books.total("cash")).isEqualByComparingTo("400");
        for (Past past : answers) {
            BigDecimal total = BigDecimal.ZERO;
            for (CellId cell : DRAWERS) {
                assertThat(past.find((BalanceId) cell))
                        .as("%s, answer for %s", seed, past.time())
                        .isEqualTo(PastContract.last(books.entriesOf(cell), past.time()));
                total = total.add(past.balance((BalanceId) cell));
            }
            assertThat(total).as("%s, total", seed).isEqualByComparingTo("400");
        }
    }

    /** The latest past that can be had. */
    private Past latest(CellId... cells) {
        NotSettledException refused = catchThrowableOfType(
                NotSettledException.class, () -> ledger.asOf(Instant.now().plus(Duration.ofHours(1)), cells));
        return ledger.asOf(refused.answerable(), cells);
    }

    @Test
    void anUpdateThatHasNotCommittedIsWaitedFor() throws Exception {
        openAccount();
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try (Held held = new Held(ledger, AVAILABLE)) {
            Instant time = Instant.now().truncatedTo(ChronoUnit.MICROS);
            Future<Past> asked = threads.submit(() -> ledger.asOf(time, AVAILABLE, USAGE));
            assertThatThrownBy(() -> asked.get(200, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            held.letGo().orThrow();

            List<Entry> entries = Books.history(ledger, AVAILABLE);
            assertThat(Crowd.get(asked).find(AVAILABLE)).isEqualTo(PastContract.last(entries, time));
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void whoHoldsACellForTooLongIsNotWaitedForLonger() throws Exception {
        Duration patience = Duration.ofSeconds(1);
        ledger = openWithTimeout(patience);
        openAccount();
        try (Held held = new Held(ledger, AVAILABLE)) {
            long start = System.nanoTime();
            assertThatThrownBy(() -> ledger.asOf(Instant.EPOCH, AVAILABLE))
                    .isInstanceOf(NotAppliedException.class)
                    .extracting(e -> ((LedgerException) e).fate())
                    .isEqualTo(Fate.NOT_APPLIED);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(patience.multipliedBy(5));

            WaitingContract.passes(start, patience);
            assertThatThrownBy(held::letGo).isInstanceOf(NotAppliedException.class);
        }
    }

    @Test
    void anInterruptedCallerStopsWaitingAndKeepsItsFlag() throws Exception {
        openAccount();
        AtomicReference<Thread> waiting = new AtomicReference<>();
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try (Held held = new Held(ledger, AVAILABLE)) {
            Future<Boolean> flag = threads.submit(() -> {
                waiting.set(Thread.currentThread());
                assertThatThrownBy(() -> ledger.asOf(Instant.EPOCH, AVAILABLE)).isInstanceOf(NotAppliedException.class);
                return Thread.currentThread().isInterrupted();
            });
            WaitingContract.interruptWhereItWaits(waiting);
            assertThat(Crowd.get(flag)).as("the interrupt flag").isTrue();
            held.letGo().orThrow();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aDecideFunctionMayNotAsk() {
        Instant time = openAccount().recordedAt();
        ledger.decide("d", "ask", List.of(AVAILABLE), now -> {
                    Closed.refuses(ledger, time);
                    return now.update().take(AVAILABLE, "1.00").build();
                })
                .orThrow();
    }
}
