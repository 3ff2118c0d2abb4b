package dev.counterfoil.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.AccountId;
import dev.counterfoil.Ledger;
import dev.counterfoil.RegisterId;
import dev.counterfoil.Update;
import java.lang.ref.WeakReference;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What is pruned in memory is given back: nothing holds it any more. */
class PrunedMemoryTest {
    private static final RegisterId STATUS = AccountId.of("order", "1").register("status");

    private final AtomicReference<Instant> clock = new AtomicReference<>(Instant.parse("2026-03-01T10:00:00Z"));
    private final Ledger ledger = MemoryLedger.builder().clock(clock::get).build();

    private WeakReference<Update> send(String key) {
        Update update = Update.of(key)
                .openIfAbsent(STATUS, "NEW")
                .metadata("m".repeat(60_000))
                .build();
        ledger.apply(update).orThrow();
        return new WeakReference<>(update);
    }

    @Test
    void anUpdateIsHeldUntilItsDetailsArePruned() {
        WeakReference<Update> update = send("u-1");
        System.gc();
        assertThat(update.get()).as("its metadata is still wanted").isNotNull();

        clock.set(clock.get().plusSeconds(60));
        assertThat(ledger.prune(clock.get().minusSeconds(10))).isEqualTo(1);

        for (int i = 0; i < 100 && update.get() != null; i++) {
            System.gc();
        }
        assertThat(update.get()).isNull();
        assertThat(ledger.apply(Update.of("u-1").openIfAbsent(STATUS, "NEW").build())
                        .orThrow()
                        .replayed())
                .isTrue();
    }
}
