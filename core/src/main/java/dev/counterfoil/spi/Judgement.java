package dev.counterfoil.spi;

import dev.counterfoil.Applied;
import dev.counterfoil.Cell;
import dev.counterfoil.Decision;
import dev.counterfoil.Entry;
import dev.counterfoil.Key;
import dev.counterfoil.KeyReused;
import dev.counterfoil.Operation;
import dev.counterfoil.Outcome;
import dev.counterfoil.Reason;
import dev.counterfoil.Receipt;
import dev.counterfoil.Rejected;
import dev.counterfoil.Update;
import dev.counterfoil.internal.Evaluator;
import dev.counterfoil.internal.Refusals;
import dev.counterfoil.internal.Reversals;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is said of one request, and what is to be written for it. Pure: everything comes from a {@link View}. Every store
 * comes here for each request, so they all decide alike.
 *
 * @param answer the answer
 * @param kept what is to be kept under the key, or null where nothing is; then nothing else changes either
 * @param balanced true where it is applied and its amounts sum to zero in each unit
 * @param entries the entries, in the order in which they came to be
 */
public record Judgement(Answer answer, @Nullable Decision kept, boolean balanced, List<Entry> entries) {

    /** The state of a store, behind the locks, as far as one request needs it; the cells change while it is judged. */
    public interface View extends WorkingCells {
        /** A cell of the request as it was before, or null where it was not there. */
        @Nullable
        Cell before(CellAddress address);

        /** The decision under a key of {@link GroupEvaluation#needs}, or null. */
        @Nullable
        StoredDecision decision(DecisionId id);

        /** The key that holds a reference, or null. */
        @Nullable
        Key reference(ReferenceId id);

        /** By the identity of a reversed update, the key that reversed it, or null. */
        @Nullable
        Key reversal(DecisionId reversed);
    }

    /** Judges a request whose key has no decision. */
    public static Judgement of(Request.Posting posting, Instant recordedAt, View view) {
        for (var expected : posting.versions().entrySet()) {
            Cell cell = view.before(expected.getKey());
            if ((cell == null ? 0 : cell.version()) != expected.getValue()) {
                return unchanged(new Answer.Stale());
            }
        }
        return posting.intent() instanceof Request.Intent.Apply apply
                ? of(posting.namespace(), apply.update(), recordedAt, view)
                : kept(Refusals.at(((Request.Intent.Refuse) posting.intent()).refusal(), recordedAt));
    }

    /** Judges an update whose key has no decision. */
    public static Judgement of(String namespace, Update update, Instant recordedAt, View view) {
        Rejected taken = taken(namespace, update, recordedAt, view);
        if (taken != null) {
            return refused(update, taken);
        }
        Evaluator.Result result = Evaluator.evaluate(update, view, recordedAt);
        if (result instanceof Evaluator.Result.Refused refused) {
            return refused(update, refused.refusal());
        }
        Evaluator.Result.Allowed allowed = (Evaluator.Result.Allowed) result;
        Applied applied = new Applied(allowed.receipt(), false);
        return new Judgement(
                new Answer.Decided(applied), applied, isBalanced(namespace, update, view), allowed.entries());
    }

    /** The answer to a key that was decided before. */
    public static Outcome replay(StoredDecision stored, Fingerprint asked) {
        return stored.fingerprint().equals(asked)
                ? Refusals.replayed(stored.decision())
                : new KeyReused(Refusals.replayed(stored.decision()));
    }

    private static @Nullable Rejected taken(String namespace, Update update, Instant recordedAt, View view) {
        Key reverses = update.reverses();
        if (reverses != null) {
            DecisionId reversed = new DecisionId(namespace, reverses);
            Key reversal = view.reversal(reversed);
            if (reversal != null) {
                return new Rejected.NotReversible(
                        Reason.ALREADY_REVERSED, context(update, recordedAt, reversal), reverses);
            }
            StoredDecision stored = view.decision(reversed);
            if (stored == null
                    || !(stored.decision() instanceof Applied applied)
                    || !opposes(update, applied.receipt())) {
                return new Rejected.NotReversible(Reason.NOT_FOUND, context(update, recordedAt, null), reverses);
            }
        }
        String reference = update.reference();
        Key holder = reference == null ? null : view.reference(new ReferenceId(namespace, reference));
        return reference == null || holder == null
                ? null
                : new Rejected.ReferenceTaken(context(update, recordedAt, holder), reference);
    }

    /** True where the update moves back what the kept receipt says: the receipt that was handed in may come from elsewhere. */
    private static boolean opposes(Update update, Receipt receipt) {
        if (receipt.pruned()) {
            // The amounts are gone; two updates of one key, in two ledgers, are hardly of one microsecond.
            return receipt.recordedAt().equals(update.reversedAt());
        }
        List<Operation> moves = update.operations().stream()
                .filter(Operation.Increment.class::isInstance)
                .toList();
        return moves.equals(Reversals.of(receipt));
    }

    /** The opposite of what sums to zero does so too. */
    private static boolean isBalanced(String namespace, Update update, View view) {
        Key reverses = update.reverses();
        StoredDecision reversed = reverses == null ? null : view.decision(new DecisionId(namespace, reverses));
        return update.balanced() || (reversed != null && reversed.balanced());
    }

    private static Rejected.Context context(Update update, Instant recordedAt, @Nullable Key decidedBy) {
        return new Rejected.Context(update.key(), recordedAt, false, Rejected.NO_OPERATION, null, decidedBy);
    }

    private static Judgement refused(Update update, Rejected refusal) {
        return update.retryable() || refusal.reason() == Reason.VERSION_DIFFERS
                ? unchanged(new Answer.Decided(refusal))
                : kept(refusal);
    }

    private static Judgement kept(Rejected refusal) {
        return new Judgement(new Answer.Decided(refusal), refusal, false, List.of());
    }

    private static Judgement unchanged(Answer answer) {
        return new Judgement(answer, null, false, List.of());
    }
}
