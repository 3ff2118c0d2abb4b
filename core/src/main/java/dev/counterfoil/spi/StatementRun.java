package dev.counterfoil.spi;

import dev.counterfoil.Balance;
import dev.counterfoil.BalanceEntry;
import dev.counterfoil.BalanceId;
import dev.counterfoil.BrokenHistoryException;
import dev.counterfoil.Entry;
import dev.counterfoil.Period;
import dev.counterfoil.Statement;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Walks through the entries of one balance in a period, and sums them up. Used once. */
final class StatementRun {
    private static final int PAGE = 1000;

    private final StoreLedger ledger;
    private final Balance balance;
    private final CellEntries all;
    private final Period period;
    private BigDecimal amount;
    private BigDecimal in;
    private BigDecimal out;
    private long entriesIn;
    private long entriesOut;
    private long sequence;
    private Instant time = Instant.MIN;

    /** Of a balance that is settled up to the end of the period. */
    StatementRun(StoreLedger ledger, Balance balance, CellEntries all, Period period) {
        this.ledger = ledger;
        this.balance = balance;
        this.all = all;
        this.period = period;
        BigDecimal zero = BigDecimal.ZERO.setScale(balance.id().unit().scale());
        this.amount = zero;
        this.in = zero;
        this.out = zero;
    }

    private BalanceId id() {
        return balance.id();
    }

    /** Hands over the entries; no lock is held and no transaction is open meanwhile. */
    Statement run(Consumer<? super BalanceEntry> consumer) {
        Entry before = ledger.inside(() -> all.last(at -> at.isBefore(period.from()), ledger.deadline()));
        if (before != null) {
            sequence = before.sequence();
            amount = ((BalanceEntry) before).after();
        }
        BigDecimal opening = amount;
        long first = sequence;
        BalanceEntry next = handOver(consumer);
        requireClosing(next);
        return new Statement(id(), period, opening, in, out, amount, sequence - first, entriesIn, entriesOut);
    }

    /** The first entry behind the period, or null where there was none. */
    private @Nullable BalanceEntry handOver(Consumer<? super BalanceEntry> consumer) {
        while (true) {
            // A deadline for each page: how long the consumer takes is its own affair.
            List<Entry> page = ledger.inside(() -> all.after(sequence, PAGE, ledger.deadline()));
            if (page.isEmpty()) {
                return null;
            }
            for (Entry one : page) {
                BalanceEntry entry = (BalanceEntry) one;
                if (!entry.recordedAt().isBefore(period.to())) {
                    return entry;
                }
                add(entry);
                consumer.accept(entry);
            }
        }
    }

    private void add(BalanceEntry entry) {
        if (entry.recordedAt().isBefore(time) || !period.contains(entry.recordedAt())) {
            throw broken(entry.sequence(), "was recorded before the one before it");
        }
        amount = amount.add(entry.delta());
        if (amount.compareTo(entry.after()) != 0) {
            throw broken(entry.sequence(), "does not follow from the one before it");
        }
        time = entry.recordedAt();
        sequence = entry.sequence();
        int sign = entry.delta().signum();
        if (sign > 0) {
            in = in.add(entry.delta());
            entriesIn++;
        } else if (sign < 0) {
            out = out.subtract(entry.delta());
            entriesOut++;
        }
    }

    /** What comes behind the period must begin with what the period ended with. */
    private void requireClosing(@Nullable BalanceEntry next) {
        if (next == null
                ? balance.amount().compareTo(amount) != 0
                : leadsTo(next).compareTo(amount) != 0) {
            throw broken(sequence, "does not lead to what comes behind it");
        }
    }

    private static BigDecimal leadsTo(BalanceEntry next) {
        return next.after().subtract(next.delta());
    }

    private BrokenHistoryException broken(long at, String what) {
        return new BrokenHistoryException(id(), at, what);
    }
}
