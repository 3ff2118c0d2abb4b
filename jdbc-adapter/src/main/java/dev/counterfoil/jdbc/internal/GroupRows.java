package dev.counterfoil.jdbc.internal;

import dev.counterfoil.spi.CellAddress;
import dev.counterfoil.spi.DecisionId;
import dev.counterfoil.spi.GroupEvaluation.AddressedEntry;
import dev.counterfoil.spi.GroupEvaluation.CellChange;
import dev.counterfoil.spi.GroupEvaluation.Changes;
import dev.counterfoil.spi.StoredDecision;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a group's changes, in the order of writing.
 *
 * @param newCells values of {@link Rows#CELL_COLUMNS}
 * @param decisions values of {@link Rows#DECISION_COLUMNS}
 * @param entries values of {@link Rows#ENTRY_COLUMNS}
 * @param changedCells values of {@link Rows#CHANGING_COLUMNS}, then the cell's id and the version that it must have
 */
record GroupRows(
        List<@Nullable Object[]> newCells,
        List<@Nullable Object[]> decisions,
        List<@Nullable Object[]> entries,
        List<@Nullable Object[]> changedCells) {
    /** Where the next surrogate id comes from. */
    interface Ids {
        long next() throws SQLException;
    }

    /**
     * The rows.
     *
     * @param known the ids of cells that are there
     */
    static GroupRows of(Rows rows, Changes changes, Map<CellAddress, Long> known, Ids cellIds, Ids decisionIds)
            throws SQLException {
        Map<CellAddress, Long> ids = new HashMap<>(known);
        List<@Nullable Object[]> fresh = new ArrayList<>();
        List<@Nullable Object[]> changed = new ArrayList<>();
        for (CellChange change : changes.cells()) {
            if (change.versionBefore() == 0) {
                long id = cellIds.next();
                ids.put(change.address(), id);
                fresh.add(rows.values(id, change.address(), change.after()));
            } else {
                changed.add(rows.values(change.after(), id(ids, change.address()), change.versionBefore()));
            }
        }
        Map<DecisionId, Long> decided = new HashMap<>();
        List<@Nullable Object[]> decisions = new ArrayList<>();
        for (StoredDecision decision : changes.decisions()) {
            long id = decisionIds.next();
            decided.put(decision.id(), id);
            decisions.add(rows.values(id, decision));
        }
        List<@Nullable Object[]> entries = new ArrayList<>();
        for (AddressedEntry entry : changes.entries()) {
            DecisionId decision =
                    new DecisionId(entry.address().namespace(), entry.entry().key());
            entries.add(rows.values(id(ids, entry.address()), id(decided, decision), entry.entry()));
        }
        return new GroupRows(fresh, decisions, entries, changed);
    }

    private static <K> long id(Map<K, Long> ids, K key) {
        return Objects.requireNonNull(ids.get(key));
    }
}
