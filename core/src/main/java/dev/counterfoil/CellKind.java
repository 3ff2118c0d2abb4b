package dev.counterfoil;

/** What a cell is. */
public enum CellKind {
    /** An exact number in a unit. */
    BALANCE,
    /** A text that is compared and set. */
    REGISTER,
    /** Records that are only ever appended. */
    JOURNAL
}
