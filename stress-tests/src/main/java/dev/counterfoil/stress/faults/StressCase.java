package dev.counterfoil.stress.faults;

import java.util.List;

/** Something that is done to ledgers under load, to see whether they keep what they promise. */
public interface StressCase {
    /** How much of it. */
    enum Size {
        /** Minutes for all cases. */
        SMALL,
        /** Hundreds of faults per case. */
        FULL
    }

    /** What is done, in a few words. */
    String name();

    /**
     * Does it, first to callers who share commits and then to callers who do not, and says what came of each. What it draws
     * follows from the seed; what becomes of it does not, because processes race.
     */
    List<Result> run(Size size, long seed) throws Exception;
}
