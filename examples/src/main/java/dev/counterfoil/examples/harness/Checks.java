package dev.counterfoil.examples.harness;

import dev.counterfoil.BalanceEntry;
import dev.counterfoil.Entry;
import dev.counterfoil.Page;
import dev.counterfoil.PageRequest;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Collects what is not as it must be. Not safe for use by several threads at once. */
public final class Checks {
    private final List<String> problems = new ArrayList<>();

    /** Compares a count, a text or a key. */
    public void same(String what, @Nullable Object expected, @Nullable Object actual) {
        that(what + ": must be " + expected + ", is " + actual, Objects.equals(expected, actual));
    }

    /** Compares an amount, the digits behind the point included. */
    public void amount(String what, String expected, BigDecimal actual) {
        same(what, expected, actual.toPlainString());
    }

    /** Asks that something holds. */
    public void that(String what, boolean holds) {
        if (!holds) {
            problems.add(what);
        }
    }

    /** Asks that the entries of a cell are numbered 1, 2, 3 … in this order, without a gap. */
    public void gapless(String what, List<? extends Entry> entries) {
        for (int i = 0; i < entries.size(); i++) {
            same(what + ": sequence of entry " + (i + 1), i + 1L, entries.get(i).sequence());
        }
    }

    /** Asks that a balance is the sum of its entries, which are gapless and each lead to the next. */
    public void fold(String what, List<BalanceEntry> entries, BigDecimal balance) {
        gapless(what, entries);
        BigDecimal sum = BigDecimal.ZERO.setScale(balance.scale());
        for (BalanceEntry entry : entries) {
            sum = sum.add(entry.delta());
            same(what + ": amount after entry " + entry.sequence(), sum, entry.after());
        }
        same(what + ": sum of its entries", balance, sum);
    }

    /** The end, with what was observed in words. */
    public Ending ending(String summary) {
        return new Ending(summary, problems);
    }

    /** All entries of a cell, page by page: {@code allOf(page -> ledger.history(cell, page))}. */
    public static <E> List<E> allOf(Function<PageRequest, Page<E>> history) {
        List<E> all = new ArrayList<>();
        Optional<PageRequest> next = Optional.of(PageRequest.first(1000));
        while (next.isPresent()) {
            Page<E> page = history.apply(next.get());
            all.addAll(page.items());
            next = page.next();
        }
        return all;
    }
}
