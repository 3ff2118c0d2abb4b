package dev.counterfoil.spi;

import dev.counterfoil.DecideFunction;
import dev.counterfoil.Key;
import dev.counterfoil.Rejected;
import dev.counterfoil.Update;
import java.util.Map;
import java.util.SortedSet;

/** One request of a group: what to decide under one key, and the cells that it needs. */
public sealed interface Request {
    /** The namespace. */
    String namespace();

    /** The key. */
    Key key();

    /** What makes a repeat the same. */
    Fingerprint fingerprint();

    /** All cells that it needs, in the order of locking. */
    SortedSet<CellAddress> cells();

    /** The identity of its decision. */
    default DecisionId id() {
        return new DecisionId(namespace(), key());
    }

    /**
     * Something fixed.
     *
     * @param namespace the namespace
     * @param key the key
     * @param fingerprint what makes a repeat the same
     * @param cells the cells that it needs
     * @param versions the versions that cells must still have, 0 for one that is not there; empty where none are expected
     * @param intent what is to happen
     */
    record Posting(
            String namespace,
            Key key,
            Fingerprint fingerprint,
            SortedSet<CellAddress> cells,
            Map<CellAddress, Long> versions,
            Intent intent)
            implements Request {}

    /**
     * A function that decides under the locks of its cells, alone in its transaction. The store locks and loads the cells,
     * looks up the key and, if it is new, replaces this by {@link #resolve} before it evaluates.
     *
     * @param namespace the namespace
     * @param key the key
     * @param fingerprint what makes a repeat the same
     * @param cells the cells that it needs
     * @param function reads and decides
     */
    record Deciding(
            String namespace, Key key, Fingerprint fingerprint, SortedSet<CellAddress> cells, DecideFunction function)
            implements Request {
        /**
         * Runs the function.
         *
         * @param view the cells as they stand
         * @param deadline when the call must have its answer
         * @throws DecideFunctionException if the function throws; the store lets it pass after rolling back
         * @throws StoreException if the function came back after the deadline: its result is thrown away
         */
        public Posting resolve(StoredCells view, Deadline deadline) throws StoreException {
            Posting posting = DecideRun.run(this, view);
            if (deadline.expired()) {
                throw new StoreException(
                        StoreException.Phase.BODY,
                        StoreException.Trouble.PERMANENT,
                        "the decide function took longer than the call may take; its result was thrown away",
                        null);
            }
            return posting;
        }
    }

    /** What is to happen. */
    sealed interface Intent {
        /**
         * An update, if it is allowed.
         *
         * @param update the update
         */
        record Apply(Update update) implements Intent {}

        /**
         * A refusal that was found before: the caller's function declined, or asked for what is not there.
         *
         * @param refusal the refusal; its time is set when it is decided
         */
        record Refuse(Rejected refusal) implements Intent {}
    }
}
