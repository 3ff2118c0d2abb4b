package dev.counterfoil.benchmarks.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** What the callers of one subject were told, over all its rounds: the books must agree with it. */
public final class Tally {
    private final AtomicLongArray cents;
    private final LongAdder applied = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final LongAdder repeated = new LongAdder();
    private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();

    /** No answers yet, in that many accounts. */
    public Tally(int accounts) {
        cents = new AtomicLongArray(accounts);
        for (int i = 0; i < accounts; i++) {
            cents.set(i, Transfer.FIRST_CENTS);
        }
    }

    void answered(Transfer transfer, boolean yes) {
        if (yes == transfer.mustBeRejected()) {
            fault(transfer
                    + (yes ? " was applied, though it is more than there is" : " was refused, though it was allowed"));
        }
        if (yes) {
            applied.increment();
            cents.addAndGet(transfer.from(), -transfer.cents());
            cents.addAndGet(transfer.to(), transfer.cents());
        } else {
            rejected.increment();
        }
    }

    void repeated(Transfer transfer, boolean first, boolean now) {
        repeated.increment();
        if (first != now) {
            fault(transfer + " was answered " + first + ", and then " + now);
        }
    }

    /** Adds what the callers of another process were told. */
    public void add(List<Long> deltas, long moreApplied, long moreRejected, long moreRepeated) {
        for (int i = 0; i < deltas.size(); i++) {
            cents.addAndGet(i, deltas.get(i));
        }
        applied.add(moreApplied);
        rejected.add(moreRejected);
        repeated.add(moreRepeated);
    }

    /** Notes what must not be. */
    public void fault(String what) {
        faults.add(what);
    }

    /** How many transfers were acknowledged as applied, each key once. */
    public long applied() {
        return applied.sum();
    }

    /** How many transfers were refused, each key once. */
    public long rejected() {
        return rejected.sum();
    }

    /** How many keys were sent again. */
    public long repeated() {
        return repeated.sum();
    }

    /** How far each balance has moved. */
    public List<Long> deltas() {
        List<Long> deltas = new ArrayList<>();
        for (int i = 0; i < cents.length(); i++) {
            deltas.add(cents.get(i) - Transfer.FIRST_CENTS);
        }
        return deltas;
    }

    /** What went wrong so far. */
    public List<String> faults() {
        return List.copyOf(faults);
    }

    /** What makes the run void: what went wrong, and where the books say something else than the callers were told. */
    public List<String> audit(Standing books) {
        List<String> wrong = new ArrayList<>(faults);
        compare(wrong, "transfers applied", applied(), books.applied());
        compare(wrong, "transfers refused", rejected(), books.rejected());
        compare(wrong, "entries", 2 * applied(), books.entries());
        compare(wrong, "balances that are not the sum of their entries", 0, books.crooked());
        long differ = books.cents().size() == cents.length() ? 0 : cents.length();
        long total = 0;
        for (int i = 0; i < cents.length() && i < books.cents().size(); i++) {
            differ += books.cents().get(i).longValue() == cents.get(i) ? 0 : 1;
            total += books.cents().get(i);
        }
        compare(wrong, "balances that are not what the answers make them", 0, differ);
        compare(wrong, "cents in all", Transfer.FIRST_CENTS * cents.length(), total);
        return wrong;
    }

    private static void compare(List<String> wrong, String what, long told, long found) {
        if (told != found) {
            wrong.add(String.format(Locale.ROOT, "%s: should be %,d, are %,d in the books", what, told, found));
        }
    }
}
