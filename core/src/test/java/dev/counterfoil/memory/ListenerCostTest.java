package dev.counterfoil.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.AccountId;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Ledger;
import dev.counterfoil.Limits;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import java.lang.reflect.Method;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What it costs that somebody may listen: without a listener not a byte beyond what the store itself allocates. */
class ListenerCostTest {
    private static final int TRANSFERS = 20_000;

    /** What the compiler's choices make of the same code, by what it inlines; far below one event. */
    private static final long CHOICES = 72;

    private static final Unit SAR = Unit.of("SAR", 2);
    private static final BalanceId FROM = AccountId.of("account", "1").balance("cash", SAR);
    private static final BalanceId TO = AccountId.of("account", "2").balance("cash", SAR);
    private static final Update OPENING =
            Update.of("open").open(FROM, "1000000.00", Limits.none()).open(TO).build();

    @Test
    void nobodyPaysForAListenerThatIsNotThere() throws Exception {
        Cost store = Cost.NONE;
        Cost absent = Cost.NONE;
        Cost present = Cost.NONE;
        // The first rounds run code that is not compiled yet.
        for (int round = 0; round < 5; round++) {
            MemoryStore alone = new MemoryStore(InstantSource.system());
            store = store.least(perTransfer(update -> alone.applyNow("", update)));
            absent = absent.least(perTransfer(MemoryLedger.create()::apply));
            Ledger listened = MemoryLedger.builder().listener(event -> {}).build();
            present = present.least(perTransfer(listened::apply));
        }
        System.out.printf("a transfer in the store alone: %s%n", store);
        System.out.printf("in a ledger without a listener: %s%n", absent);
        System.out.printf("in a ledger with one that does nothing: %s%n", present);

        assertThat(absent.bytes()).isLessThanOrEqualTo(store.bytes() + CHOICES);
        assertThat(present.bytes()).isGreaterThan(absent.bytes() + CHOICES);
    }

    private static Cost perTransfer(Consumer<Update> ledger) throws Exception {
        ledger.accept(OPENING);
        Update[] updates = new Update[TRANSFERS];
        for (int i = 0; i < TRANSFERS; i++) {
            updates[i] =
                    Update.of("t" + (10_000_000 + i)).transfer(FROM, TO, "0.01").build();
        }
        long before = allocated();
        long began = System.nanoTime();
        for (Update update : updates) {
            ledger.accept(update);
        }
        long nanos = System.nanoTime() - began;
        return new Cost((allocated() - before) / TRANSFERS, nanos / TRANSFERS);
    }

    /** Of one transfer. */
    private record Cost(long bytes, long nanos) {
        private static final Cost NONE = new Cost(Long.MAX_VALUE, Long.MAX_VALUE);

        Cost least(Cost other) {
            return new Cost(Math.min(bytes, other.bytes), Math.min(nanos, other.nanos));
        }

        @Override
        public String toString() {
            return bytes + " bytes, " + nanos + " ns";
        }
    }

    /** By reflection, for the module reads nothing of java.management. */
    private static long allocated() throws Exception {
        Object bean = Class.forName("java.lang.management.ManagementFactory")
                .getMethod("getThreadMXBean")
                .invoke(null);
        Method bytes = Class.forName("com.sun.management.ThreadMXBean").getMethod("getCurrentThreadAllocatedBytes");
        return (long) bytes.invoke(bean);
    }
}
