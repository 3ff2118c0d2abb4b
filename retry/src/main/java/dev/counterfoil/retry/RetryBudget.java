package dev.counterfoil.retry;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * A limit on retries that many operations share, so that a failing database is not hammered: a bucket of tokens, one
 * taken by each retry, one put back for every so many successes. When it is empty, failures end at once with
 * {@link StopReason#BUDGET}; first attempts are never held back. Thread-safe, without locks.
 *
 * <p>Give one budget to the policies of all operations that burden the same thing. The idea is that of gRPC's
 * <a href="https://github.com/grpc/proposal/blob/master/A6-client-retries.md">retry throttling</a>; unlike there the
 * whole bucket may be spent.
 */
public final class RetryBudget {

    private final int capacity;
    private final int successesPerRetry;
    private final AtomicInteger tokens;

    // Successes are many and retries few: successes are counted in stripes, and turned into tokens by the next retry.
    private final LongAdder successes = new LongAdder();

    private RetryBudget(int capacity, int successesPerRetry) {
        this.capacity = capacity;
        this.successesPerRetry = successesPerRetry;
        this.tokens = new AtomicInteger(capacity);
    }

    /**
     * A new budget, full.
     *
     * @param capacity how many retries may follow each other without any success between, 1 or more
     * @param successesPerRetry how many successes put one token back, 1 or more; 10 lets retries add about a tenth to
     *     the load
     * @return the budget
     * @throws IllegalArgumentException if a number is below 1
     */
    public static RetryBudget of(int capacity, int successesPerRetry) {
        if (capacity < 1 || successesPerRetry < 1) {
            throw new IllegalArgumentException("the capacity " + capacity + " and the successes per retry "
                    + successesPerRetry + " are not both 1 or more");
        }
        return new RetryBudget(capacity, successesPerRetry);
    }

    /**
     * How many retries are free now: a snapshot, for metrics.
     *
     * @return the number of tokens, between 0 and the capacity
     */
    public int available() {
        return (int) Math.min(capacity, tokens.get() + successes.sum() / successesPerRetry);
    }

    /** Counts a success. A full bucket is only read; one that is not is credited in stripes. */
    void succeeded() {
        if (tokens.get() < capacity) {
            successes.increment();
        }
    }

    /** Takes a token for a retry, if there is one. */
    boolean tryTake() {
        collect();
        int seen = tokens.get();
        while (seen > 0) {
            int witness = tokens.compareAndExchange(seen, seen - 1);
            if (witness == seen) {
                return true;
            }
            seen = witness;
        }
        return false;
    }

    private void collect() {
        if (successes.sum() < successesPerRetry) {
            return;
        }
        long counted = successes.sumThenReset();
        successes.add(counted % successesPerRetry);
        long earned = counted / successesPerRetry;
        tokens.getAndUpdate(held -> (int) Math.min(capacity, held + earned));
    }

    @Override
    public String toString() {
        return "RetryBudget[" + available() + " of " + capacity + ", one for " + successesPerRetry + " successes]";
    }
}
