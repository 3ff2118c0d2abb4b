package dev.counterfoil;

/**
 * How much a ledger has to do at this moment, all its namespaces together. Safe for use by many threads; to ask costs the ledger's
 * callers next to nothing.
 */
public interface LedgerGauges {
    /** How many calls have no answer yet, those that wait included. */
    int inFlight();

    /** How many requests wait for the next group; always 0 where commits are not shared. */
    int queued();

    /** How many requests wait for what somebody else holds in the database; always 0 where commits are not shared. */
    int parked();
}
