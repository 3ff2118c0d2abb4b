package dev.counterfoil.internal;

import dev.counterfoil.BalanceEntry;
import dev.counterfoil.Entry;
import dev.counterfoil.JournalEntry;
import dev.counterfoil.ReceiptEntry;
import dev.counterfoil.RegisterEntry;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/** What a receipt says of entries, each line made when it is asked for: most receipts are never read. Immutable. */
public final class ReceiptLines extends AbstractList<ReceiptEntry> implements RandomAccess {
    private final List<Entry> entries;

    /** The lines of these entries. */
    public ReceiptLines(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    @Override
    public int size() {
        return entries.size();
    }

    @Override
    public ReceiptEntry get(int index) {
        Entry entry = entries.get(index);
        if (entry instanceof BalanceEntry e) {
            return new ReceiptEntry.OfBalance(e.index(), e.cell(), e.type(), e.sequence(), e.delta(), e.after());
        }
        if (entry instanceof RegisterEntry e) {
            return new ReceiptEntry.OfRegister(e.index(), e.cell(), e.type(), e.sequence(), e.after());
        }
        JournalEntry e = (JournalEntry) entry;
        return new ReceiptEntry.OfJournal(e.index(), e.cell(), e.type(), e.sequence(), e.count());
    }
}
