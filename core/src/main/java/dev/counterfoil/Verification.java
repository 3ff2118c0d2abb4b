package dev.counterfoil;

import java.util.List;

/**
 * What a verification has looked at, and found.
 *
 * @param cellsInAll how many cells there were to look at in the beginning
 * @param cells how many cells it has looked at
 * @param entries how many entries
 * @param decisions how many decisions
 * @param pruned how many of those were pruned, so that their entries could not be compared with them
 * @param findings how many things are wrong
 * @param first the first of them, at most {@value #FIRST}
 */
public record Verification(
        long cellsInAll, long cells, long entries, long decisions, long pruned, long findings, List<Finding> first) {
    /** How many findings are kept. */
    public static final int FIRST = 100;

    /** Copies the list. */
    public Verification {
        first = List.copyOf(first);
    }

    /** True where nothing is wrong. */
    public boolean sound() {
        return findings == 0;
    }

    /** The figures; names, amounts and keys are left out. */
    @Override
    public String toString() {
        return cells + " cells, " + entries + " entries, " + decisions + " decisions"
                + (pruned == 0 ? "" : " (" + pruned + " pruned)") + ": "
                + (sound() ? "sound" : findings + (findings == 1 ? " finding" : " findings"));
    }
}
