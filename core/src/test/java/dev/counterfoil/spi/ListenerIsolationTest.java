package dev.counterfoil.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Ledger;
import dev.counterfoil.LedgerEvent;
import dev.counterfoil.LedgerGauges;
import dev.counterfoil.LedgerListener;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.memory.MemoryLedger;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a listener does is its own affair. */
@Timeout(30)
class ListenerIsolationTest {
    private static final BalanceId A = AccountId.of("retainer", "42").balance("a", Unit.of("SAR", 2));

    private static Update update(String key) {
        return Update.of(key).add(A, "1.00").build();
    }

    static List<Throwable> thrown() {
        return List.of(
                new IllegalStateException("listener"),
                new AssertionError("listener"),
                new OutOfMemoryError("listener"),
                new InterruptedException("listener"));
    }

    @ParameterizedTest
    @MethodSource("thrown")
    void whateverItThrowsTheOutcomeStands(Throwable thrown) {
        AtomicInteger events = new AtomicInteger();
        Ledger ledger = MemoryLedger.builder()
                .listener(event -> {
                    events.incrementAndGet();
                    throw ListenerIsolationTest.<RuntimeException>sneaky(thrown);
                })
                .build();

        ledger.apply(Update.of("open").open(A).build()).orThrow();
        assertThat(ledger.apply(update("1"))).isInstanceOf(Applied.class);
        assertThat(Thread.interrupted()).isEqualTo(thrown instanceof InterruptedException);
        assertThat(ledger.read(A.account()).balance(A)).isEqualByComparingTo("1.00");
        assertThat(events).hasValue(5);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> E sneaky(Throwable thrown) throws E {
        throw (E) thrown;
    }

    @Test
    void oneThatThrowsWhenItIsAttachedOrDetachedKeepsNobodyFromBuildingAndClosing() {
        LedgerListener broken = new LedgerListener() {
            @Override
            public void on(LedgerEvent event) {}

            @Override
            public void attached(LedgerGauges gauges) {
                throw new IllegalStateException("listener");
            }

            @Override
            public void detached(LedgerGauges gauges) {
                throw new IllegalStateException("listener");
            }
        };
        Ledger ledger = MemoryLedger.builder().listener(broken).build();
        ledger.apply(Update.of("open").open(A).build()).orThrow();
        ledger.close();
    }

    /**
     * The hazard: a listener that is told while its thread leads a group, holds a lock or is counted as inside stops all who wait
     * for that. Here the first caller's never comes back until the others were answered and the ledger was closed.
     */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void oneThatHangsHoldsUpNobodyButItsCaller(int groupsAtOnce) throws Exception {
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        AtomicReference<Thread> first = new AtomicReference<>();
        AtomicReference<LedgerGauges> gauges = new AtomicReference<>();
        LedgerListener listener = new LedgerListener() {
            @Override
            public void on(LedgerEvent event) {
                if (Thread.currentThread() == first.get()) {
                    hangs.countDown();
                    await(over);
                }
            }

            @Override
            public void attached(LedgerGauges added) {
                gauges.set(added);
            }
        };
        Ledger ledger = new StoreLedger(
                FakeStore.following().groupsAtOnce(groupsAtOnce),
                LedgerSettings.defaults().withListener(listener));
        CompletableFuture<Void> hanging = CompletableFuture.runAsync(() -> {
            first.set(Thread.currentThread());
            // More than go in one group, so that its caller leads several.
            List<Update> list = new ArrayList<>();
            for (int i = 0; i < 3000; i++) {
                list.add(update("list-" + i));
            }
            ledger.applyEach(list);
        });
        await(hangs);
        for (int i = 0; i < 10; i++) {
            ledger.apply(update("other-" + i)).orThrow();
        }
        assertThat(gauges.get().inFlight()).isZero();
        ledger.close();
        assertThat(hanging).isNotDone();

        over.countDown();
        hanging.get(20, TimeUnit.SECONDS);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void itMayCallTheLedgerAndCloseIt(int groupsAtOnce) {
        AtomicReference<Ledger> ledger = new AtomicReference<>();
        FakeStore store = FakeStore.following().groupsAtOnce(groupsAtOnce);
        LedgerListener listener = event -> {
            if (event instanceof LedgerEvent.Applied applied
                    && update("1").key().equals(applied.context().key())) {
                ledger.get().apply(update("2"));
                ledger.get().close();
            }
        };
        ledger.set(new StoreLedger(store, LedgerSettings.defaults().withListener(listener)));
        ledger.get().apply(update("1")).orThrow();

        assertThat(store.sent()).containsExactly(List.of("1"), List.of("2"));
        assertThat(store.closings()).isEqualTo(1);
    }
}
