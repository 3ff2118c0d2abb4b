package dev.counterfoil.spi;

import dev.counterfoil.CellId;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What verification and correction need of a store: rows as they stand, which may be damaged, in short statements through indexes.
 * What a call gives is one consistent view that holds all that was committed before the call.
 */
public interface AuditStore {
    /** How many cells there are of a kind of account (null: of all) whose ids begin so. */
    long countCells(String namespace, @Nullable String kind, String idPrefix, Deadline deadline) throws StoreException;

    /**
     * Cells in the binary order of their addresses.
     *
     * @param namespace the namespace
     * @param kind the kind of account, or null for all
     * @param idPrefix the beginning of the accounts' ids; may be empty
     * @param after {@link CellRow#address} of the one behind which to begin, or null
     * @param checkpoints true to give each with its checkpoint
     * @param limit the most rows to give
     * @param deadline when the answer must be there
     */
    List<CellRow> cellRows(
            String namespace,
            @Nullable String kind,
            String idPrefix,
            @Nullable List<String> after,
            boolean checkpoints,
            int limit,
            Deadline deadline)
            throws StoreException;

    /** The row of one cell, or null where it is not there. */
    @Nullable
    CellRow cellRow(CellAddress cell, Deadline deadline) throws StoreException;

    /** Some of the entries of a cell: those with {@code after < sequence <= upTo}. */
    record EntryRange(long cellId, long after, long upTo) {}

    /**
     * Entries of several cells, in the order of the ranges and by sequence: at most so many in all.
     *
     * @param ranges which
     * @param limit the most rows to give
     * @param deadline when the answer must be there
     */
    List<EntryRow> entryRows(List<EntryRange> ranges, int limit, Deadline deadline) throws StoreException;

    /**
     * The place of an entry.
     *
     * @param cell its cell, by whatever kind and unit
     * @param sequence its place in the cell
     */
    record EntryPlace(CellId cell, long sequence) {}

    /** The entries at some places, each null where there is none; of two with one sequence any. */
    List<@Nullable EntryRow> entryRowsAt(String namespace, List<EntryPlace> places, Deadline deadline)
            throws StoreException;

    /**
     * Decisions by scope and key in binary order.
     *
     * @param namespace the namespace
     * @param after the row behind which to begin, or null
     * @param limit the most rows to give
     * @param deadline when the answer must be there
     */
    List<DecisionRow> decisionRows(String namespace, @Nullable DecisionRow after, int limit, Deadline deadline)
            throws StoreException;

    /** The decisions with these surrogate ids, as far as they are there, in any order. */
    List<DecisionRow> decisionRows(Collection<Long> ids, Deadline deadline) throws StoreException;

    /** Those of the references that are held by more than one applied update. */
    List<String> heldTwice(String namespace, Collection<String> references, Deadline deadline) throws StoreException;

    /** Those of the applied reversals, given by their rows, whose update was reversed more than once. */
    List<DecisionRow> reversedTwice(String namespace, Collection<DecisionRow> reversals, Deadline deadline)
            throws StoreException;

    /** Keeps how far cells were verified, in place of what was kept before. */
    void keepCheckpoints(List<CellRow.Checkpoint> checkpoints, Deadline deadline) throws StoreException;

    /**
     * Writes one entry that corrects a cell, the cell as it is then, and the decision, in one transaction behind the lock of the
     * cell. The decision under the key is looked up behind that lock, and is the answer where there is one.
     *
     * @param correction what is to be written
     * @param deadline when the answer must be there
     * @return {@link Answer.Decided} with the correction's receipt or with the decision that the key has, {@link Answer.Stale}
     *     where the row of the cell is not any more the one that the correction was made for
     */
    Answer correct(Correction correction, Deadline deadline) throws StoreException;
}
