package dev.counterfoil.examples.harness;

import dev.counterfoil.Ledger;
import java.util.Optional;

/** A store while scenarios run on it. It is for one thread; the ledgers and tables that it gives are for many. */
public interface Store {
    /** What people should know of it before it is used, in lines; empty where the name says all. */
    String about();

    /** An empty ledger; whoever asked for it closes it. */
    Ledger freshLedger();

    /** An empty plain table on the same kind of store. */
    PlainTable freshTable();

    /**
     * The same store behind a link that can be cut; empty where there is no network to it.
     *
     * @throws IllegalArgumentException if there is one, and no link can be laid
     */
    default Optional<Linked> linked() {
        return Optional.empty();
    }
}
