package dev.counterfoil;

/** What a fault says of the money. */
public enum Fate {
    /** Nothing was applied by this call. */
    NOT_APPLIED,
    /** It may have been applied or not; sending the same update again gives the answer. */
    UNKNOWN
}
