package dev.counterfoil.memory;

import dev.counterfoil.AccountId;
import dev.counterfoil.Cell;
import dev.counterfoil.Entry;
import dev.counterfoil.Key;
import dev.counterfoil.Outcome;
import dev.counterfoil.internal.Texts;
import dev.counterfoil.memory.AccountSlot.CellSlot;
import dev.counterfoil.memory.AccountSlot.Name;
import dev.counterfoil.spi.Answer;
import dev.counterfoil.spi.CellAddress;
import dev.counterfoil.spi.Deadline;
import dev.counterfoil.spi.DecisionId;
import dev.counterfoil.spi.GroupEvaluation;
import dev.counterfoil.spi.GroupEvaluation.Needs;
import dev.counterfoil.spi.Judgement;
import dev.counterfoil.spi.LedgerStore;
import dev.counterfoil.spi.Reading;
import dev.counterfoil.spi.ReferenceId;
import dev.counterfoil.spi.Request;
import dev.counterfoil.spi.SkewWatch;
import dev.counterfoil.spi.StoreException;
import dev.counterfoil.spi.StoredDecision;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The store in memory. A request takes the locks of its accounts in one global order, then the locks of what else it claims
 * (stripes, in order), and changes everything while it holds both; a key belongs to the decision that is kept first. Requests
 * of a group run one after the other: nothing here is gained by one commit for many.
 */
final class MemoryStore implements LedgerStore {
    private static final int STRIPES = 1024;

    private final InstantSource clock;
    private final SkewWatch skewWatch = new SkewWatch();
    private final AccountSlots accounts = new AccountSlots();
    private final NavigableSet<Name> opened = new TreeSet<>();
    private final Map<DecisionId, StoredDecision> decisions = new ConcurrentHashMap<>();
    private final Map<ReferenceId, Key> references = new ConcurrentHashMap<>();
    private final Map<DecisionId, Key> reversals = new ConcurrentHashMap<>();
    private final ReentrantLock[] stripes = new ReentrantLock[STRIPES];

    MemoryStore(InstantSource clock) {
        this.clock = clock;
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new ReentrantLock();
        }
    }

    @Override
    public List<Answer> submit(List<Request> group, Deadline deadline) throws StoreException {
        List<Answer> answers = new ArrayList<>(group.size());
        for (Request request : group) {
            try {
                answers.add(decide(request, deadline));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                if (answers.isEmpty()) {
                    throw interrupted(e);
                }
                // Those before are decided and must be answered; the rest can be sent again.
                while (answers.size() < group.size()) {
                    answers.add(new Answer.Parked(request.cells()));
                }
                return answers;
            }
        }
        return answers;
    }

    private Answer decide(Request request, Deadline deadline) throws InterruptedException, StoreException {
        try (HeldCells cells = HeldCells.take(request.cells(), accounts, deadline)) {
            if (cells == null) {
                return new Answer.Parked(request.cells());
            }
            if (request instanceof Request.Posting posting) {
                return judge(posting, cells, deadline);
            }
            Request.Deciding deciding = (Request.Deciding) request;
            Outcome replay = Judgement.replay(request, new View(cells, now()));
            return replay != null
                    ? new Answer.Decided(replay)
                    : judge(deciding.resolve(cells.stored(now()), deadline), cells, deadline);
        }
    }

    private Answer judge(Request.Posting posting, HeldCells cells, Deadline deadline) throws InterruptedException {
        if (!claims(posting)) {
            return judge(posting, cells);
        }
        try (Locks claims = Locks.take(locks(GroupEvaluation.needs(List.of(posting))), deadline)) {
            return claims == null ? new Answer.Parked(posting.cells()) : judge(posting, cells);
        }
    }

    private static boolean claims(Request.Posting posting) {
        return posting.intent() instanceof Request.Intent.Apply apply
                && (apply.update().reference() != null || apply.update().reverses() != null);
    }

    private Answer judge(Request.Posting posting, HeldCells cells) {
        while (true) {
            Judgement judgement = Judgement.of(posting, new View(cells, now()));
            skewWatch.look(judgement.skew());
            StoredDecision decision = judgement.decision();
            // Whoever keeps his decision first has the key: the other one finds it when he looks again.
            if (decision == null || keep(judgement, decision, cells)) {
                return judgement.answer();
            }
        }
    }

    /** The state of this store, behind the locks of a request. */
    private final class View implements Judgement.View {
        private final HeldCells cells;
        private final Instant clock;

        View(HeldCells cells, Instant clock) {
            this.cells = cells;
            this.clock = clock;
        }

        @Override
        public Instant clock() {
            return clock;
        }

        @Override
        public @Nullable Cell cell(CellAddress address) {
            return cells.cell(address);
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
     * Keeps a decision and all that it changes, unless the key has one. The decision can be found a moment before the rest is
     * there; but who looks for that waits for the locks that are held here.
     */
    private boolean keep(Judgement judgement, StoredDecision decision, HeldCells cells) {
        if (!(opens(judgement, cells) ? keepAndList(judgement, decision) : isKept(decision))) {
            return false;
        }
        for (Cell cell : judgement.cells()) {
            cells.put(cell);
        }
        for (Entry entry : judgement.entries()) {
            cells.add(entry);
        }
        ReferenceId reference = decision.reference();
        if (reference != null) {
            references.put(reference, decision.id().key());
        }
        DecisionId reversed = decision.reversed();
        if (reversed != null) {
            reversals.put(reversed, decision.id().key());
        }
        return true;
    }

    /** False where the key has a decision, which stays. */
    private boolean isKept(StoredDecision decision) {
        return decisions.putIfAbsent(decision.id(), decision) == null;
    }

    private static boolean opens(Judgement judgement, HeldCells cells) {
        for (Cell cell : judgement.cells()) {
            if (cells.lacks(cell)) {
                return true;
            }
        }
        return false;
    }

    /** In one step, so that a list shows all accounts of an update or none, and those of a decision that can be found. */
    private boolean keepAndList(Judgement judgement, StoredDecision decision) {
        synchronized (opened) {
            boolean kept = isKept(decision);
            if (kept) {
                String namespace = decision.id().namespace();
                judgement
                        .cells()
                        .forEach(cell -> opened.add(Name.of(namespace, cell.id().account())));
            }
            return kept;
        }
    }

    @Override
    public Candidate readCandidate(SortedSet<CellAddress> cells, DecisionId key, Deadline deadline)
            throws StoreException {
        try (HeldCells held = HeldCells.take(cells, accounts, deadline)) {
            if (held == null) {
                throw late();
            }
            return new Candidate(held.stored(now()), decisions.containsKey(key));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted(e);
        }
    }

    @Override
    public Reading<List<Cell>> readAccounts(String namespace, List<AccountId> wanted, Deadline deadline)
            throws StoreException {
        List<Name> names = wanted.stream()
                .map(account -> Name.of(namespace, account))
                .sorted()
                .toList();
        while (true) {
            List<AccountSlot> slots = present(names);
            Reading<List<Cell>> found = locked(
                    slots.stream().map(slot -> slot.lock).toList(),
                    deadline,
                    // An account that came meanwhile may belong to an update that is seen in another: look again.
                    () -> present(names).size() == slots.size() ? new Reading<>(cells(slots), now()) : null);
            if (found != null) {
                return found;
            }
        }
    }

    private List<AccountSlot> present(List<Name> names) {
        return names.stream()
                .flatMap(name -> Stream.ofNullable(accounts.find(name)))
                .toList();
    }

    private static List<Cell> cells(List<AccountSlot> slots) {
        return slots.stream()
                .flatMap(slot -> slot.cells.values().stream())
                .map(slot -> slot.cell)
                .toList();
    }

    @Override
    public Reading<Optional<CellHistory>> readHistory(CellAddress cell, long after, int limit, Deadline deadline)
            throws StoreException {
        AccountSlot slot = accounts.find(Name.of(cell.namespace(), cell.account()));
        if (slot == null) {
            return new Reading<>(Optional.empty(), now());
        }
        return Objects.requireNonNull(locked(List.of(slot.lock), deadline, () -> {
            CellSlot found = slot.cells.get(cell.name());
            if (found == null) {
                return new Reading<>(Optional.empty(), now());
            }
            int size = found.entries.size();
            int from = (int) Math.min(size, after);
            int to = Math.min(size, from + limit);
            // A copy: the list goes on when the lock is given back.
            CellHistory history = new CellHistory(found.cell, List.copyOf(found.entries.subList(from, to)));
            return new Reading<>(Optional.of(history), now());
        }));
    }

    @Override
    public Reading<List<AccountId>> listAccounts(
            String namespace, String kind, String idPrefix, @Nullable String after, int limit, Deadline deadline) {
        List<AccountId> found = new ArrayList<>();
        String from = after == null || Texts.compareBinary(after, idPrefix) < 0 ? idPrefix : after;
        synchronized (opened) {
            for (Name name : opened.tailSet(new Name(namespace, kind, from))) {
                boolean within = name.namespace().equals(namespace)
                        && name.kind().equals(kind)
                        && name.id().startsWith(idPrefix);
                if (!within || found.size() == limit) {
                    break;
                }
                if (!name.id().equals(after)) {
                    found.add(name.account());
                }
            }
            return new Reading<>(found, now());
        }
    }

    @Override
    public Optional<StoredDecision> findDecision(DecisionId id, Deadline deadline) {
        return Optional.ofNullable(decisions.get(id));
    }

    @Override
    public boolean keepsHashes() {
        return false;
    }

    @Override
    public void close() {
        // Nothing is held but memory.
    }

    private <T> @Nullable T locked(Collection<ReentrantLock> inOrder, Deadline deadline, Supplier<@Nullable T> reading)
            throws StoreException {
        try (Locks locks = Locks.take(inOrder, deadline)) {
            if (locks == null) {
                throw late();
            }
            return reading.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted(e);
        }
    }

    private static StoreException late() {
        return new StoreException(
                StoreException.Phase.ACQUIRE,
                StoreException.Trouble.TRANSIENT,
                "an account was in use for too long",
                null);
    }

    private static StoreException interrupted(InterruptedException e) {
        return new StoreException(
                StoreException.Phase.ACQUIRE,
                StoreException.Trouble.PERMANENT,
                "interrupted while waiting for a lock",
                e);
    }

    /** The locks of what a request claims beside its cells: a reference, and what it reverses. */
    private List<ReentrantLock> locks(Needs needs) {
        SortedSet<Integer> indexes = new TreeSet<>();
        needs.references().forEach(id -> indexes.add(stripe(id.hashCode())));
        needs.reversals().forEach(id -> indexes.add(stripe(id.hashCode())));
        return indexes.stream().map(i -> stripes[i]).toList();
    }

    private static int stripe(int hash) {
        return (hash ^ hash >>> 16) & (STRIPES - 1);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
