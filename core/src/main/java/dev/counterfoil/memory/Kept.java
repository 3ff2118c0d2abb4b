package dev.counterfoil.memory;

import dev.counterfoil.Applied;
import dev.counterfoil.BalanceEntry;
import dev.counterfoil.Decision;
import dev.counterfoil.Entry;
import dev.counterfoil.Key;
import dev.counterfoil.Operation;
import dev.counterfoil.Update;
import dev.counterfoil.internal.Evaluator;
import dev.counterfoil.internal.Fingerprints;
import dev.counterfoil.spi.DecisionId;
import dev.counterfoil.spi.Judgement;
import dev.counterfoil.spi.StoredDecision;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is kept under a key. */
sealed interface Kept permits Kept.Moved, Kept.Posted, Kept.Whole, Tombstone {
    /** The key. */
    Key key();

    /** When it was decided. */
    Instant recordedAt();

    /** False where they are pruned. */
    default boolean hasDetails() {
        return true;
    }

    /** The decision as the port gives it. */
    StoredDecision decision(String namespace);

    /** What is kept of an update, or null where nothing is. */
    static @Nullable Kept of(String namespace, Update update, Judgement judgement, Instant recordedAt) {
        Decision decision = judgement.kept();
        if (decision instanceof Applied && update.reverses() == null) {
            List<Entry> entries = judgement.entries();
            return Moved.saysAllOf(update)
                    ? new Moved(entries, update.balanced())
                    : new Posted(update, recordedAt, entries);
        }
        return decision == null
                ? null
                : new Whole(new StoredDecision(
                        new DecisionId(namespace, update.key()),
                        Fingerprints.of(namespace, update),
                        decision,
                        judgement.balanced()));
    }

    /**
     * An update of nothing but increments that was applied. What it asked for is what its entries say, so it is not kept itself:
     * what stays for ever is copied again and again by the garbage collector, which takes more of the time than all the rest.
     *
     * @param entries what it left, one for each operation
     * @param balanced whether its amounts sum to zero in each unit
     */
    record Moved(List<Entry> entries, boolean balanced) implements Kept {
        static boolean saysAllOf(Update update) {
            for (Operation operation : update.operations()) {
                if (!(operation instanceof Operation.Increment)) {
                    return false;
                }
            }
            return update.reference() == null && update.metadata() == null && update.force() == null;
        }

        @Override
        public Key key() {
            return entries.get(0).key();
        }

        @Override
        public Instant recordedAt() {
            return entries.get(0).recordedAt();
        }

        @Override
        public StoredDecision decision(String namespace) {
            return new Posted(update(), recordedAt(), entries).decision(namespace);
        }

        private Update update() {
            Update.Builder update = Update.of(key());
            for (Entry entry : entries) {
                BalanceEntry moved = (BalanceEntry) entry;
                update.increment(moved.cell(), moved.delta());
            }
            Instant effectiveAt = entries.get(0).effectiveAt();
            if (effectiveAt != null) {
                update.effectiveAt(effectiveAt);
            }
            return balanced ? update.balanced().build() : update.build();
        }
    }

    /**
     * Any other update that was applied: what it asked for and what it left, of which its fingerprint and its receipt are made
     * again when somebody asks, which hardly ever happens.
     *
     * @param update the update; it reverses nothing
     * @param recordedAt when it was recorded
     * @param entries what it left
     */
    record Posted(Update update, Instant recordedAt, List<Entry> entries) implements Kept {
        @Override
        public Key key() {
            return update.key();
        }

        @Override
        public StoredDecision decision(String namespace) {
            return new StoredDecision(
                    new DecisionId(namespace, update.key()),
                    Fingerprints.of(namespace, update),
                    new Applied(Evaluator.receipt(update, entries, recordedAt), false),
                    update.balanced());
        }
    }

    /**
     * Any other decision.
     *
     * @param decision the decision
     */
    record Whole(StoredDecision decision) implements Kept {
        @Override
        public Key key() {
            return decision.id().key();
        }

        @Override
        public Instant recordedAt() {
            return decision.decision().recordedAt();
        }

        @Override
        public StoredDecision decision(String namespace) {
            return decision;
        }
    }
}
