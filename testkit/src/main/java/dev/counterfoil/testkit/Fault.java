package dev.counterfoil.testkit;

/** What a {@link FlakyLink} does to a COMMIT that goes by. */
public enum Fault {
    /** Nothing: it arrives, and so does its answer. */
    PASS,

    /** The connection is cut, and the COMMIT does not arrive: nothing was applied. */
    CUT_BEFORE_COMMIT,

    /** The COMMIT takes effect; then the connection is cut, and its answer does not arrive. */
    CUT_AFTER_COMMIT,

    /**
     * The client's side is closed, and the COMMIT is kept: the server goes on waiting, its locks held, until
     * {@link FlakyLink#deliver} lets it take effect, or until it gives the transaction up.
     */
    HOLD_COMMIT,

    /** The COMMIT takes effect; no answer ever arrives, and the connection stays open until the client closes it. */
    STALL,

    /** The COMMIT takes effect; the client reads the end of the stream instead of an answer, but can still write. */
    HALF_CLOSE
}
