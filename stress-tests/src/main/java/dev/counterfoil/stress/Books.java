package dev.counterfoil.stress;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.Cell;
import dev.counterfoil.Entry;
import dev.counterfoil.Key;
import dev.counterfoil.Receipt;
import dev.counterfoil.TrialBalance;
import dev.counterfoil.spi.Answer;
import dev.counterfoil.spi.AuditStore;
import dev.counterfoil.spi.CellAddress;
import dev.counterfoil.spi.Deadline;
import dev.counterfoil.spi.DecisionId;
import dev.counterfoil.spi.GroupEvaluation;
import dev.counterfoil.spi.GroupEvaluation.Changes;
import dev.counterfoil.spi.GroupEvaluation.Known;
import dev.counterfoil.spi.GroupEvaluation.Needs;
import dev.counterfoil.spi.LedgerStore;
import dev.counterfoil.spi.PruneStep;
import dev.counterfoil.spi.Reading;
import dev.counterfoil.spi.ReferenceId;
import dev.counterfoil.spi.Request;
import dev.counterfoil.spi.StoreException;
import dev.counterfoil.spi.StoredCells;
import dev.counterfoil.spi.StoredDecision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * The smallest store that a ledger runs on: maps, and one lock around each group. It gains from sharing commits, so the ledger
 * on it queues its callers. Made with a lock that does not lock, it reads and then writes, as a careless store would.
 */
public class Books implements LedgerStore {
    private final Lock lock;
    private final Map<CellAddress, Cell> cells = new ConcurrentHashMap<>();
    private final Map<CellAddress, List<Entry>> entries = new ConcurrentHashMap<>();
    private final Map<DecisionId, StoredDecision> decisions = new ConcurrentHashMap<>();
    private final Map<ReferenceId, Key> references = new ConcurrentHashMap<>();
    private final Map<DecisionId, Key> reversals = new ConcurrentHashMap<>();

    /** Empty books. */
    public Books(Lock lock) {
        this.lock = lock;
    }

    @Override
    public int groupsAtOnce() {
        return 1;
    }

    @Override
    public List<Answer> submit(List<Request> group, Deadline deadline) throws StoreException {
        lock.lock();
        try {
            if (Thread.currentThread().isInterrupted()) {
                throw new StoreException(
                        StoreException.Phase.ACQUIRE, StoreException.Trouble.PERMANENT, "interrupted", null);
            }
            List<Answer> answers = new ArrayList<>();
            for (Request request : group) {
                answers.add(decide(request, deadline));
            }
            return answers;
        } finally {
            lock.unlock();
        }
    }

    private Answer decide(Request request, Deadline deadline) throws StoreException {
        if (request instanceof Request.Posting posting) {
            return judge(posting);
        }
        Request.Deciding deciding = (Request.Deciding) request;
        var replay = evaluation(request).replay(request);
        return replay == null ? judge(deciding.resolve(load(request.cells()), deadline)) : new Answer.Decided(replay);
    }

    private Answer judge(Request.Posting posting) {
        GroupEvaluation evaluation = evaluation(posting);
        Answer answer = evaluation.judge(posting);
        write(evaluation.changes());
        return answer;
    }

    private GroupEvaluation evaluation(Request request) {
        Needs needs = GroupEvaluation.needs(List.of(request));
        Known known = new Known(
                present(needs.decisions(), decisions),
                present(needs.references(), references),
                present(needs.reversals(), reversals));
        return new GroupEvaluation(load(request.cells()), known);
    }

    private void write(Changes changes) {
        changes.cells().forEach(change -> cells.put(change.address(), change.after()));
        changes.entries()
                .forEach(each -> entries.computeIfAbsent(each.address(), address -> new ArrayList<>())
                        .add(each.entry()));
        for (StoredDecision decision : changes.decisions()) {
            if (decision.decision() instanceof Applied applied) {
                keep(decision.id(), applied.receipt());
            }
            decisions.put(decision.id(), decision);
        }
    }

    private void keep(DecisionId id, Receipt receipt) {
        if (receipt.reference() != null) {
            references.put(new ReferenceId(id.namespace(), receipt.reference()), id.key());
        }
        if (receipt.reverses() != null) {
            reversals.put(new DecisionId(id.namespace(), receipt.reverses()), id.key());
        }
    }

    private StoredCells load(Collection<CellAddress> addresses) {
        return new StoredCells(present(addresses, cells), Instant.EPOCH);
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

    /** True where the key has a decision. */
    public final boolean isDecided(Key key) {
        return decisions.containsKey(new DecisionId("", key));
    }

    @Override
    public Candidate readCandidate(SortedSet<CellAddress> wanted, DecisionId key, Deadline deadline) {
        lock.lock();
        try {
            return new Candidate(load(wanted), decisions.containsKey(key));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Reading<List<Cell>> readAccounts(String namespace, List<AccountId> accounts, Deadline deadline) {
        lock.lock();
        try {
            List<Cell> found = new TreeMap<>(cells)
                    .entrySet().stream()
                            .filter(each -> each.getKey().namespace().equals(namespace)
                                    && accounts.contains(each.getKey().account()))
                            .map(Map.Entry::getValue)
                            .toList();
            return new Reading<>(found, Instant.EPOCH);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Reading<Optional<CellHistory>> readHistory(CellAddress cell, long after, int limit, Deadline deadline) {
        lock.lock();
        try {
            Cell found = cells.get(cell);
            List<Entry> page = entries.getOrDefault(cell, List.of()).stream()
                    .skip(after)
                    .limit(limit)
                    .toList();
            return new Reading<>(
                    found == null ? Optional.empty() : Optional.of(new CellHistory(found, page)), Instant.EPOCH);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Reading<List<AccountId>> listAccounts(
            String namespace, String kind, String idPrefix, @Nullable String after, int limit, Deadline deadline) {
        throw new UnsupportedOperationException("no race here asks for a list of accounts");
    }

    @Override
    public StoredCells settle(SortedSet<CellAddress> cells, Deadline deadline) {
        throw new UnsupportedOperationException("no race here asks for the past");
    }

    @Override
    public Reading<List<TrialBalance.Line>> sumBalances(
            String namespace, @Nullable String kind, String idPrefix, Deadline deadline) {
        throw new UnsupportedOperationException("no race here asks for a trial balance");
    }

    @Override
    public PruneStep.Done prune(PruneStep step, Deadline deadline) {
        throw new UnsupportedOperationException("no race here prunes");
    }

    @Override
    public AuditStore audit() {
        throw new UnsupportedOperationException("no race here verifies");
    }

    @Override
    public Optional<StoredDecision> findDecision(DecisionId id, Deadline deadline) {
        return Optional.ofNullable(decisions.get(id));
    }

    @Override
    public void close() {
        // Nothing is held but memory.
    }
}
