package dev.counterfoil.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.Balance;
import dev.counterfoil.BalanceEntry;
import dev.counterfoil.Cell;
import dev.counterfoil.Entry;
import dev.counterfoil.EntryType;
import dev.counterfoil.Journal;
import dev.counterfoil.JournalEntry;
import dev.counterfoil.Limits;
import dev.counterfoil.Register;
import dev.counterfoil.RegisterEntry;
import java.math.BigDecimal;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Proves that a cell is the fold of its entries. Written from the rules and not from the library's evaluator, so that both
 * would have to be wrong in the same way.
 */
final class Fold {
    private final Cell cell;
    private @Nullable Entry last;
    private boolean closed;
    private BigDecimal amount = BigDecimal.ZERO;
    private @Nullable Limits limits;
    private @Nullable String text;
    private long records;

    private Fold(Cell cell) {
        this.cell = cell;
    }

    /** Fails where the cell is not what its entries make. */
    static void check(Cell cell, List<? extends Entry> entries) {
        Fold fold = new Fold(cell);
        entries.forEach(fold::step);
        fold.compare();
    }

    private void step(Entry entry) {
        Entry before = last;
        String what = cell.id() + " entry " + entry.sequence();
        assertThat(entry.cell()).as(what).isEqualTo(cell.id());
        assertThat(entry.sequence()).as(what + ": without a gap").isEqualTo(before == null ? 1 : before.sequence() + 1);
        assertThat(entry.type() == EntryType.OPEN)
                .as(what + ": opened first, and once")
                .isEqualTo(before == null);
        assertThat(closed)
                .as(what + ": only a closed cell is reopened, and only that")
                .isEqualTo(entry.type() == EntryType.REOPEN || (closed && corrects(entry.type())));
        if (before != null) {
            assertThat(entry.recordedAt()).as(what + ": time").isAfterOrEqualTo(before.recordedAt());
        }
        assertThat(entry.recordedAt())
                .as(what + ": in microseconds")
                .isEqualTo(entry.recordedAt().truncatedTo(ChronoUnit.MICROS));
        closed = entry.type() == EntryType.CLOSE || (closed && corrects(entry.type()));
        last = entry;
        if (entry instanceof BalanceEntry balance) {
            step(what, balance);
        } else if (entry instanceof RegisterEntry register) {
            step(what, register);
        } else {
            step(what, (JournalEntry) entry);
        }
    }

    private void step(String what, BalanceEntry entry) {
        amount = amount.add(entry.delta());
        assertThat(entry.after()).as(what).isEqualTo(amount);
        assertThat(entry.delta().scale()).as(what).isEqualTo(entry.cell().unit().scale());
        switch (entry.type()) {
            case OPEN -> {
                limits = Objects.requireNonNull(entry.limits(), what + ": limits");
                assertThat(passed(amount, limits.minimum(), limits.maximum()))
                        .as(what + ": within its limits")
                        .isFalse();
            }
            case SET_LIMITS -> limits = Objects.requireNonNull(entry.limits(), what + ": limits");
            case INCREMENT -> {
                Limits now = Objects.requireNonNull(limits);
                boolean up = entry.delta().signum() > 0;
                boolean out = passed(amount, up ? null : now.minimum(), up ? now.maximum() : null);
                assertThat(entry.forced() != null)
                        .as(what + ": forced where a limit was passed")
                        .isEqualTo(out);
            }
            case CLOSE -> assertThat(amount).as(what + ": closed at").isEqualByComparingTo("0");
            case RESTORE -> assertThat(entry.delta()).as(what).isEqualByComparingTo("0");
            case REOPEN, ACCEPT -> {}
            default -> throw new AssertionError(what + ": " + entry.type() + " in a balance");
        }
        boolean moves = entry.type() == EntryType.OPEN || entry.type() == EntryType.INCREMENT;
        boolean corrects = corrects(entry.type());
        assertThat(corrects && entry.forced() == null).as(what + ": a reason").isFalse();
        if (!moves && !corrects) {
            assertThat(entry.delta()).as(what).isEqualByComparingTo("0");
        }
        if (entry.type() != EntryType.INCREMENT && !corrects) {
            assertThat(entry.forced()).as(what).isNull();
        }
        if (entry.type() != EntryType.OPEN && entry.type() != EntryType.SET_LIMITS) {
            assertThat(entry.limits()).as(what).isNull();
        }
    }

    private static boolean corrects(EntryType type) {
        return type == EntryType.RESTORE || type == EntryType.ACCEPT;
    }

    private static boolean passed(BigDecimal amount, @Nullable BigDecimal least, @Nullable BigDecimal most) {
        return (least != null && amount.compareTo(least) < 0) || (most != null && amount.compareTo(most) > 0);
    }

    private void step(String what, RegisterEntry entry) {
        switch (entry.type()) {
            case OPEN -> text = entry.after();
            case COMPARE_AND_SET -> {
                assertThat(entry.after()).as(what + ": another text").isNotEqualTo(text);
                text = entry.after();
            }
            case CLOSE, REOPEN, RESTORE -> assertThat(entry.after()).as(what).isEqualTo(text);
            case ACCEPT -> text = entry.after();
            default -> throw new AssertionError(what + ": " + entry.type() + " in a register");
        }
    }

    private void step(String what, JournalEntry entry) {
        boolean append = entry.type() == EntryType.APPEND;
        boolean known = append
                || entry.type() == EntryType.OPEN
                || entry.type() == EntryType.CLOSE
                || entry.type() == EntryType.REOPEN
                || entry.type() == EntryType.RESTORE;
        assertThat(known).as(what + ": " + entry.type() + " in a journal").isTrue();
        records += append ? 1 : 0;
        assertThat(entry.count()).as(what).isEqualTo(records);
        assertThat(entry.payload() != null).as(what + ": a payload").isEqualTo(append);
    }

    private void compare() {
        String what = cell.id().toString();
        assertThat(last).as(what + ": has entries").isNotNull();
        Entry end = Objects.requireNonNull(last);
        assertThat(cell.version()).as(what + ": version").isEqualTo(end.sequence());
        assertThat(cell.closed()).as(what + ": closed").isEqualTo(closed);
        assertThat(cell.lastUpdate()).as(what + ": last update").isEqualTo(end.key());
        assertThat(cell.lastRecordedAt()).as(what + ": last time").isEqualTo(end.recordedAt());
        if (cell instanceof Balance balance) {
            assertThat(balance.amount()).as(what + ": amount").isEqualTo(amount);
            assertThat(balance.limits()).as(what + ": limits").isEqualTo(limits);
        } else if (cell instanceof Register register) {
            assertThat(register.value()).as(what + ": text").isEqualTo(text);
        } else {
            assertThat(((Journal) cell).count()).as(what + ": records").isEqualTo(records);
        }
    }
}
