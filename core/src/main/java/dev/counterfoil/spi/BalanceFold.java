package dev.counterfoil.spi;

import dev.counterfoil.EntryType;
import dev.counterfoil.spi.CellRow.CellState;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** What the entries of a balance make of it: the sum of what they changed, and the limits that they set. */
final class BalanceFold implements ContentFold {
    private final int scale;

    /** What all entries changed; null where that cannot be known. */
    private @Nullable BigDecimal sum;

    /** The amount that the last entry says was there after it; null where it cannot be read. */
    private @Nullable BigDecimal recorded;

    private @Nullable BigDecimal minimum;
    private @Nullable BigDecimal maximum;
    private boolean limitsKnown;

    /** One that begins with nothing. */
    BalanceFold(int scale) {
        this.scale = scale;
        this.sum = BigDecimal.ZERO.setScale(scale);
        this.recorded = sum;
    }

    /** One that goes on from a state; IllegalArgumentException where that is none of a balance. */
    BalanceFold(int scale, CellState from) {
        this.scale = scale;
        this.sum = needed(from.amount());
        this.recorded = sum;
        this.minimum = from.minimum() == null ? null : needed(from.minimum());
        this.maximum = from.maximum() == null ? null : needed(from.maximum());
        this.limitsKnown = true;
    }

    private BalanceFold(BalanceFold from) {
        this.scale = from.scale;
        this.sum = from.sum;
        this.recorded = from.recorded;
        this.minimum = from.minimum;
        this.maximum = from.maximum;
        this.limitsKnown = from.limitsKnown;
    }

    private BigDecimal needed(@Nullable String text) {
        BigDecimal amount = StoredAmounts.read(text, scale);
        if (amount == null) {
            throw new IllegalArgumentException("no amount");
        }
        return amount;
    }

    /** The sum of what the entries changed; null where that cannot be known. */
    @Nullable
    BigDecimal sum() {
        return sum;
    }

    @Override
    public void take(EntryRow entry, EntryType type, Before before, Faults faults) {
        if (entry.value() != null || entry.records() != null) {
            faults.row("an entry of a balance with a text or a count");
        }
        BigDecimal delta = read("delta", entry.delta(), faults);
        BigDecimal after = read("amount", entry.amount(), faults);
        boolean gap = before == Before.A_GAP;
        BigDecimal newSum = sum == null || delta == null || gap ? null : sum.add(delta);
        boolean corrects = type == EntryType.RESTORE || type == EntryType.ACCEPT;
        BigDecimal expected = corrects ? newSum : plus(gap ? null : recorded, delta);
        boolean right = true;
        if (moves(type) || delta == null || delta.signum() == 0) {
            if (expected != null && after != null && expected.compareTo(after) != 0) {
                faults.after(expected.toPlainString(), after.toPlainString());
                right = false;
            }
        } else {
            faults.after("no change", delta.toPlainString());
            right = false;
        }
        limits(entry, type, gap, faults);
        if (right && delta != null && after != null && entry.forced() == null) {
            passed(type, delta, after, faults);
        }
        // Where something is missing, what the entry says is all there is to go on from.
        sum = newSum == null ? after : newSum;
        recorded = after;
    }

    private static @Nullable BigDecimal plus(@Nullable BigDecimal a, @Nullable BigDecimal b) {
        return a == null || b == null ? null : a.add(b);
    }

    private static boolean moves(EntryType type) {
        return type == EntryType.OPEN || type == EntryType.INCREMENT || type == EntryType.ACCEPT;
    }

    private @Nullable BigDecimal read(String column, @Nullable String text, Faults faults) {
        BigDecimal amount = StoredAmounts.read(text, scale);
        if (amount == null) {
            faults.amount(column, text);
        }
        return amount;
    }

    private void limits(EntryRow entry, EntryType type, boolean gap, Faults faults) {
        if (type == EntryType.OPEN || type == EntryType.SET_LIMITS) {
            minimum = entry.minimum() == null ? null : read("minimum", entry.minimum(), faults);
            maximum = entry.maximum() == null ? null : read("maximum", entry.maximum(), faults);
            limitsKnown =
                    (minimum == null) == (entry.minimum() == null) && (maximum == null) == (entry.maximum() == null);
            return;
        }
        limitsKnown &= !gap;
        if (entry.minimum() != null || entry.maximum() != null) {
            faults.row("limits in an entry that sets none");
        }
    }

    private void passed(EntryType type, BigDecimal delta, BigDecimal after, Faults faults) {
        if (!limitsKnown || !(type == EntryType.OPEN || type == EntryType.INCREMENT)) {
            return;
        }
        boolean open = type == EntryType.OPEN;
        BigDecimal least = open || delta.signum() < 0 ? minimum : null;
        BigDecimal most = open || delta.signum() > 0 ? maximum : null;
        if (least != null && after.compareTo(least) < 0) {
            faults.limit("minimum " + least.toPlainString(), after.toPlainString());
        } else if (most != null && after.compareTo(most) > 0) {
            faults.limit("maximum " + most.toPlainString(), after.toPlainString());
        }
    }

    @Override
    public void compare(CellState state, Differences differences) {
        BigDecimal amount = StoredAmounts.read(state.amount(), scale);
        if (amount == null) {
            differences.unreadable("amount", StoredAmounts.text(sum), state.amount());
        } else if (sum != null) {
            differences.look("amount", StoredAmounts.text(sum), StoredAmounts.text(amount));
        }
        compareLimit("minimum", minimum, state.minimum(), differences);
        compareLimit("maximum", maximum, state.maximum(), differences);
        differences.look("text", null, state.value());
        differences.look("records", null, state.records());
    }

    private void compareLimit(
            String what, @Nullable BigDecimal should, @Nullable String text, Differences differences) {
        BigDecimal is = StoredAmounts.read(text, scale);
        if (text != null && is == null) {
            differences.unreadable(what, StoredAmounts.text(should), text);
        } else if (limitsKnown) {
            differences.look(what, StoredAmounts.text(should), StoredAmounts.text(is));
        }
    }

    @Override
    public @Nullable CellState state(boolean closed) {
        return sum == null || !limitsKnown
                ? null
                : new CellState(
                        sum.toPlainString(),
                        StoredAmounts.text(minimum),
                        StoredAmounts.text(maximum),
                        null,
                        null,
                        closed);
    }

    @Override
    public ContentFold copy() {
        return new BalanceFold(this);
    }
}
