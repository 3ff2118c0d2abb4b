package dev.counterfoil.stress.history;

import dev.counterfoil.Applied;
import dev.counterfoil.CellId;
import dev.counterfoil.Decision;
import dev.counterfoil.Key;
import dev.counterfoil.Receipt;
import dev.counterfoil.Rejected;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a key was decided, as one answer showed it: two answers agree if these are equal.
 *
 * @param applied false where it was refused
 * @param what the entries of the receipt ({@link Trace}), or the reason of the refusal
 * @param seen what the decision was made on ({@link Seen}); of a refusal, the cell, the update that last changed it, and what
 *     was observed there, an amount, a text or a version: {@code load/1:money k17 90.00}
 * @param rest all else that the answer held
 */
record Decided(boolean applied, String what, String seen, String rest) {
    /** The reason that is never kept under a key. */
    static final String STALE = "VERSION_DIFFERS";

    static Decided of(Decision decision) {
        if (decision instanceof Applied applied) {
            Receipt receipt = applied.receipt();
            String entries =
                    Trace.text(receipt.entries().stream().map(Trace::of).toList());
            return new Decided(true, entries, Objects.requireNonNullElse(receipt.metadata(), ""), rest(receipt));
        }
        Rejected refusal = (Rejected) decision;
        String rest = refusal.toString().replace("replayed=true", "replayed=false");
        return new Decided(false, refusal.reason().name(), seen(refusal), rest);
    }

    private static String rest(Receipt receipt) {
        return "recordedAt=" + receipt.recordedAt() + " effectiveAt=" + receipt.effectiveAt() + " reference="
                + receipt.reference() + " reverses=" + receipt.reverses();
    }

    private static String seen(Rejected refusal) {
        CellId cell = refusal.cell();
        Key by = refusal.decidedBy();
        String observed = observed(refusal);
        return cell == null || by == null || observed == null ? "" : cell + " " + by + " " + observed;
    }

    private static @Nullable String observed(Rejected refusal) {
        if (refusal instanceof Rejected.OutOfBounds out) {
            return out.before().toPlainString();
        }
        if (refusal instanceof Rejected.ValueDiffers differs) {
            return differs.observed();
        }
        return refusal instanceof Rejected.VersionDiffers stale ? "#" + stale.observed() : null;
    }

    /** The entries of the receipt; none of a refusal. */
    List<Trace> entries() {
        return applied ? Trace.parse(what) : List.of();
    }

    /** False for a refusal that leaves the key undecided. */
    boolean kept() {
        return applied || !what.equals(STALE);
    }

    String text() {
        return String.join("\t", applied ? "applied" : "refused", what, seen, rest);
    }

    static Decided parse(String[] columns, int from) {
        return new Decided(columns[from].equals("applied"), columns[from + 1], columns[from + 2], columns[from + 3]);
    }
}
