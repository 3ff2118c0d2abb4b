package dev.counterfoil;

import java.math.BigDecimal;

/** What a receipt says of one entry: enough to know what happened, without the payload that the caller sent. */
public sealed interface ReceiptEntry {
    /** The position of the operation in the update, from 0. */
    int index();

    /** The cell. */
    CellId cell();

    /** What the entry is the trace of. */
    EntryType type();

    /** The entry's place in the cell. */
    long sequence();

    /**
     * An entry of a balance.
     *
     * @param index the operation's position
     * @param cell the balance
     * @param type what it is the trace of
     * @param sequence its place in the balance
     * @param delta what it changed
     * @param after the amount after it
     */
    record OfBalance(int index, BalanceId cell, EntryType type, long sequence, BigDecimal delta, BigDecimal after)
            implements ReceiptEntry {}

    /**
     * An entry of a register.
     *
     * @param index the operation's position
     * @param cell the register
     * @param type what it is the trace of
     * @param sequence its place in the register
     * @param after the text after it
     */
    record OfRegister(int index, RegisterId cell, EntryType type, long sequence, String after)
            implements ReceiptEntry {}

    /**
     * An entry of a journal.
     *
     * @param index the operation's position
     * @param cell the journal
     * @param type what it is the trace of
     * @param sequence its place in the journal
     * @param count how many records there are after it
     */
    record OfJournal(int index, JournalId cell, EntryType type, long sequence, long count) implements ReceiptEntry {}
}
