package dev.counterfoil;

import org.jspecify.annotations.Nullable;

/**
 * Something that is wrong with the books.
 *
 * @param type what
 * @param account the account, or null where it is about a decision as a whole
 * @param cell the name of the cell in the account, or null
 * @param sequence the place of the entry in the cell, or 0
 * @param key the key of the update, or null where it is not known
 * @param expected what should be there, as text, or null; may hold amounts
 * @param observed what is there, as text, or null; may hold amounts
 */
public record Finding(
        FindingType type,
        @Nullable AccountId account,
        @Nullable String cell,
        long sequence,
        @Nullable Key key,
        @Nullable String expected,
        @Nullable String observed) {
    /**
     * True where it is about the row of a cell, which {@link Ledger#restoreFromEntries} and {@link Ledger#acceptObserved} mend,
     * unless the entries of that cell are damaged too: then they refuse.
     */
    public boolean correctable() {
        return type == FindingType.CELL_DIFFERS || (type == FindingType.BAD_AMOUNT && cell != null && sequence == 0);
    }

    /** Without what was expected and observed, which may be amounts. */
    @Override
    public String toString() {
        return type + (account == null ? "" : " " + account + ":" + cell) + (sequence == 0 ? "" : " #" + sequence);
    }
}
