package dev.counterfoil.stress.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.Ledger;
import dev.counterfoil.memory.MemoryLedger;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A clock that jumps, forward and back, turns no recorded time of a cell back, and changes no answer. */
class JumpingClockTest {
    private static final long DAY_MILLIS = 86_400_000;

    @TempDir
    Path directory;

    @Test
    void theMemoryStoreKeepsItsPromisesWhateverTheClockSays() throws Exception {
        long seed = Long.getLong("counterfoil.stress.seed", System.nanoTime());
        System.out.println("the clock jumps as -Dcounterfoil.stress.seed=" + seed + " says");
        AtomicLong looks = new AtomicLong(seed);
        AtomicLong before = new AtomicLong();
        AtomicLong back = new AtomicLong();
        InstantSource jumping = () -> {
            long now = System.currentTimeMillis()
                    + new SplittableRandom(looks.incrementAndGet()).nextLong(-DAY_MILLIS, DAY_MILLIS);
            if (before.getAndSet(now) > now) {
                back.incrementAndGet();
            }
            return Instant.ofEpochMilli(now);
        };
        try (Ledger ledger = MemoryLedger.builder().clock(jumping).build()) {
            CheckedRun run = CheckedRun.of("memory", ledger, directory, 6, 6_000);
            assertThat(run.findings()).isEmpty();
            run.assertThatItMetEverything();
        }
        assertThat(back.get()).as("jumps back").isGreaterThan(100);
    }
}
