package dev.counterfoil.benchmarks;

import java.math.BigDecimal;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntFunction;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.ThreadParams;

/**
 * A transfer in memory between two balances drawn at random, with limits, history and a fresh key per call: the ledger beside a
 * {@code synchronized} map, concurrent maps and striped locks that do the same work.
 *
 * <p>Nothing is ever forgotten by either, so each iteration starts with new books; they are audited when it ends, and a run in
 * which a transfer was refused or an entry is missing ends in an error. The faster one keeps the longer history, which costs it
 * more garbage collection: the comparison errs to the side of the slower.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 20, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 6, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms2g", "-Xmx2g", "-XX:+UseParallelGC"})
public class TransferBenchmark {
    private static final BigDecimal AMOUNT = new BigDecimal("8.00");

    /** Transfers in the ledger in memory. */
    @Benchmark
    public boolean ledger(OfLedger subject, Caller caller) {
        return subject.transfer(caller);
    }

    /** Transfers in the map. */
    @Benchmark
    public boolean synchronizedMap(OfMap subject, Caller caller) {
        return subject.transfer(caller);
    }

    /** Transfers in concurrent maps. */
    @Benchmark
    public boolean concurrentMap(OfConcurrentMap subject, Caller caller) {
        return subject.transfer(caller);
    }

    /** Transfers behind striped locks. */
    @Benchmark
    public boolean stripedLocks(OfStripedLocks subject, Caller caller) {
        return subject.transfer(caller);
    }

    /** The books that all threads share. */
    @State(Scope.Benchmark)
    public abstract static class Subject {
        /** How many balances there are: a hot pair, or enough that threads seldom meet. */
        @Param({"2", "1000"})
        public int accounts;

        private final IntFunction<Books> kind;
        private final LongAdder applied = new LongAdder();
        private Books books;

        Subject(IntFunction<Books> kind) {
            this.kind = kind;
            this.books = kind.apply(0);
        }

        /** Begins new books. */
        @Setup(Level.Iteration)
        public void open() {
            books = kind.apply(accounts);
            applied.reset();
        }

        /** Refuses the measurement if the books are wrong. */
        @TearDown(Level.Iteration)
        public void audit() {
            books.audit(applied.sum());
        }

        boolean transfer(Caller caller) {
            int from = caller.random.nextInt(accounts);
            int to = (from + 1 + caller.random.nextInt(accounts - 1)) % accounts;
            if (!books.transfer(caller.nextKey(), from, to, AMOUNT)) {
                throw new IllegalStateException("a transfer within the limits was refused");
            }
            applied.increment();
            return true;
        }
    }

    /** The ledger in memory. */
    public static class OfLedger extends Subject {
        /** For the harness. */
        public OfLedger() {
            super(LedgerBooks::new);
        }
    }

    /** The map behind one lock. */
    public static class OfMap extends Subject {
        /** For the harness. */
        public OfMap() {
            super(SynchronizedMapBooks::new);
        }
    }

    /** Concurrent maps. */
    public static class OfConcurrentMap extends Subject {
        /** For the harness. */
        public OfConcurrentMap() {
            super(ConcurrentMapBooks::new);
        }
    }

    /** Plain accounts behind striped locks. */
    public static class OfStripedLocks extends Subject {
        /** For the harness. */
        public OfStripedLocks() {
            super(StripedBooks::new);
        }
    }

    /** One thread that sends transfers, each under a key of its own. */
    @State(Scope.Thread)
    public static class Caller {
        private String prefix = "";
        private long sent;
        private SplittableRandom random = new SplittableRandom(0);

        /** Gives the thread its own keys and draws, the same in every run. */
        @Setup
        public void enter(ThreadParams thread) {
            prefix = "caller-" + thread.getThreadIndex() + "-";
            random = new SplittableRandom(thread.getThreadIndex());
        }

        private String nextKey() {
            return prefix + sent++;
        }
    }
}
