package dev.counterfoil.benchmarks.suites;

import dev.counterfoil.benchmarks.load.Subject;
import dev.counterfoil.benchmarks.peers.Place;

/**
 * One of those that are compared.
 *
 * @param name in tables
 * @param role what it is there for
 * @param opener makes it
 */
record Contender(String name, Role role, Opener opener) {
    /** What it is there for. */
    enum Role {
        /** The ledger. */
        OURS,
        /** What the ledger is measured against: written by hand, and correct. */
        BY_HAND,
        /** Correct too, and for comparison. */
        OTHER,
        /** Shown for what goes wrong with it: where that happens it has no figures, and the run has its own. */
        WARNING
    }

    /** Makes a subject with new tables and accounts. */
    interface Opener {
        Subject open(Place place) throws Exception;
    }

    static Contender ours(String name, Opener opener) {
        return new Contender(name, Role.OURS, opener);
    }

    static Contender byHand(String name, Opener opener) {
        return new Contender(name, Role.BY_HAND, opener);
    }

    static Contender other(String name, Opener opener) {
        return new Contender(name, Role.OTHER, opener);
    }

    static Contender warning(String name, Opener opener) {
        return new Contender(name, Role.WARNING, opener);
    }

    boolean byHand() {
        return role == Role.BY_HAND;
    }
}
