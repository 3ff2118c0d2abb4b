package dev.counterfoil.stress.history;

import dev.counterfoil.BalanceEntry;
import dev.counterfoil.Entry;
import dev.counterfoil.EntryType;
import dev.counterfoil.JournalEntry;
import dev.counterfoil.ReceiptEntry;
import dev.counterfoil.RegisterEntry;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One entry, as a receipt or a cell's history shows it; as text {@code load/1:money#5 -10.00 90.00}.
 *
 * @param cell the cell
 * @param sequence its place in the cell
 * @param change what a balance changed; {@code open}, {@code set} or {@code append} for other cells
 * @param after the amount, the text or the number of records after it
 */
record Trace(String cell, long sequence, String change, String after) {
    static Trace of(ReceiptEntry entry) {
        String cell = entry.cell().toString();
        if (entry instanceof ReceiptEntry.OfBalance balance) {
            return new Trace(
                    cell,
                    entry.sequence(),
                    balance.delta().toPlainString(),
                    balance.after().toPlainString());
        }
        String after = entry instanceof ReceiptEntry.OfRegister register
                ? register.after()
                : Long.toString(((ReceiptEntry.OfJournal) entry).count());
        return new Trace(cell, entry.sequence(), change(entry.type()), after);
    }

    static Trace of(Entry entry) {
        String cell = entry.cell().toString();
        if (entry instanceof BalanceEntry balance) {
            return new Trace(
                    cell,
                    entry.sequence(),
                    balance.delta().toPlainString(),
                    balance.after().toPlainString());
        }
        String after = entry instanceof RegisterEntry register
                ? register.after()
                : Long.toString(((JournalEntry) entry).count());
        return new Trace(cell, entry.sequence(), change(entry.type()), after);
    }

    private static String change(EntryType type) {
        return switch (type) {
            case OPEN -> "open";
            case COMPARE_AND_SET -> "set";
            case APPEND -> "append";
            default -> type.name();
        };
    }

    static String text(List<Trace> traces) {
        return traces.stream().map(Trace::toString).collect(Collectors.joining("; "));
    }

    static List<Trace> parse(String text) {
        return text.isEmpty()
                ? List.of()
                : Stream.of(text.split("; ", -1)).map(Trace::one).toList();
    }

    private static Trace one(String text) {
        String[] words = text.split("[# ]", -1);
        return new Trace(words[0], Long.parseLong(words[1]), words[2], words[3]);
    }

    @Override
    public String toString() {
        return cell + "#" + sequence + " " + change + " " + after;
    }
}
