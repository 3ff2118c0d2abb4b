package dev.counterfoil;

/** What an entry is the trace of. */
public enum EntryType {
    /** The cell was made. */
    OPEN,
    /** A balance went up or down. */
    INCREMENT,
    /** A register was set. */
    COMPARE_AND_SET,
    /** A journal got a record. */
    APPEND,
    /** A balance got other limits. */
    SET_LIMITS,
    /** The cell was closed. */
    CLOSE,
    /** The cell was opened again. */
    REOPEN,
    /** The cell was set back to what its entries say; it moved no money. */
    RESTORE,
    /** The cell was set to what the world says, and its entries with it. */
    ACCEPT
}
