package dev.counterfoil.spi;

import dev.counterfoil.AccountId;
import dev.counterfoil.Cell;
import dev.counterfoil.Entry;
import dev.counterfoil.Outcome;
import dev.counterfoil.TrialBalance;
import dev.counterfoil.Update;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * The port that a storage adapter implements. A store locks, loads, saves and commits; what an update means is decided by
 * {@link Judgement} (for whole groups: {@link GroupEvaluation}), and everything that loops (retry, park, split, resolve an
 * unknown commit) by {@link StoreLedger}.
 *
 * <p>Safe for use by many threads. Methods honour the deadline and interruption: they end with a {@link StoreException},
 * the interrupt flag restored.
 */
public interface LedgerStore extends AutoCloseable {
    /**
     * Decides a group in one transaction: each request atomic and judged alone, in order, all made durable by one commit.
     *
     * @param group at least one request; a {@link Request.Deciding} comes alone
     * @param deadline when the answers must be there
     * @return one answer per request, in order, after the commit
     * @throws StoreException if the transaction failed as a whole
     * @throws DecideFunctionException if the caller's function threw; nothing was applied
     */
    List<Answer> submit(List<Request> group, Deadline deadline) throws StoreException;

    /**
     * Decides an update alone, if that needs no waiting, no second try and no commit that takes time: for a store where getting
     * ready for those costs more than the update.
     *
     * @return the outcome, or null where nothing was done and {@link #submit} is to be asked
     */
    default @Nullable Outcome applyNow(String namespace, Update update) {
        return null;
    }

    /** Those of the cells that are there, in one consistent view, and whether the key is decided in that view. */
    Candidate readCandidate(SortedSet<CellAddress> cells, DecisionId key, Deadline deadline) throws StoreException;

    /** All cells of the accounts, by account and name in binary order, in one consistent view. */
    Reading<List<Cell>> readAccounts(String namespace, List<AccountId> accounts, Deadline deadline)
            throws StoreException;

    /**
     * Entries of a cell in order.
     *
     * @param cell the cell
     * @param after the sequence behind which to begin, 0 for the first
     * @param limit the most entries to give
     * @param deadline when the answer must be there
     * @return the cell as it stands, or empty where it is not there, with the entries of the same consistent view
     */
    Reading<Optional<CellHistory>> readHistory(CellAddress cell, long after, int limit, Deadline deadline)
            throws StoreException;

    /**
     * Accounts that have cells, by id in binary order.
     *
     * @param namespace the namespace
     * @param kind the kind of account
     * @param idPrefix the beginning of their ids; may be empty
     * @param after the id behind which to begin, or null
     * @param limit the most accounts to give
     * @param deadline when the answer must be there
     */
    Reading<List<AccountId>> listAccounts(
            String namespace, String kind, String idPrefix, @Nullable String after, int limit, Deadline deadline)
            throws StoreException;

    /**
     * Takes the locks of cells for a moment, as an update does that writes them, and reads the clock behind them: then all
     * that is recorded before it is there, and what comes is recorded at it or later.
     *
     * @return those of the cells that are there, as they stand, and the clock
     * @throws StoreException also where somebody else holds one of them for too long
     */
    StoredCells settle(SortedSet<CellAddress> cells, Deadline deadline) throws StoreException;

    /**
     * Sums up the balances of a namespace, in one consistent view.
     *
     * @param namespace the namespace
     * @param kind the kind of the accounts, or null for all
     * @param idPrefix the beginning of their ids; may be empty, and is where the kind is null
     * @param deadline when the answer must be there
     * @return a line for each kind of account, name and unit, in any order
     */
    Reading<List<TrialBalance.Line>> sumBalances(
            String namespace, @Nullable String kind, String idPrefix, Deadline deadline) throws StoreException;

    /** The decision under a key, if any is visible. */
    Optional<StoredDecision> findDecision(DecisionId id, Deadline deadline) throws StoreException;

    /**
     * Takes the details of some decisions: of those that it looks at, of all that were recorded before a time. Each call is a
     * transaction of its own, a short one that looks at about as many decisions as it is told, and finds them through an index.
     * A caller who sends one of their keys meanwhile does not wait for it.
     */
    PruneStep.Done prune(PruneStep step, Deadline deadline) throws StoreException;

    /**
     * How many groups of different callers it gains from having on their way at a time: 1 or more, or 0 where a commit costs so
     * little that callers gain nothing from sharing it.
     */
    default int groupsAtOnce() {
        return 0;
    }

    /**
     * True where it keeps the hash of what it decides, which is then made before it is asked, on the caller's thread and behind
     * no lock; false where it keeps the content itself.
     */
    default boolean keepsHashes() {
        return true;
    }

    /** What verification and correction need. */
    default AuditStore audit() {
        throw new UnsupportedOperationException("not yet");
    }

    /** Gives back what the store holds. Called once, when no call is under way. */
    @Override
    void close();

    /**
     * What a decision is tried on.
     *
     * @param cells the cells
     * @param decided true where the key is decided already
     */
    record Candidate(StoredCells cells, boolean decided) {}

    /**
     * A cell with some of its entries.
     *
     * @param cell the cell as it stands
     * @param entries the entries
     */
    record CellHistory(Cell cell, List<Entry> entries) {}
}
