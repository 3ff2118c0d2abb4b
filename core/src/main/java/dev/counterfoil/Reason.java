package dev.counterfoil;

/** Why an update was refused. */
public enum Reason {
    /** The cell to open is there already. */
    ALREADY_EXISTS,
    /** The cell is not there; or the update to reverse was never applied in this namespace, or moved other amounts there. */
    NOT_FOUND,
    /** The cell is there, but of another kind. */
    WRONG_KIND,
    /** The balance is there, but counts another unit. */
    UNIT_DIFFERS,
    /** A decrease would have ended below the minimum. */
    BELOW_MINIMUM,
    /** An increase would have ended above the maximum. */
    ABOVE_MAXIMUM,
    /** The result would have had more than 38 digits. */
    OVERFLOW,
    /** The cell is closed. */
    CLOSED,
    /** The cell to reopen is not closed. */
    NOT_CLOSED,
    /** The balance to close is not zero. */
    NOT_ZERO,
    /** The register has another text than expected. */
    VALUE_DIFFERS,
    /** The balance is below the amount asked for. */
    BELOW_REQUIRED,
    /** The balance is above the amount asked for. */
    ABOVE_REQUIRED,
    /** The cell has another version than the one that was read; never kept under the key. */
    VERSION_DIFFERS,
    /** Another update holds the business reference. */
    REFERENCE_TAKEN,
    /** Another update has reversed it. */
    ALREADY_REVERSED,
    /** The caller's own function declined. */
    DECLINED
}
