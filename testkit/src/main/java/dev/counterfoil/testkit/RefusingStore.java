package dev.counterfoil.testkit;

import dev.counterfoil.AccountId;
import dev.counterfoil.Cell;
import dev.counterfoil.CellId;
import dev.counterfoil.Outcome;
import dev.counterfoil.Reason;
import dev.counterfoil.Rejected;
import dev.counterfoil.TrialBalance;
import dev.counterfoil.Update;
import dev.counterfoil.spi.Answer;
import dev.counterfoil.spi.AuditStore;
import dev.counterfoil.spi.CellAddress;
import dev.counterfoil.spi.Deadline;
import dev.counterfoil.spi.DecisionId;
import dev.counterfoil.spi.LedgerStore;
import dev.counterfoil.spi.PruneStep;
import dev.counterfoil.spi.Reading;
import dev.counterfoil.spi.Request;
import dev.counterfoil.spi.StoreException;
import dev.counterfoil.spi.StoredCells;
import dev.counterfoil.spi.StoredDecision;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A store that refuses what it is told to, and keeps that like any refusal; all else another store does. */
final class RefusingStore implements LedgerStore {
    private final LedgerStore store;
    private final Script script;

    RefusingStore(LedgerStore store, Script script) {
        this.store = store;
        this.script = script;
    }

    @Override
    public @Nullable Outcome applyNow(String namespace, Update update) {
        return script.refusal(new DecisionId(namespace, update.key())) == null
                ? store.applyNow(namespace, update)
                : null;
    }

    @Override
    public List<Answer> submit(List<Request> group, Deadline deadline) throws StoreException {
        List<Answer> answers = new ArrayList<>();
        for (Request request : group) {
            Function<Rejected.Context, Rejected> refusal = script.refusal(request.id());
            answers.addAll(
                    refusal == null ? store.submit(List.of(request), deadline) : refuse(request, refusal, deadline));
        }
        return answers;
    }

    private List<Answer> refuse(Request request, Function<Rejected.Context, Rejected> refusal, Deadline deadline)
            throws StoreException {
        Update update =
                request instanceof Request.Posting posting && posting.intent() instanceof Request.Intent.Apply apply
                        ? apply.update()
                        : null;
        CellId cell = update == null ? null : update.operations().get(0).cell();
        int index = update == null ? Rejected.NO_OPERATION : 0;
        Rejected no = refusal.apply(new Rejected.Context(request.key(), script.instant(), false, index, cell, null));
        boolean kept = no.reason() != Reason.VERSION_DIFFERS && !(update != null && update.retryable());
        if (!kept && store.findDecision(request.id(), deadline).isEmpty()) {
            return List.of(new Answer.Decided(no));
        }
        return store.submit(
                List.of(new Request.Posting(
                        request.namespace(),
                        request.key(),
                        request.fingerprint(),
                        request.cells(),
                        Map.of(),
                        new Request.Intent.Refuse(no))),
                deadline);
    }

    @Override
    public Candidate readCandidate(SortedSet<CellAddress> cells, DecisionId key, Deadline deadline)
            throws StoreException {
        return store.readCandidate(cells, key, deadline);
    }

    @Override
    public Reading<List<Cell>> readAccounts(String namespace, List<AccountId> accounts, Deadline deadline)
            throws StoreException {
        return store.readAccounts(namespace, accounts, deadline);
    }

    @Override
    public Reading<Optional<CellHistory>> readHistory(CellAddress cell, long after, int limit, Deadline deadline)
            throws StoreException {
        return store.readHistory(cell, after, limit, deadline);
    }

    @Override
    public Reading<List<AccountId>> listAccounts(
            String namespace, String kind, String idPrefix, @Nullable String after, int limit, Deadline deadline)
            throws StoreException {
        return store.listAccounts(namespace, kind, idPrefix, after, limit, deadline);
    }

    @Override
    public Optional<StoredDecision> findDecision(DecisionId id, Deadline deadline) throws StoreException {
        return store.findDecision(id, deadline);
    }

    @Override
    public PruneStep.Done prune(PruneStep step, Deadline deadline) throws StoreException {
        return store.prune(step, deadline);
    }

    @Override
    public StoredCells settle(SortedSet<CellAddress> cells, Deadline deadline) throws StoreException {
        return store.settle(cells, deadline);
    }

    @Override
    public Reading<List<TrialBalance.Line>> sumBalances(
            String namespace, @Nullable String kind, String idPrefix, Deadline deadline) throws StoreException {
        return store.sumBalances(namespace, kind, idPrefix, deadline);
    }

    @Override
    public AuditStore audit() {
        return store.audit();
    }

    @Override
    public boolean keepsHashes() {
        return store.keepsHashes();
    }

    @Override
    public void close() {
        store.close();
    }
}
