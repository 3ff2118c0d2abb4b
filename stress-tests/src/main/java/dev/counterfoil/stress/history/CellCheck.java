package dev.counterfoil.stress.history;

import dev.counterfoil.Limits;
import dev.counterfoil.stress.history.Finding.Rule;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks at each cell alone: it is the fold of its entries, and each of them was allowed. */
final class CellCheck {
    private final List<Finding> findings = new ArrayList<>();
    private final Seen cell;
    private String value = "0";
    private Limits limits = Limits.none();
    private long sequence;
    private Instant time = Instant.MIN;

    private CellCheck(Seen cell) {
        this.cell = cell;
    }

    static List<Finding> check(Book book) {
        List<Finding> findings = new ArrayList<>();
        book.cells().forEach((name, cell) -> {
            CellCheck check = new CellCheck(cell);
            book.entries().getOrDefault(name, List.of()).forEach(check::step);
            check.end();
            findings.addAll(check.findings);
        });
        return findings;
    }

    private void step(Book.Line line) {
        Trace entry = line.trace();
        if (entry.sequence() != sequence + 1) {
            report(Rule.SEQUENCE_GAP, "behind " + sequence + " comes " + entry, line.key());
        }
        if (line.recordedAt().isBefore(time)) {
            report(Rule.TIME_WENT_BACK, entry + " at " + line.recordedAt() + ", before it " + time, line.key());
        }
        String expected = after(entry);
        if (expected != null && !expected.equals(entry.after())) {
            report(Rule.WRONG_SUM, entry + " behind " + value, line.key());
        }
        if (line.limits() != null) {
            limits = line.limits();
        }
        if (isBalance()) {
            checkLimits(entry, line.key());
        }
        sequence = entry.sequence();
        time = line.recordedAt();
        value = entry.after();
    }

    /** What follows from the value before; null where anything may. */
    private @Nullable String after(Trace entry) {
        if (isBalance()) {
            return new BigDecimal(value).add(new BigDecimal(entry.change())).toPlainString();
        }
        return switch (entry.change()) {
            case "append" -> Long.toString(Long.parseLong(value) + 1);
            case "open" -> sequence == 0 ? null : "(opened twice)";
            default -> null;
        };
    }

    private void checkLimits(Trace entry, String key) {
        int direction = new BigDecimal(entry.change()).signum();
        BigDecimal after = new BigDecimal(entry.after());
        BigDecimal least = limits.minimum();
        BigDecimal most = limits.maximum();
        boolean below = direction < 0 && least != null && after.compareTo(least) < 0;
        boolean above = direction > 0 && most != null && after.compareTo(most) > 0;
        if (below || above) {
            report(Rule.LIMIT_PASSED, entry + ", limits " + limits, key);
        }
    }

    private boolean isBalance() {
        return cell.cell().endsWith(":" + World.MONEY) || cell.cell().endsWith(":points");
    }

    private void end() {
        if (cell.version() != sequence || !cell.value().equals(value)) {
            report(Rule.CELL_IS_NOT_ITS_ENTRIES, "it is " + cell + ", its entries make #" + sequence + " " + value, "");
        }
    }

    private void report(Rule rule, String what, String key) {
        List<String> keys = key.isEmpty() ? List.of() : List.of(key);
        findings.add(new Finding(rule, what, keys, List.of(cell.cell()), List.of()));
    }
}
