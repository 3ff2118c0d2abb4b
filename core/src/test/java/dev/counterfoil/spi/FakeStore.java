package dev.counterfoil.spi;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.Cell;
import dev.counterfoil.Outcome;
import dev.counterfoil.Receipt;
import dev.counterfoil.TrialBalance;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A store that is empty and follows a script, one step per group that it is sent; behind the script it applies everything.
 * It keeps what it was sent and counts every call.
 */
public final class FakeStore implements LedgerStore {
    private final Queue<Step> script = new ConcurrentLinkedQueue<>();
    private final List<List<Request>> groups = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger closings = new AtomicInteger();
    private volatile Step afterwards = applies();
    private volatile int groupsAtOnce;
    private final Queue<PruneAnswer> pruning = new ConcurrentLinkedQueue<>();

    private FakeStore() {}

    /** What the store does with one group. */
    @FunctionalInterface
    public interface Step {
        /** Answers the group, or fails. */
        List<Answer> take(List<Request> group, Deadline deadline) throws StoreException;
    }

    /** A store that follows these steps. */
    public static FakeStore following(Step... steps) {
        FakeStore store = new FakeStore();
        store.script.addAll(List.of(steps));
        return store;
    }

    /** What the store does with one step of a pruning. */
    interface PruneAnswer {
        PruneStep.Done take(PruneStep step, Deadline deadline) throws StoreException;
    }

    /** Sets what it does with the next steps of a pruning. */
    FakeStore thenPrunes(PruneAnswer... answers) {
        pruning.addAll(List.of(answers));
        return this;
    }

    /** Adds a step to the script. */
    FakeStore thenNext(Step step) {
        script.add(step);
        return this;
    }

    /** Sets what it does behind the script. */
    public FakeStore thenAlways(Step step) {
        afterwards = step;
        return this;
    }

    /** Sets how many groups it wants at once; 0 before. */
    FakeStore groupsAtOnce(int groups) {
        groupsAtOnce = groups;
        return this;
    }

    @Override
    public int groupsAtOnce() {
        return groupsAtOnce;
    }

    static Step applies() {
        return (group, deadline) -> group.stream().map(FakeStore::applied).toList();
    }

    static Step answers(Answer... answers) {
        return (group, deadline) -> List.of(answers);
    }

    static Step fails(StoreException.Phase phase, StoreException.Trouble trouble) {
        return (group, deadline) -> {
            throw new StoreException(phase, trouble, "scripted " + trouble, null);
        };
    }

    static Step isTransient() {
        return fails(StoreException.Phase.BODY, StoreException.Trouble.TRANSIENT);
    }

    static Step isUnknown() {
        return fails(StoreException.Phase.COMMIT, StoreException.Trouble.UNKNOWN);
    }

    static Step isPermanent() {
        return fails(StoreException.Phase.BODY, StoreException.Trouble.PERMANENT);
    }

    static Step breaks(RuntimeException e) {
        return (group, deadline) -> {
            throw e;
        };
    }

    static Answer applied(Request request) {
        return new Answer.Decided(appliedOutcome(request));
    }

    private static Outcome appliedOutcome(Request request) {
        return new Applied(new Receipt(request.key(), Instant.EPOCH, null, null, null, null, List.of()), false);
    }

    static Answer parked(Request request) {
        return new Answer.Parked(request.cells());
    }

    /** The values of the keys of the groups that were sent, in order. */
    public List<List<String>> sent() {
        return groups().stream()
                .map(group -> group.stream().map(r -> r.key().value()).toList())
                .toList();
    }

    List<List<Request>> groups() {
        synchronized (groups) {
            return List.copyOf(groups);
        }
    }

    /** How many calls of any kind there were, close excepted. */
    public int calls() {
        return calls.get();
    }

    int closings() {
        return closings.get();
    }

    @Override
    public List<Answer> submit(List<Request> group, Deadline deadline) throws StoreException {
        calls.incrementAndGet();
        groups.add(List.copyOf(group));
        Step step = script.poll();
        return (step == null ? afterwards : step).take(group, deadline);
    }

    @Override
    public Candidate readCandidate(SortedSet<CellAddress> cells, DecisionId key, Deadline deadline) {
        calls.incrementAndGet();
        return new Candidate(new StoredCells(Map.of(), Instant.EPOCH), false);
    }

    @Override
    public Reading<List<Cell>> readAccounts(String namespace, List<AccountId> accounts, Deadline deadline) {
        calls.incrementAndGet();
        return new Reading<>(List.of(), Instant.EPOCH);
    }

    @Override
    public Reading<Optional<CellHistory>> readHistory(CellAddress cell, long after, int limit, Deadline deadline) {
        calls.incrementAndGet();
        return new Reading<>(Optional.empty(), Instant.EPOCH);
    }

    @Override
    public Reading<List<AccountId>> listAccounts(
            String namespace, String kind, String idPrefix, @Nullable String after, int limit, Deadline deadline) {
        calls.incrementAndGet();
        return new Reading<>(List.of(), Instant.EPOCH);
    }

    @Override
    public StoredCells settle(SortedSet<CellAddress> cells, Deadline deadline) {
        calls.incrementAndGet();
        return new StoredCells(Map.of(), Instant.EPOCH);
    }

    @Override
    public Reading<List<TrialBalance.Line>> sumBalances(
            String namespace, @Nullable String kind, String idPrefix, Deadline deadline) {
        calls.incrementAndGet();
        return new Reading<>(List.of(), Instant.EPOCH);
    }

    @Override
    public Optional<StoredDecision> findDecision(DecisionId id, Deadline deadline) {
        calls.incrementAndGet();
        return Optional.empty();
    }

    @Override
    public PruneStep.Done prune(PruneStep step, Deadline deadline) throws StoreException {
        calls.incrementAndGet();
        PruneAnswer answer = pruning.poll();
        return answer == null ? new PruneStep.Done(Instant.MAX, 0, null) : answer.take(step, deadline);
    }

    @Override
    public void close() {
        closings.incrementAndGet();
    }
}
