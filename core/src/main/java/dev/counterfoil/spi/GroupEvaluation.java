package dev.counterfoil.spi;

import dev.counterfoil.Applied;
import dev.counterfoil.Cell;
import dev.counterfoil.CellId;
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
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Judges the requests of one transaction in order, in memory, each against the state that the one before left, and collects
 * what is to be written. Pure: everything comes in through the constructor. Every store calls this, so they all decide alike.
 * Not safe for use by several threads.
 */
public final class GroupEvaluation {
    private final Map<CellAddress, Cell> cells;
    private final Map<CellAddress, Long> versionsBefore = new HashMap<>();
    private final Map<DecisionId, StoredDecision> decisions;
    private final Map<ReferenceId, Key> references;
    private final Map<DecisionId, Key> reversals;
    private final Instant clock;
    private Duration skew = Duration.ZERO;

    private final List<AddressedEntry> newEntries = new ArrayList<>();
    private final TreeMap<DecisionId, StoredDecision> newDecisions = new TreeMap<>();

    /**
     * An evaluation.
     *
     * @param cells all cells of the group that are there, locked, and the store's clock as read behind the locks
     * @param known what was found of {@link #needs}, looked up behind the locks
     */
    public GroupEvaluation(StoredCells cells, Known known) {
        this.cells = new HashMap<>(cells.cells());
        this.decisions = new HashMap<>(known.decisions());
        this.references = new HashMap<>(known.references());
        this.reversals = new HashMap<>(known.reversals());
        this.clock = cells.asOf().truncatedTo(ChronoUnit.MICROS);
    }

    /**
     * What must be looked up to judge a group.
     *
     * @param decisions the keys of the group, and of what it reverses
     * @param references the references that it claims
     * @param reversals what it reverses
     */
    public record Needs(Set<DecisionId> decisions, Set<ReferenceId> references, Set<DecisionId> reversals) {}

    /**
     * What was found of it.
     *
     * @param decisions decisions by their identity
     * @param references the keys that hold references
     * @param reversals by the identity of the reversed update, the key that reversed it
     */
    public record Known(
            Map<DecisionId, StoredDecision> decisions,
            Map<ReferenceId, Key> references,
            Map<DecisionId, Key> reversals) {}

    /**
     * An entry with the identity of its cell.
     *
     * @param address the cell
     * @param entry the entry
     */
    public record AddressedEntry(CellAddress address, Entry entry) {}

    /**
     * A cell to write once.
     *
     * @param address the cell
     * @param versionBefore the version that the store has, 0 where it has none
     * @param after the cell as it is to be
     */
    public record CellChange(CellAddress address, long versionBefore, Cell after) {}

    /**
     * What a store writes.
     *
     * @param cells the changed cells, in the order of locking
     * @param entries the entries, in the order in which they came to be
     * @param decisions the new decisions, in the order of their keys
     * @param skew how far the clock lay behind the last recorded time of a cell; for {@link SkewWatch}
     */
    public record Changes(
            List<CellChange> cells, List<AddressedEntry> entries, List<StoredDecision> decisions, Duration skew) {
        /** True where there is nothing to write. */
        public boolean isEmpty() {
            return cells.isEmpty() && entries.isEmpty() && decisions.isEmpty();
        }
    }

    /** What must be looked up, behind the locks, before the group is judged. */
    public static Needs needs(List<? extends Request> group) {
        Needs needs = new Needs(new HashSet<>(), new HashSet<>(), new HashSet<>());
        for (Request request : group) {
            needs.decisions().add(request.id());
            if (request instanceof Request.Posting posting && posting.intent() instanceof Request.Intent.Apply apply) {
                String reference = apply.update().reference();
                Key reverses = apply.update().reverses();
                if (reference != null) {
                    needs.references().add(new ReferenceId(request.namespace(), reference));
                }
                if (reverses != null) {
                    DecisionId reversed = new DecisionId(request.namespace(), reverses);
                    needs.decisions().add(reversed);
                    needs.reversals().add(reversed);
                }
            }
        }
        return needs;
    }

    /** The answer to a key that was decided before, or null. */
    public @Nullable Outcome replay(Request request) {
        StoredDecision stored = decisions.get(request.id());
        if (stored == null) {
            return null;
        }
        return stored.fingerprint().equals(request.fingerprint())
                ? Refusals.replayed(stored.decision())
                : new KeyReused(Refusals.replayed(stored.decision()));
    }

    /** The cells as they stand now, changes of this group included. */
    public StoredCells cells() {
        return new StoredCells(cells, clock);
    }

    /** Judges the next request. */
    public Answer judge(Request.Posting posting) {
        Outcome replay = replay(posting);
        if (replay != null) {
            return new Answer.Decided(replay);
        }
        StoredCells now = cells();
        for (Map.Entry<CellAddress, Long> expected : posting.versions().entrySet()) {
            if (now.version(expected.getKey()) != expected.getValue()) {
                return new Answer.Stale();
            }
        }
        Instant recordedAt = recordedAt(posting);
        if (posting.intent() instanceof Request.Intent.Refuse refuse) {
            return new Answer.Decided(keep(posting, Refusals.at(refuse.refusal(), recordedAt)));
        }
        Update update = ((Request.Intent.Apply) posting.intent()).update();
        Rejected taken = taken(posting, update, recordedAt);
        if (taken != null) {
            return new Answer.Decided(refuse(posting, update, taken));
        }
        Evaluator.Result result =
                Evaluator.evaluate(update, id -> cells.get(CellAddress.of(posting.namespace(), id)), recordedAt);
        if (result instanceof Evaluator.Result.Refused refused) {
            return new Answer.Decided(refuse(posting, update, refused.refusal()));
        }
        return new Answer.Decided(apply(posting, update, (Evaluator.Result.Allowed) result));
    }

    /** What is to be written. */
    public Changes changes() {
        List<CellChange> changes = new ArrayList<>();
        new TreeMap<>(versionsBefore)
                .forEach((address, before) -> changes.add(new CellChange(address, before, cell(address))));
        return new Changes(changes, List.copyOf(newEntries), List.copyOf(newDecisions.values()), skew);
    }

    private Cell cell(CellAddress address) {
        return Objects.requireNonNull(cells.get(address));
    }

    private Instant recordedAt(Request.Posting posting) {
        Instant time = clock;
        for (CellAddress address : posting.cells()) {
            Cell cell = cells.get(address);
            if (cell != null && cell.lastRecordedAt().isAfter(time)) {
                time = cell.lastRecordedAt();
            }
        }
        Duration behind = Duration.between(clock, time);
        if (behind.compareTo(skew) > 0) {
            skew = behind;
        }
        return time;
    }

    private @Nullable Rejected taken(Request.Posting posting, Update update, Instant recordedAt) {
        Key reverses = update.reverses();
        if (reverses != null) {
            DecisionId reversed = new DecisionId(posting.namespace(), reverses);
            Key reversal = reversals.get(reversed);
            if (reversal != null) {
                return new Rejected.NotReversible(
                        Reason.ALREADY_REVERSED, context(posting, recordedAt, reversal), reverses);
            }
            StoredDecision stored = decisions.get(reversed);
            if (stored == null
                    || !(stored.decision() instanceof Applied applied)
                    || !opposes(update, applied.receipt())) {
                return new Rejected.NotReversible(Reason.NOT_FOUND, context(posting, recordedAt, null), reverses);
            }
        }
        String reference = update.reference();
        Key holder = reference == null ? null : references.get(new ReferenceId(posting.namespace(), reference));
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

    private static Rejected.Context context(Request.Posting posting, Instant recordedAt, @Nullable Key decidedBy) {
        return new Rejected.Context(posting.key(), recordedAt, false, Rejected.NO_OPERATION, null, decidedBy);
    }

    private Outcome refuse(Request.Posting posting, Update update, Rejected refusal) {
        boolean kept = !update.retryable() && refusal.reason() != Reason.VERSION_DIFFERS;
        return kept ? keep(posting, refusal) : refusal;
    }

    private Outcome keep(Request.Posting posting, Rejected refusal) {
        store(new StoredDecision(posting.id(), posting.fingerprint(), refusal, false));
        return refusal;
    }

    private Outcome apply(Request.Posting posting, Update update, Evaluator.Result.Allowed allowed) {
        for (Cell cell : allowed.cells()) {
            CellAddress address = address(posting, cell.id());
            Cell before = cells.put(address, cell);
            versionsBefore.putIfAbsent(address, before == null ? 0 : before.version());
        }
        for (Entry entry : allowed.entries()) {
            newEntries.add(new AddressedEntry(address(posting, entry.cell()), entry));
        }
        String reference = update.reference();
        if (reference != null) {
            references.put(new ReferenceId(posting.namespace(), reference), update.key());
        }
        Key reverses = update.reverses();
        if (reverses != null) {
            reversals.put(new DecisionId(posting.namespace(), reverses), update.key());
        }
        Applied applied = new Applied(allowed.receipt(), false);
        store(new StoredDecision(posting.id(), posting.fingerprint(), applied, balanced(posting, update)));
        return applied;
    }

    /** The opposite of what sums to zero does so too. */
    private boolean balanced(Request.Posting posting, Update update) {
        Key reverses = update.reverses();
        StoredDecision reversed =
                reverses == null ? null : decisions.get(new DecisionId(posting.namespace(), reverses));
        return update.balanced() || (reversed != null && reversed.balanced());
    }

    private void store(StoredDecision decision) {
        decisions.put(decision.id(), decision);
        newDecisions.put(decision.id(), decision);
    }

    private static CellAddress address(Request.Posting posting, CellId cell) {
        return CellAddress.of(posting.namespace(), cell);
    }
}
