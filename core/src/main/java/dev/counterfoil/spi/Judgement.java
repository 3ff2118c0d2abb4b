package dev.counterfoil.spi;

import dev.counterfoil.Applied;
import dev.counterfoil.Cell;
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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is said of one request, and what is to be written for it. Pure: everything comes from the {@link View}. Every store
 * comes here for each request, so they all decide alike.
 *
 * @param answer the answer
 * @param cells the changed cells, as they are to be
 * @param entries the entries, in the order in which they came to be
 * @param decision what is to be kept under the key, or null where nothing is; then nothing else changes either
 * @param skew how far the clock lies behind the last recorded time of a cell; for {@link SkewWatch}
 */
public record Judgement(
        Answer answer,
        List<Cell> cells,
        List<Entry> entries,
        @Nullable StoredDecision decision,
        Duration skew) {

    /** The state of a store, behind the locks, as far as a request needs it. */
    public interface View {
        /** The clock, in microseconds. */
        Instant clock();

        /** A cell of the request, or null where it is not there. */
        @Nullable
        Cell cell(CellAddress address);

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

    /** Judges a request. */
    public static Judgement of(Request.Posting posting, View view) {
        DecisionId id = posting.id();
        Outcome replay = replay(posting, view.decision(id));
        if (replay != null) {
            return unchanged(new Answer.Decided(replay), Duration.ZERO);
        }
        for (var expected : posting.versions().entrySet()) {
            Cell cell = view.cell(expected.getKey());
            if ((cell == null ? 0 : cell.version()) != expected.getValue()) {
                return unchanged(new Answer.Stale(), Duration.ZERO);
            }
        }
        Instant recordedAt = recordedAt(posting, view);
        Duration skew = recordedAt.equals(view.clock()) ? Duration.ZERO : Duration.between(view.clock(), recordedAt);
        if (posting.intent() instanceof Request.Intent.Refuse refuse) {
            return kept(id, posting, Refusals.at(refuse.refusal(), recordedAt), skew);
        }
        Update update = ((Request.Intent.Apply) posting.intent()).update();
        Rejected taken = taken(posting, update, recordedAt, view);
        if (taken != null) {
            return refused(id, posting, update, taken, skew);
        }
        Evaluator.Result result =
                Evaluator.evaluate(update, cell -> view.cell(CellAddress.of(posting.namespace(), cell)), recordedAt);
        if (result instanceof Evaluator.Result.Refused refused) {
            return refused(id, posting, update, refused.refusal(), skew);
        }
        Evaluator.Result.Allowed allowed = (Evaluator.Result.Allowed) result;
        Applied applied = new Applied(allowed.receipt(), false);
        StoredDecision decision =
                new StoredDecision(id, posting.fingerprint(), applied, balanced(posting, update, view));
        return new Judgement(new Answer.Decided(applied), allowed.cells(), allowed.entries(), decision, skew);
    }

    /** The answer to a key that was decided before, or null. */
    public static @Nullable Outcome replay(Request request, View view) {
        return replay(request, view.decision(request.id()));
    }

    private static @Nullable Outcome replay(Request request, @Nullable StoredDecision stored) {
        if (stored == null) {
            return null;
        }
        return stored.fingerprint().equals(request.fingerprint())
                ? Refusals.replayed(stored.decision())
                : new KeyReused(Refusals.replayed(stored.decision()));
    }

    private static Instant recordedAt(Request.Posting posting, View view) {
        Instant time = view.clock();
        for (CellAddress address : posting.cells()) {
            Cell cell = view.cell(address);
            if (cell != null && cell.lastRecordedAt().isAfter(time)) {
                time = cell.lastRecordedAt();
            }
        }
        return time;
    }

    private static @Nullable Rejected taken(Request.Posting posting, Update update, Instant recordedAt, View view) {
        Key reverses = update.reverses();
        if (reverses != null) {
            DecisionId reversed = new DecisionId(posting.namespace(), reverses);
            Key reversal = view.reversal(reversed);
            if (reversal != null) {
                return new Rejected.NotReversible(
                        Reason.ALREADY_REVERSED, context(posting, recordedAt, reversal), reverses);
            }
            StoredDecision stored = view.decision(reversed);
            if (stored == null
                    || !(stored.decision() instanceof Applied applied)
                    || !opposes(update, applied.receipt())) {
                return new Rejected.NotReversible(Reason.NOT_FOUND, context(posting, recordedAt, null), reverses);
            }
        }
        String reference = update.reference();
        Key holder = reference == null ? null : view.reference(new ReferenceId(posting.namespace(), reference));
        return reference == null || holder == null
                ? null
                : new Rejected.ReferenceTaken(context(posting, recordedAt, holder), reference);
    }

    /** True where the update moves back what the kept receipt says: the receipt that was handed in may come from elsewhere. */
    private static boolean opposes(Update update, Receipt receipt) {
        List<Operation> moves = update.operations().stream()
                .filter(Operation.Increment.class::isInstance)
                .toList();
        return moves.equals(Reversals.of(receipt));
    }

    /** The opposite of what sums to zero does so too. */
    private static boolean balanced(Request.Posting posting, Update update, View view) {
        Key reverses = update.reverses();
        StoredDecision reversed =
                reverses == null ? null : view.decision(new DecisionId(posting.namespace(), reverses));
        return update.balanced() || (reversed != null && reversed.balanced());
    }

    private static Rejected.Context context(Request.Posting posting, Instant recordedAt, @Nullable Key decidedBy) {
        return new Rejected.Context(posting.key(), recordedAt, false, Rejected.NO_OPERATION, null, decidedBy);
    }

    private static Judgement refused(
            DecisionId id, Request.Posting posting, Update update, Rejected refusal, Duration skew) {
        return update.retryable() || refusal.reason() == Reason.VERSION_DIFFERS
                ? unchanged(new Answer.Decided(refusal), skew)
                : kept(id, posting, refusal, skew);
    }

    private static Judgement kept(DecisionId id, Request.Posting posting, Rejected refusal, Duration skew) {
        StoredDecision decision = new StoredDecision(id, posting.fingerprint(), refusal, false);
        return new Judgement(new Answer.Decided(refusal), List.of(), List.of(), decision, skew);
    }

    private static Judgement unchanged(Answer answer, Duration skew) {
        return new Judgement(answer, List.of(), List.of(), null, skew);
    }
}
