package dev.counterfoil.spi;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Does all that another audit store does, so that a subclass can do one thing otherwise. */
class DelegatingAudit implements AuditStore {
    private final AuditStore delegate;

    DelegatingAudit(AuditStore delegate) {
        this.delegate = delegate;
    }

    @Override
    public long countCells(String namespace, @Nullable String kind, String idPrefix, Deadline deadline)
            throws StoreException {
        return delegate.countCells(namespace, kind, idPrefix, deadline);
    }

    @Override
    public List<CellRow> cellRows(
            String namespace,
            @Nullable String kind,
            String idPrefix,
            @Nullable List<String> after,
            boolean checkpoints,
            int limit,
            Deadline deadline)
            throws StoreException {
        return delegate.cellRows(namespace, kind, idPrefix, after, checkpoints, limit, deadline);
    }

    @Override
    public @Nullable CellRow cellRow(CellAddress cell, Deadline deadline) throws StoreException {
        return delegate.cellRow(cell, deadline);
    }

    @Override
    public List<EntryRow> entryRows(List<EntryRange> ranges, int limit, Deadline deadline) throws StoreException {
        return delegate.entryRows(ranges, limit, deadline);
    }

    @Override
    public List<@Nullable EntryRow> entryRowsAt(String namespace, List<EntryPlace> places, Deadline deadline)
            throws StoreException {
        return delegate.entryRowsAt(namespace, places, deadline);
    }

    @Override
    public List<DecisionRow> decisionRows(String namespace, @Nullable DecisionRow after, int limit, Deadline deadline)
            throws StoreException {
        return delegate.decisionRows(namespace, after, limit, deadline);
    }

    @Override
    public List<DecisionRow> decisionRows(Collection<Long> ids, Deadline deadline) throws StoreException {
        return delegate.decisionRows(ids, deadline);
    }

    @Override
    public List<String> heldTwice(String namespace, Collection<String> references, Deadline deadline)
            throws StoreException {
        return delegate.heldTwice(namespace, references, deadline);
    }

    @Override
    public List<DecisionRow> reversedTwice(String namespace, Collection<DecisionRow> reversals, Deadline deadline)
            throws StoreException {
        return delegate.reversedTwice(namespace, reversals, deadline);
    }

    @Override
    public void keepCheckpoints(List<CellRow.Checkpoint> checkpoints, Deadline deadline) throws StoreException {
        delegate.keepCheckpoints(checkpoints, deadline);
    }

    @Override
    public Answer correct(Correction correction, Deadline deadline) throws StoreException {
        return delegate.correct(correction, deadline);
    }
}
