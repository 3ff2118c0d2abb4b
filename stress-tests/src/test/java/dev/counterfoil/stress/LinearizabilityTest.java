package dev.counterfoil.stress;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.counterfoil.Ledger;
import dev.counterfoil.memory.MemoryLedger;
import dev.counterfoil.spi.LedgerSettings;
import dev.counterfoil.spi.StoreLedger;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Lincheck makes up concurrent calls and looks whether there is an order of them, one after the other, that gives the same
 * answers: whoever uses a ledger may think that each call takes effect at one moment between its begin and its end.
 *
 * <p>It plays them with real threads. Its model checker, which steers the threads itself, does not know locks that are waited for
 * with a deadline, as all locks of a ledger are, and takes them for hanging.
 */
class LinearizabilityTest {
    private static StressOptions options(int iterations, int invocations) {
        return new StressOptions()
                .iterations(iterations)
                .invocationsPerIteration(invocations)
                .threads(2)
                .actorsBefore(1)
                .actorsPerThread(3)
                .actorsAfter(1)
                .minimizeFailedScenario(false);
    }

    private static StressOptions few() {
        return options(6, 100);
    }

    private static StressOptions many() {
        return options(100, 1000).threads(3);
    }

    @ParameterizedTest
    @ValueSource(classes = {OneCellInMemory.class, SeveralCellsInMemory.class, SeveralCellsWithSharedCommits.class})
    void callsTakeEffectAtOneMoment(Class<?> operations) {
        few().check(operations);
    }

    @ParameterizedTest
    @Tag("long")
    @ValueSource(classes = {OneCellInMemory.class, SeveralCellsInMemory.class, SeveralCellsWithSharedCommits.class})
    void callsTakeEffectAtOneMomentInManyHistories(Class<?> operations) {
        many().check(operations);
    }

    @ParameterizedTest
    @ValueSource(classes = {OneCellWithoutALock.class, SeveralCellsWithoutALock.class})
    void aStoreThatReadsAndThenWritesIsFound(Class<?> operations) {
        assertThatThrownBy(() -> options(200, 100).check(operations))
                .isInstanceOf(LincheckAssertionError.class)
                .hasMessageContaining("Invalid execution results");
    }

    /** One cell of the memory store. */
    public static class OneCellInMemory extends OneCell {
        /** Empty. */
        public OneCellInMemory() {
            super(MemoryLedger.create());
        }
    }

    /** Several cells of the memory store. */
    public static class SeveralCellsInMemory extends SeveralCells {
        /** Empty. */
        public SeveralCellsInMemory() {
            super(MemoryLedger.create());
        }
    }

    /** Several cells of a store whose callers share commits. */
    public static class SeveralCellsWithSharedCommits extends SeveralCells {
        /** Empty. */
        public SeveralCellsWithSharedCommits() {
            super(new StoreLedger(new Books(new ReentrantLock()), LedgerSettings.defaults()));
        }
    }

    /** One cell of a store that reads, and then writes. */
    public static class OneCellWithoutALock extends OneCell {
        /** Empty. */
        public OneCellWithoutALock() {
            super(withoutALock());
        }
    }

    /** Several cells of a store that reads, and then writes. */
    public static class SeveralCellsWithoutALock extends SeveralCells {
        /** Empty. */
        public SeveralCellsWithoutALock() {
            super(withoutALock());
        }
    }

    private static Ledger withoutALock() {
        return new StoreLedger(
                new Books(new NoLock()), LedgerSettings.defaults().withGroupCommit(false));
    }

    /** Lets everybody in. */
    private static final class NoLock implements Lock {
        @Override
        public void lock() {}

        @Override
        public void lockInterruptibly() {}

        @Override
        public boolean tryLock() {
            return true;
        }

        @Override
        public boolean tryLock(long time, TimeUnit unit) {
            return true;
        }

        @Override
        public void unlock() {}

        @Override
        public Condition newCondition() {
            return new ReentrantLock().newCondition();
        }
    }
}
