package dev.counterfoil.stress.history;

import dev.counterfoil.Balance;
import dev.counterfoil.Cell;
import dev.counterfoil.Journal;
import dev.counterfoil.Register;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What somebody saw of a cell; as text {@code load/1:money#5 90.00}.
 *
 * @param cell the cell
 * @param version how many entries it had
 * @param value the amount, the text or the number of records
 */
record Seen(String cell, long version, String value) {
    static Seen of(Cell cell) {
        String value;
        if (cell instanceof Balance balance) {
            value = balance.amount().toPlainString();
        } else if (cell instanceof Register register) {
            value = register.value();
        } else {
            value = Long.toString(((Journal) cell).count());
        }
        return new Seen(cell.id().toString(), cell.version(), value);
    }

    static String text(List<Seen> all) {
        return all.stream().map(Seen::toString).collect(Collectors.joining("; "));
    }

    static List<Seen> parse(String text) {
        return text.isEmpty()
                ? List.of()
                : Stream.of(text.split("; ", -1)).map(Seen::one).toList();
    }

    private static Seen one(String text) {
        String[] words = text.split("[# ]", -1);
        return new Seen(words[0], Long.parseLong(words[1]), words[2]);
    }

    @Override
    public String toString() {
        return cell + "#" + version + " " + value;
    }
}
