package dev.counterfoil.retry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** A world in which nobody waits: sleeping moves the clock, and timers go off when the test says so. One thread only. */
final class World {

    final List<Duration> sleeps = new ArrayList<>();
    final Timers timers = new Timers();
    private final Random random;

    // Near its overflow, as nanoTime may be.
    private long now = Long.MAX_VALUE - 1_000;

    World() {
        this(42);
    }

    World(long seed) {
        random = new Random(seed);
    }

    RetryRuntime runtime() {
        return RetryRuntime.system()
                .withNanoClock(() -> now)
                .withSleeper(this::sleep)
                .withRandom(random)
                .withScheduler(timers);
    }

    Retry retry(RetryPolicy policy) {
        return Retry.named("transfer", policy, runtime());
    }

    void pass(Duration time) {
        now += time.toNanos();
    }

    private void sleep(long nanos) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        sleeps.add(Duration.ofNanos(nanos));
        now += nanos;
    }

    /** Timers that the test lets go off. */
    final class Timers extends AbstractExecutorService implements ScheduledExecutorService {

        final List<Timer> pending = new ArrayList<>();
        final List<Duration> delays = new ArrayList<>();
        boolean refusing;
        int interrupts;

        /** Moves the clock to the next timer and lets it go off; false if there is none. */
        boolean next() {
            pending.removeIf(FutureTask::isCancelled);
            if (pending.isEmpty()) {
                return false;
            }
            Timer timer = pending.remove(0);
            now += timer.delayNanos;
            timer.run();
            return true;
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
            if (refusing) {
                throw new RejectedExecutionException("no more");
            }
            Timer timer = new Timer(command, unit.toNanos(delay));
            pending.add(timer);
            delays.add(Duration.ofNanos(timer.delayNanos));
            return timer;
        }

        final class Timer extends FutureTask<Void> implements ScheduledFuture<Void> {
            final Runnable command;
            private final long delayNanos;

            Timer(Runnable command, long delayNanos) {
                super(command, null);
                this.command = command;
                this.delayNanos = delayNanos;
            }

            @Override
            public boolean cancel(boolean mayInterruptIfRunning) {
                if (mayInterruptIfRunning) {
                    interrupts++;
                }
                return super.cancel(mayInterruptIfRunning);
            }

            @Override
            public long getDelay(TimeUnit unit) {
                return unit.convert(delayNanos, TimeUnit.NANOSECONDS);
            }

            @Override
            public int compareTo(Delayed other) {
                throw new UnsupportedOperationException();
            }
        }

        @Override
        public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long first, long period, TimeUnit unit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long first, long delay, TimeUnit unit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void shutdown() {
            refusing = true;
        }

        @Override
        public List<Runnable> shutdownNow() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isShutdown() {
            return refusing;
        }

        @Override
        public boolean isTerminated() {
            return refusing;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return refusing;
        }

        @Override
        public void execute(Runnable command) {
            throw new UnsupportedOperationException();
        }
    }
}
