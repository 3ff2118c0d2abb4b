package dev.counterfoil;

/** What can be wrong with the books. */
public enum FindingType {
    /** A cell is not the fold of its entries: its amount, limits, text, count, version or whether it is closed. */
    CELL_DIFFERS,
    /** Entries are missing: between two of a cell, before its first, or behind its last. */
    SEQUENCE_GAP,
    /** Two entries of a cell have one sequence. */
    SEQUENCE_REPEATED,
    /** The amount or count after an entry is not the one before it plus what the entry changed. */
    AFTER_DIFFERS,
    /** An entry passed a limit that was in force, and nobody had asked to. */
    LIMIT_PASSED,
    /** A decision says that it left an entry, and the entry is not there or says something else. */
    DECISION_WITHOUT_ENTRY,
    /** No decision says that it left an entry. */
    ENTRY_WITHOUT_DECISION,
    /** The amounts of a balanced update do not sum to zero in each unit. */
    NOT_BALANCED,
    /** A key was decided twice. */
    KEY_TWICE,
    /** A reference is held by two applied updates. */
    REFERENCE_TWICE,
    /** An update was reversed twice. */
    REVERSED_TWICE,
    /** An amount is no number, has more digits behind the point than its unit, or is missing. */
    BAD_AMOUNT,
    /** Something else of a row is nothing that the ledger writes: a name, a type, a time, the details of a decision. */
    BAD_ROW
}
