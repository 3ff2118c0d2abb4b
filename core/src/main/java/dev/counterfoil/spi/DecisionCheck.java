package dev.counterfoil.spi;

import dev.counterfoil.AccountId;
import dev.counterfoil.CellId;
import dev.counterfoil.Finding;
import dev.counterfoil.FindingType;
import dev.counterfoil.Reason;
import dev.counterfoil.ReceiptEntry;
import dev.counterfoil.Unit;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Compares a decision with the entries that it says it left. Pure: rows go in, findings come out. */
final class DecisionCheck {
    static final String APPLIED = "APPLIED";

    private final DecisionRow decision;
    private final Consumer<Finding> found;

    private DecisionCheck(DecisionRow decision, Consumer<Finding> found) {
        this.decision = decision;
        this.found = found;
    }

    /** The place of an entry, by whatever kind and unit. */
    record Place(AccountId account, String cell, long sequence) {
        static Place of(ReceiptEntry entry) {
            return new Place(entry.cell().account(), entry.cell().name(), entry.sequence());
        }
    }

    /** The entries that a decision says it left; none where it left none, was pruned or cannot be read. */
    static List<ReceiptEntry> left(DecisionRow decision) {
        List<ReceiptEntry> entries = decision.entries();
        return entries == null || !decision.outcome().equals(APPLIED) ? List.of() : entries;
    }

    /**
     * Tells what is wrong with a decision.
     *
     * @param decision the decision
     * @param rows the entries at the places that it names
     * @param found is told
     */
    static void run(DecisionRow decision, Function<Place, @Nullable EntryRow> rows, Consumer<Finding> found) {
        DecisionCheck check = new DecisionCheck(decision, found);
        check.row();
        check.entries(rows);
    }

    /** Tells which of some entries change something else than the decision says; what they left may be wrong all the same. */
    static void changes(DecisionRow decision, Map<Place, EntryRow> rows, Consumer<Finding> found) {
        DecisionCheck check = new DecisionCheck(decision, found);
        for (ReceiptEntry entry : left(decision)) {
            EntryRow row = rows.get(Place.of(entry));
            if (row != null && !check.isSameChange(entry, row)) {
                check.tell(entry, Objects.requireNonNullElse(check.difference(entry, row), "something else"));
            }
        }
    }

    private boolean isSameChange(ReceiptEntry entry, EntryRow row) {
        if (entry instanceof ReceiptEntry.OfBalance balance && row.decisionId() == decision.id()) {
            return row.type().equals(entry.type().name()) && isAmount(balance.delta(), row.delta());
        }
        return difference(entry, row) == null;
    }

    private void row() {
        if (CellFold.key(decision.scope(), decision.key()) == null) {
            tell(FindingType.BAD_ROW, null, "a key");
        }
        if (!isOutcome(decision.outcome())) {
            tell(FindingType.BAD_ROW, null, "outcome " + decision.outcome());
        } else if (decision.unreadable() != null) {
            tell(FindingType.BAD_ROW, null, decision.unreadable());
        }
    }

    private static boolean isOutcome(String outcome) {
        return outcome.equals(APPLIED)
                || Arrays.stream(Reason.values())
                        .anyMatch(reason -> reason.name().equals(outcome));
    }

    private void entries(Function<Place, @Nullable EntryRow> rows) {
        Map<Unit, BigDecimal> sums = new HashMap<>();
        boolean complete = true;
        for (ReceiptEntry entry : left(decision)) {
            EntryRow row = rows.apply(Place.of(entry));
            String observed = row == null ? "none" : difference(entry, row);
            if (observed != null) {
                tell(entry, observed);
            }
            if (entry instanceof ReceiptEntry.OfBalance balance) {
                Unit unit = balance.cell().unit();
                BigDecimal delta = row == null ? null : StoredAmounts.read(row.delta(), unit.scale());
                complete &= delta != null;
                if (delta != null) {
                    sums.merge(unit, delta, BigDecimal::add);
                }
            }
        }
        if (decision.balanced() && complete) {
            balance(sums);
        }
    }

    private void balance(Map<Unit, BigDecimal> sums) {
        for (Map.Entry<Unit, BigDecimal> sum : sums.entrySet()) {
            if (sum.getValue().signum() != 0) {
                String code = sum.getKey().code();
                tell(FindingType.NOT_BALANCED, "0 " + code, sum.getValue().toPlainString() + " " + code);
                return;
            }
        }
    }

    private @Nullable String difference(ReceiptEntry entry, EntryRow row) {
        if (row.decisionId() != decision.id()) {
            return "an entry of another decision";
        }
        if (!row.type().equals(entry.type().name())) {
            return "type " + row.type();
        }
        if (entry instanceof ReceiptEntry.OfBalance balance) {
            return isAmount(balance.delta(), row.delta()) && isAmount(balance.after(), row.amount())
                    ? null
                    : amounts(row.delta(), row.amount());
        }
        if (entry instanceof ReceiptEntry.OfRegister register) {
            return register.after().equals(row.value()) ? null : "text " + Differences.shown(row.value());
        }
        Long records = row.records();
        return records != null && records == ((ReceiptEntry.OfJournal) entry).count() ? null : "records " + records;
    }

    private static boolean isAmount(BigDecimal said, @Nullable String text) {
        BigDecimal is = StoredAmounts.read(text, said.scale());
        return is != null && is.compareTo(said) == 0;
    }

    private static String said(ReceiptEntry entry) {
        if (entry instanceof ReceiptEntry.OfBalance balance) {
            return amounts(balance.delta().toPlainString(), balance.after().toPlainString());
        }
        return entry instanceof ReceiptEntry.OfRegister register
                ? "text " + Differences.shown(register.after())
                : "records " + ((ReceiptEntry.OfJournal) entry).count();
    }

    private static String amounts(@Nullable String delta, @Nullable String after) {
        return "delta " + Differences.shown(delta) + ", amount " + Differences.shown(after);
    }

    private void tell(ReceiptEntry entry, String observed) {
        CellId cell = entry.cell();
        found.accept(new Finding(
                FindingType.DECISION_WITHOUT_ENTRY,
                cell.account(),
                cell.name(),
                entry.sequence(),
                CellFold.key(decision.scope(), decision.key()),
                said(entry),
                observed));
    }

    private void tell(FindingType type, @Nullable String expected, @Nullable String observed) {
        found.accept(new Finding(
                type,
                null,
                null,
                0,
                CellFold.key(decision.scope(), decision.key()),
                expected,
                Objects.requireNonNullElse(observed, "none")));
    }
}
