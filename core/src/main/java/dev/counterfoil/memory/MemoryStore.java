package dev.counterfoil.memory;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.Cell;
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
import dev.counterfoil.spi.GroupEvaluation.Changes;
import dev.counterfoil.spi.GroupEvaluation.Known;
import dev.counterfoil.spi.GroupEvaluation.Needs;
import dev.counterfoil.spi.LedgerStore;
import dev.counterfoil.spi.Reading;
import dev.counterfoil.spi.ReferenceId;
import dev.counterfoil.spi.Request;
import dev.counterfoil.spi.SkewWatch;
import dev.counterfoil.spi.StoreException;
import dev.counterfoil.spi.StoredCells;
import dev.counterfoil.spi.StoredDecision;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
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
 * The store in memory. A request takes the locks of its accounts in one global order, then the locks of its keys and
 * references (stripes, in order), and changes everything while it holds both. Requests of a group run one after the other:
 * nothing here is gained by one commit for many.
 */
final class MemoryStore implements LedgerStore {
    private static final int STRIPES = 1024;

    private final InstantSource clock;
    private final SkewWatch skewWatch = new SkewWatch();
    private final Map<Name, AccountSlot> accounts = new ConcurrentHashMap<>();
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
        try (Locks cells = Locks.take(locks(request.cells()), deadline)) {
            if (cells == null) {
                return new Answer.Parked(request.cells());
            }
            if (request instanceof Request.Posting posting) {
                return judge(posting, deadline);
            }
            Request.Deciding deciding = (Request.Deciding) request;
            Outcome replay =
                    evaluation(request, GroupEvaluation.needs(List.of(request))).replay(request);
            return replay != null
                    ? new Answer.Decided(replay)
                    : judge(deciding.resolve(load(request.cells()), deadline), deadline);
        }
    }

    private Answer judge(Request.Posting posting, Deadline deadline) throws InterruptedException {
        Needs needs = GroupEvaluation.needs(List.of(posting));
        try (Locks keys = Locks.take(locks(needs), deadline)) {
            if (keys == null) {
                return new Answer.Parked(posting.cells());
            }
            GroupEvaluation evaluation = evaluation(posting, needs);
            Answer answer = evaluation.judge(posting);
            Changes changes = evaluation.changes();
            write(changes);
            skewWatch.look(changes.skew());
            return answer;
        }
    }

    private GroupEvaluation evaluation(Request request, Needs needs) {
        Known known = new Known(
                present(needs.decisions(), decisions),
                present(needs.references(), references),
                present(needs.reversals(), reversals));
        return new GroupEvaluation(load(request.cells()), known);
    }

    private void write(Changes changes) {
        SortedSet<Name> openedNow = new TreeSet<>();
        for (GroupEvaluation.CellChange change : changes.cells()) {
            CellSlot known = find(change.address());
            if (known == null) {
                Name name = Name.of(change.address());
                slot(name).cells.put(change.address().name(), new CellSlot(change.after()));
                openedNow.add(name);
            } else {
                known.cell = change.after();
            }
        }
        if (!openedNow.isEmpty()) {
            // In one step, so that a list shows all accounts of an update or none.
            synchronized (opened) {
                opened.addAll(openedNow);
            }
        }
        for (GroupEvaluation.AddressedEntry entry : changes.entries()) {
            Objects.requireNonNull(find(entry.address())).entries.add(entry.entry());
        }
        for (StoredDecision decision : changes.decisions()) {
            if (decision.decision() instanceof Applied applied) {
                String namespace = decision.id().namespace();
                String reference = applied.receipt().reference();
                Key reverses = applied.receipt().reverses();
                if (reference != null) {
                    references.put(
                            new ReferenceId(namespace, reference), decision.id().key());
                }
                if (reverses != null) {
                    reversals.put(
                            new DecisionId(namespace, reverses), decision.id().key());
                }
            }
            decisions.put(decision.id(), decision);
        }
    }

    @Override
    public Candidate readCandidate(SortedSet<CellAddress> cells, DecisionId key, Deadline deadline)
            throws StoreException {
        return Objects.requireNonNull(
                locked(locks(cells), deadline, () -> new Candidate(load(cells), decisions.containsKey(key))));
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
                .flatMap(name -> Stream.ofNullable(accounts.get(name)))
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
        AccountSlot slot = accounts.get(Name.of(cell));
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
                throw new StoreException(
                        StoreException.Phase.ACQUIRE,
                        StoreException.Trouble.TRANSIENT,
                        "an account was in use for too long",
                        null);
            }
            return reading.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted(e);
        }
    }

    private static StoreException interrupted(InterruptedException e) {
        return new StoreException(
                StoreException.Phase.ACQUIRE,
                StoreException.Trouble.PERMANENT,
                "interrupted while waiting for a lock",
                e);
    }

    /** The locks of the cells' accounts; cells come in an order that keeps accounts together and sorted. */
    private List<ReentrantLock> locks(Collection<CellAddress> cells) {
        return cells.stream()
                .map(Name::of)
                .distinct()
                .map(name -> slot(name).lock)
                .toList();
    }

    private List<ReentrantLock> locks(Needs needs) {
        SortedSet<Integer> indexes = new TreeSet<>();
        needs.decisions().forEach(id -> indexes.add(stripe(id.hashCode())));
        needs.references().forEach(id -> indexes.add(stripe(id.hashCode())));
        return indexes.stream().map(i -> stripes[i]).toList();
    }

    private static int stripe(int hash) {
        return (hash ^ hash >>> 16) & (STRIPES - 1);
    }

    private AccountSlot slot(Name name) {
        return accounts.computeIfAbsent(name, unused -> new AccountSlot());
    }

    private @Nullable CellSlot find(CellAddress address) {
        AccountSlot slot = accounts.get(Name.of(address));
        return slot == null ? null : slot.cells.get(address.name());
    }

    private StoredCells load(Collection<CellAddress> addresses) {
        Map<CellAddress, Cell> found = new HashMap<>();
        for (CellAddress address : addresses) {
            CellSlot slot = find(address);
            if (slot != null) {
                found.put(address, slot.cell);
            }
        }
        return new StoredCells(found, now());
    }

    private static <K, V> Map<K, V> present(Collection<K> wanted, Map<K, V> from) {
        Map<K, V> found = new HashMap<>();
        for (K key : wanted) {
            V value = from.get(key);
            if (value != null) {
                found.put(key, value);
            }
        }
        return found;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
