package dev.counterfoil.jdbc.internal;

import dev.counterfoil.AccountId;
import dev.counterfoil.jdbc.dialect.Dialect;
import dev.counterfoil.spi.Answer;
import dev.counterfoil.spi.AuditStore;
import dev.counterfoil.spi.CellAddress;
import dev.counterfoil.spi.CellRow;
import dev.counterfoil.spi.Correction;
import dev.counterfoil.spi.Deadline;
import dev.counterfoil.spi.DecisionRow;
import dev.counterfoil.spi.EntryRow;
import dev.counterfoil.spi.StoreException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Verification and correction over JDBC: each call is one short transaction of the store's. */
final class JdbcAudit implements AuditStore {
    private final JdbcStore store;
    private final AuditSql sql;
    private final GroupSql group;
    private final Dialect dialect;

    JdbcAudit(JdbcStore store, AuditSql sql, GroupSql group, Dialect dialect) {
        this.store = store;
        this.sql = sql;
        this.group = group;
        this.dialect = dialect;
    }

    @Override
    public long countCells(String namespace, @Nullable String kind, String idPrefix, Deadline deadline)
            throws StoreException {
        return store.transaction(false, deadline, c -> sql.countCells(c, namespace, kind, idPrefix, deadline));
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
        return store.transaction(
                false, deadline, c -> sql.cellRows(c, namespace, kind, idPrefix, after, checkpoints, limit, deadline));
    }

    @Override
    public @Nullable CellRow cellRow(CellAddress cell, Deadline deadline) throws StoreException {
        return store.transaction(false, deadline, c -> Optional.ofNullable(sql.cellRow(c, cell, deadline)))
                .orElse(null);
    }

    @Override
    public List<EntryRow> entryRows(List<EntryRange> ranges, int limit, Deadline deadline) throws StoreException {
        return store.transaction(false, deadline, c -> sql.entryRows(c, ranges, limit, deadline));
    }

    @Override
    public List<@Nullable EntryRow> entryRowsAt(String namespace, List<EntryPlace> places, Deadline deadline)
            throws StoreException {
        return store.transaction(false, deadline, c -> sql.entryRowsAt(c, namespace, places, deadline));
    }

    @Override
    public List<DecisionRow> decisionRows(String namespace, @Nullable DecisionRow after, int limit, Deadline deadline)
            throws StoreException {
        return store.transaction(false, deadline, c -> sql.decisionRows(c, namespace, after, limit, deadline));
    }

    @Override
    public List<DecisionRow> decisionRows(Collection<Long> ids, Deadline deadline) throws StoreException {
        return store.transaction(false, deadline, c -> sql.decisionRows(c, ids, deadline));
    }

    @Override
    public List<String> heldTwice(String namespace, Collection<String> references, Deadline deadline)
            throws StoreException {
        return store.transaction(false, deadline, c -> sql.heldTwice(c, namespace, references, deadline));
    }

    @Override
    public List<DecisionRow> reversedTwice(String namespace, Collection<DecisionRow> reversals, Deadline deadline)
            throws StoreException {
        return store.transaction(false, deadline, c -> sql.reversedTwice(c, namespace, reversals, deadline));
    }

    @Override
    public void keepCheckpoints(List<CellRow.Checkpoint> checkpoints, Deadline deadline) throws StoreException {
        store.writing(deadline, c -> {
            sql.keepCheckpoints(c, checkpoints, deadline);
            return true;
        });
    }

    @Override
    public Answer correct(Correction correction, Deadline deadline) throws StoreException {
        CellRow seen = correction.seen();
        CellAddress cell = new CellAddress(
                correction.id().namespace(), AccountId.of(seen.accountKind(), seen.accountId()), seen.name());
        CorrectionTransaction transaction = new CorrectionTransaction(sql, group, dialect, cell);
        return store.writing(deadline, c -> transaction.run(c, correction, deadline));
    }
}
