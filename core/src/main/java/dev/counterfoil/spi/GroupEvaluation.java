package dev.counterfoil.spi;

import dev.counterfoil.Applied;
import dev.counterfoil.Cell;
import dev.counterfoil.CellId;
import dev.counterfoil.Decision;
import dev.counterfoil.Entry;
import dev.counterfoil.Key;
import dev.counterfoil.Outcome;
import dev.counterfoil.internal.ChangedCells;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
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
 * what is to be written; each by a {@link Judgement}. Pure: everything comes in through the constructor.
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

    /** What was loaded, with what the requests before have changed, and with what one request changes. */
    private final class View implements Judgement.View {
        private final ChangedCells changed;

        View(String namespace) {
            this.changed = new ChangedCells(id -> cells.get(CellAddress.of(namespace, id)));
        }

        @Override
        public @Nullable Cell get(int index, CellId id) {
            return changed.get(index, id);
        }

        @Override
        public void put(int index, Cell cell) {
            changed.put(index, cell);
        }

        @Override
        public @Nullable Cell before(CellAddress address) {
            return cells.get(address);
        }

        @Override
        public @Nullable StoredDecision decision(DecisionId id) {
            return decisions.get(id);
        }

        @Override
        public @Nullable Key reference(ReferenceId id) {
            return references.get(id);
        }

        @Override
        public @Nullable Key reversal(DecisionId reversed) {
            return reversals.get(reversed);
        }
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
        return stored == null ? null : Judgement.replay(stored, request.fingerprint());
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
        View view = new View(posting.namespace());
        Instant recordedAt = recordedAt(posting);
        Judgement judgement = Judgement.of(posting, recordedAt, view);
        Decision decision = judgement.kept();
        if (decision != null) {
            keep(
                    new StoredDecision(posting.id(), posting.fingerprint(), decision, judgement.balanced()),
                    // What a refused update had changed before it was refused is void.
                    decision instanceof Applied ? view.changed.all() : List.of(),
                    judgement.entries());
        }
        return judgement.answer();
    }

    private Instant recordedAt(Request.Posting posting) {
        Instant time = clock;
        for (CellAddress address : posting.cells()) {
            Cell cell = cells.get(address);
            time = cell == null || !cell.lastRecordedAt().isAfter(time) ? time : cell.lastRecordedAt();
        }
        Duration behind = time.equals(clock) ? Duration.ZERO : Duration.between(clock, time);
        if (behind.compareTo(skew) > 0) {
            skew = behind;
        }
        return time;
    }

    /** What is to be written. */
    public Changes changes() {
        List<CellChange> changes = new ArrayList<>(versionsBefore.size());
        versionsBefore.forEach((address, before) ->
                changes.add(new CellChange(address, before, Objects.requireNonNull(cells.get(address)))));
        changes.sort(Comparator.comparing(CellChange::address));
        return new Changes(changes, List.copyOf(newEntries), List.copyOf(newDecisions.values()), skew);
    }

    private void keep(StoredDecision decision, List<Cell> changed, List<Entry> entries) {
        String namespace = decision.id().namespace();
        for (Cell cell : changed) {
            CellAddress address = CellAddress.of(namespace, cell.id());
            Cell before = cells.put(address, cell);
            versionsBefore.putIfAbsent(address, before == null ? 0 : before.version());
        }
        for (Entry entry : entries) {
            newEntries.add(new AddressedEntry(CellAddress.of(namespace, entry.cell()), entry));
        }
        decisions.put(decision.id(), decision);
        newDecisions.put(decision.id(), decision);
        ReferenceId reference = decision.reference();
        if (reference != null) {
            references.put(reference, decision.id().key());
        }
        DecisionId reversed = decision.reversed();
        if (reversed != null) {
            reversals.put(reversed, decision.id().key());
        }
    }
}
