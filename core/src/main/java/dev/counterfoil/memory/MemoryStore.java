package dev.counterfoil.memory;

import dev.counterfoil.AccountId;
import dev.counterfoil.Cell;
import dev.counterfoil.Decision;
import dev.counterfoil.Operation;
import dev.counterfoil.Outcome;
import dev.counterfoil.TrialBalance;
import dev.counterfoil.Update;
import dev.counterfoil.internal.Fingerprints;
import dev.counterfoil.internal.Texts;
import dev.counterfoil.spi.Answer;
import dev.counterfoil.spi.AuditStore;
import dev.counterfoil.spi.CellAddress;
import dev.counterfoil.spi.Deadline;
import dev.counterfoil.spi.DecisionId;
import dev.counterfoil.spi.GroupEvaluation;
import dev.counterfoil.spi.Judgement;
import dev.counterfoil.spi.LedgerStore;
import dev.counterfoil.spi.PruneStep;
import dev.counterfoil.spi.Reading;
import dev.counterfoil.spi.Request;
import dev.counterfoil.spi.SkewWatch;
import dev.counterfoil.spi.StoreException;
import dev.counterfoil.spi.StoredCells;
import dev.counterfoil.spi.StoredDecision;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
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
    private static final Comparator<AccountId> IN_ORDER = Comparator.comparing(AccountId::kind, Texts::compareBinary)
            .thenComparing(AccountId::id, Texts::compareBinary);

    private final InstantSource clock;
    private final SkewWatch skewWatch = new SkewWatch();
    private final Map<String, Space> spaces = new ConcurrentHashMap<>();
    private final AtomicLong accountNumbers = new AtomicLong();
    private final Stripes stripes = new Stripes();
    private final MemoryAudit audit = new MemoryAudit(this);

    MemoryStore(InstantSource clock) {
        this.clock = clock;
    }

    Space space(String namespace) {
        Space known = spaces.get(namespace);
        return known != null ? known : spaces.computeIfAbsent(namespace, name -> new Space(name, accountNumbers));
    }

    @Override
    public @Nullable Outcome applyNow(String namespace, Update update) {
        if (claims(update)) {
            return null;
        }
        Space space = space(namespace);
        CellSlot[] cells = space.cells(update.operations());
        ReentrantLock[] locks = Locks.of(cells);
        if (!Locks.takeNow(locks)) {
            return null;
        }
        try {
            return judge(space, update, cells);
        } finally {
            Locks.giveBack(locks, locks.length);
        }
    }

    private Outcome judge(Space space, Update update, CellSlot[] cells) {
        Instant now = now();
        Instant recordedAt = now;
        for (CellSlot slot : cells) {
            recordedAt = slot.notBefore(recordedAt);
        }
        watch(now, recordedAt);
        try (Work work = new Work(space, cells)) {
            Judgement judgement = Judgement.of(space.namespace, update, recordedAt, work);
            Kept kept = Kept.of(space.namespace, update, judgement, recordedAt);
            StoredDecision earlier = kept == null
                    ? space.decision(update.key())
                    : space.keep(update.key(), kept, work, judgement.entries());
            return earlier == null
                    ? ((Answer.Decided) judgement.answer()).outcome()
                    : Judgement.replay(earlier, Fingerprints.of(space.namespace, update));
        }
    }

    private void watch(Instant now, Instant recordedAt) {
        if (!recordedAt.equals(now)) {
            skewWatch.look(Duration.between(now, recordedAt));
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
        Space space = space(request.namespace());
        try (Locks locks = Locks.take(Locks.of(space.accounts(request.cells())), deadline)) {
            if (locks == null) {
                return new Answer.Parked(request.cells());
            }
            StoredDecision earlier = space.decision(request.key());
            if (earlier != null) {
                return new Answer.Decided(Judgement.replay(earlier, request.fingerprint()));
            }
            return request instanceof Request.Posting posting
                    ? judge(space, posting, deadline)
                    : judge(
                            space,
                            ((Request.Deciding) request).resolve(stored(space, request.cells()), deadline),
                            deadline);
        }
    }

    private Answer judge(Space space, Request.Posting posting, Deadline deadline) throws InterruptedException {
        if (!(posting.intent() instanceof Request.Intent.Apply apply && claims(apply.update()))) {
            return judge(space, posting);
        }
        try (Locks claims = Locks.take(stripes.of(GroupEvaluation.needs(List.of(posting))), deadline)) {
            return claims == null ? new Answer.Parked(posting.cells()) : judge(space, posting);
        }
    }

    private static boolean claims(Update update) {
        return update.reference() != null || update.reverses() != null;
    }

    private Answer judge(Space space, Request.Posting posting) {
        Instant now = now();
        Instant recordedAt = now;
        for (CellAddress address : posting.cells()) {
            recordedAt = space.cell(address).notBefore(recordedAt);
        }
        watch(now, recordedAt);
        List<Operation> operations = posting.intent() instanceof Request.Intent.Apply apply
                ? apply.update().operations()
                : List.of();
        try (Work work = new Work(space, space.cells(operations))) {
            Judgement judgement = Judgement.of(posting, recordedAt, work);
            Decision decision = judgement.kept();
            if (decision == null) {
                return judgement.answer();
            }
            StoredDecision stored =
                    new StoredDecision(posting.id(), posting.fingerprint(), decision, judgement.balanced());
            StoredDecision earlier = space.keep(posting.key(), new Kept.Whole(stored), work, judgement.entries());
            if (earlier != null) {
                return new Answer.Decided(Judgement.replay(earlier, posting.fingerprint()));
            }
            space.claim(stored);
            return judgement.answer();
        }
    }

    private StoredCells stored(Space space, Collection<CellAddress> addresses) {
        Map<CellAddress, Cell> found = new HashMap<>();
        for (CellAddress address : addresses) {
            Cell cell = space.cell(address).cell;
            if (cell != null) {
                found.put(address, cell);
            }
        }
        return new StoredCells(found, now());
    }

    @Override
    public Candidate readCandidate(SortedSet<CellAddress> cells, DecisionId key, Deadline deadline)
            throws StoreException {
        Space space = space(key.namespace());
        return Objects.requireNonNull(locked(
                space.accounts(cells),
                deadline,
                () -> new Candidate(stored(space, cells), space.decision(key.key()) != null)));
    }

    @Override
    public Reading<List<Cell>> readAccounts(String namespace, List<AccountId> wanted, Deadline deadline)
            throws StoreException {
        Space space = space(namespace);
        List<AccountId> names = wanted.stream().sorted(IN_ORDER).toList();
        while (true) {
            List<AccountSlot> slots = present(space, names);
            Reading<List<Cell>> found = locked(
                    slots,
                    deadline,
                    // An account that came meanwhile may belong to an update that is seen in another: look again.
                    () -> present(space, names).size() == slots.size() ? new Reading<>(cells(slots), now()) : null);
            if (found != null) {
                return found;
            }
        }
    }

    private static List<AccountSlot> present(Space space, List<AccountId> names) {
        return names.stream()
                .flatMap(name -> Stream.ofNullable(space.find(name)))
                .toList();
    }

    private static List<Cell> cells(List<AccountSlot> slots) {
        return slots.stream().flatMap(slot -> slot.cells().stream()).toList();
    }

    @Override
    public Reading<Optional<CellHistory>> readHistory(CellAddress cell, long after, int limit, Deadline deadline)
            throws StoreException {
        AccountSlot account = space(cell.namespace()).find(cell.account());
        if (account == null) {
            return new Reading<>(Optional.empty(), now());
        }
        return Objects.requireNonNull(locked(List.of(account), deadline, () -> {
            CellSlot found = account.find(cell.name());
            if (found == null || found.cell == null) {
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
        return new Reading<>(space(namespace).list(kind, idPrefix, after, limit), now());
    }

    @Override
    public StoredCells settle(SortedSet<CellAddress> cells, Deadline deadline) throws StoreException {
        Space space = space(cells.first().namespace());
        return Objects.requireNonNull(locked(space.accounts(cells), deadline, () -> stored(space, cells)));
    }

    @Override
    public Reading<List<TrialBalance.Line>> sumBalances(
            String namespace, @Nullable String kind, String idPrefix, Deadline deadline) throws StoreException {
        return new Sums(space(namespace), kind, idPrefix, deadline).take(this::now);
    }

    @Override
    public Optional<StoredDecision> findDecision(DecisionId id, Deadline deadline) {
        return Optional.ofNullable(space(id.namespace()).decision(id.key()));
    }

    @Override
    public PruneStep.Done prune(PruneStep step, Deadline deadline) {
        Instant now = now();
        return step.allowedAt(now) ? space(step.namespace()).prune(step, now) : new PruneStep.Done(now, 0, null);
    }

    @Override
    public boolean keepsHashes() {
        return false;
    }

    @Override
    public AuditStore audit() {
        return audit;
    }

    @Override
    public @Nullable Duration takeSkew() {
        return skewWatch.take();
    }

    @Override
    public void close() {
        // Nothing is held but memory.
    }

    static <T> @Nullable T locked(Collection<AccountSlot> accounts, Deadline deadline, Supplier<@Nullable T> reading)
            throws StoreException {
        try (Locks locks = Locks.take(Locks.of(accounts), deadline)) {
            if (locks == null) {
                throw late();
            }
            return reading.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted(e);
        }
    }

    static StoreException late() {
        return new StoreException(
                StoreException.Phase.ACQUIRE,
                StoreException.Trouble.TRANSIENT,
                "an account was in use for too long",
                null);
    }

    static StoreException interrupted(InterruptedException e) {
        return new StoreException(
                StoreException.Phase.ACQUIRE,
                StoreException.Trouble.PERMANENT,
                "interrupted while waiting for a lock",
                e);
    }

    /** The time in microseconds. */
    Instant now() {
        Instant now = clock.instant();
        return Instant.ofEpochSecond(now.getEpochSecond(), now.getNano() - now.getNano() % 1000);
    }
}
