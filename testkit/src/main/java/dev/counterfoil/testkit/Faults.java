package dev.counterfoil.testkit;

import java.util.List;
import java.util.SplittableRandom;

/** Chooses what a {@link FlakyLink} does to each COMMIT. Called on the link's own threads, one at a time. */
@FunctionalInterface
public interface Faults {
    /**
     * What happens to a COMMIT.
     *
     * @param commit its number, in the order in which COMMITs go by, from 1 since these faults were set
     */
    Fault at(int commit);

    /** No faults. */
    static Faults none() {
        return commit -> Fault.PASS;
    }

    /** These faults, one for each COMMIT, and none afterwards. */
    static Faults script(Fault... faults) {
        List<Fault> script = List.of(faults);
        return commit -> commit <= script.size() ? script.get(commit - 1) : Fault.PASS;
    }

    /**
     * One COMMIT in so many, on average, meets one of these faults.
     *
     * @param seed the same seed gives the same faults to the same numbers
     * @param oneIn above zero
     * @param faults at least one; each as likely as the others
     */
    static Faults random(long seed, int oneIn, Fault... faults) {
        List<Fault> choice = List.of(faults);
        if (oneIn < 1 || choice.isEmpty()) {
            throw new IllegalArgumentException("faults: one in " + oneIn + " COMMITs, of " + choice);
        }
        return commit -> {
            SplittableRandom random = new SplittableRandom(seed * 31 + commit);
            return random.nextInt(oneIn) == 0 ? choice.get(random.nextInt(choice.size())) : Fault.PASS;
        };
    }
}
