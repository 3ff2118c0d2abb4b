package dev.counterfoil.spi;

import dev.counterfoil.Key;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which decisions a step of pruning looks at: some of a namespace, in an order of the store's own.
 *
 * @param namespace the namespace
 * @param recordedBefore what was recorded at this time or later keeps its details
 * @param age how far before the store's clock that must be; where it is not, nothing is pruned
 * @param after the key that the step before ended with, or null for the first step
 * @param limit about how many decisions to look at
 */
public record PruneStep(
        String namespace,
        Instant recordedBefore,
        Duration age,
        @Nullable Key after,
        int limit) {
    /** True where it is long enough ago. */
    public boolean allowedAt(Instant clock) {
        return !recordedBefore.isAfter(clock.minus(age));
    }

    /** The step that goes on behind a key. */
    PruneStep behind(Key last) {
        return new PruneStep(namespace, recordedBefore, age, last, limit);
    }

    /**
     * What became of a step.
     *
     * @param clock the store's clock
     * @param count how many decisions lost their details
     * @param last the key to go on behind, or null where there is nothing behind it
     */
    public record Done(Instant clock, long count, @Nullable Key last) {}
}
