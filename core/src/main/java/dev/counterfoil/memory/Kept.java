package dev.counterfoil.memory;

import dev.counterfoil.Applied;
import dev.counterfoil.Decision;
import dev.counterfoil.Entry;
import dev.counterfoil.Key;
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
sealed interface Kept permits Kept.Posted, Kept.Whole, Tombstone {
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
            return new Posted(update, recordedAt, judgement.entries());
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
     * An update that was applied: what it asked for and what it left, of which its fingerprint and its receipt are made again
     * when somebody asks, which hardly ever happens.
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
