package dev.counterfoil.admin;

/** Sees which entries a list leaves out: sequences have no gaps. Used by one thread. */
final class Gaps {
    private long next;
    private long first;
    private long missing;

    /** Those behind this sequence are to be listed. */
    Gaps(long after) {
        this.next = after + 1;
    }

    /** An entry was listed. */
    void listed(long sequence) {
        upTo(sequence - 1);
        next = Math.max(next, sequence + 1);
    }

    /** All entries up to this one should have been listed. */
    void upTo(long sequence) {
        if (sequence >= next) {
            first = missing == 0 ? next : first;
            missing += sequence - next + 1;
            next = sequence + 1;
        }
    }

    boolean none() {
        return missing == 0;
    }

    @Override
    public String toString() {
        return (missing == 1
                        ? "entry " + first + " is not listed: it or its decision is"
                        : missing + " entries are not listed, the first is " + first + ": they or their decisions are")
                + " damaged or gone; run verify";
    }
}
