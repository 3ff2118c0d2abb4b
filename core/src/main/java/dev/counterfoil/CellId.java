package dev.counterfoil;

/**
 * The typed name of a cell: one named part of an account.
 *
 * <p>A cell is identified by its account and its name. Kind and unit are what the caller expects to find there; where the
 * store holds something else under the name, the operation is refused.
 */
public sealed interface CellId permits BalanceId, RegisterId, JournalId {
    /** The account that the cell is part of. */
    AccountId account();

    /** The cell's name within the account: 1 to 64 bytes in UTF-8. */
    String name();

    /** The kind that the caller expects. */
    CellKind kind();
}
