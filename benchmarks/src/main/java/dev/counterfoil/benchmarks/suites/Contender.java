package dev.counterfoil.benchmarks.suites;

import dev.counterfoil.benchmarks.load.Subject;
import dev.counterfoil.benchmarks.peers.Place;

/**
 * One of those that are compared.
 *
 * @param name in tables
 * @param byHand true if it is what the ledger is measured against: written by hand, and correct
 * @param opener makes it
 */
record Contender(String name, boolean byHand, Opener opener) {
    /** Makes a subject with new tables and accounts. */
    interface Opener {
        Subject open(Place place) throws Exception;
    }

    static Contender ours(String name, Opener opener) {
        return new Contender(name, false, opener);
    }

    static Contender byHand(String name, Opener opener) {
        return new Contender(name, true, opener);
    }

    static Contender other(String name, Opener opener) {
        return new Contender(name, false, opener);
    }
}
